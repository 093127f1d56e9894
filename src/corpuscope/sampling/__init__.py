"""Sampling: which documents of a corpus are drawn, and how they are fetched ahead."""
