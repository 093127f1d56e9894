"""Pieces of screens: they are handed what to draw, and answer with messages."""
