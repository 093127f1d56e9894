"""Labelling sessions of one annotator, without a screen."""
