"""The terminal app, built on Textual."""
