"""Lay out text as rows and strips of cells, without any widget."""
