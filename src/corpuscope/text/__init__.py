"""Strings made safe: for a terminal, for a line of JSON."""
