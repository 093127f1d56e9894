"""Configuration files that a person edits: settings, keys and categories."""
