"""From the ledger to the numbers: the one place where a Summary is computed."""
