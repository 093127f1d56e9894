"""What a person can set: keys, folders, looks."""
