"""Escaping of text for a terminal and for a line of JSON."""
