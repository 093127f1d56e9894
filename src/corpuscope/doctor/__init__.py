"""Is this study sound: its files, the Hub, the uniformity of what was drawn."""
