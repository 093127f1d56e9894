"""Bounded prefetching of drawn documents in draw order."""
