"""A text as rows and strips of cells; pure, no widget."""
