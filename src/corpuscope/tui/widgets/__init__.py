"""Pieces of screens: told what to draw, they answer with messages."""
