"""From the ledger to the numbers: the one place where samples are made of labels."""
