"""Whole screens: they wire widgets to a session and hold no logic."""
