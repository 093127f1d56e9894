"""The append-only record of what readers did: written durably, read back whole."""
