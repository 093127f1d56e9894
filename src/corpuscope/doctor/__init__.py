"""Checks of a study: its files, the Hub, and the uniformity of what was drawn."""
