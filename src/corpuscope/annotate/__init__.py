"""Machines as second readers of documents: language models with their answers, and filters with their verdicts."""
