"""Tables and pages: the same cells for a screen, a terminal, Markdown, CSV, JSON and HTML."""
