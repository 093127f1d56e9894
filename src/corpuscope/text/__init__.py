"""Text made safe for a terminal, a line of JSON and a cell of CSV, and numbers with their nouns."""
