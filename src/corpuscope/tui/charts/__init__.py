"""Draw bars and tables as characters, without any widget."""
