"""Bars and tables as characters; pure, no widget."""
