"""A machine as second reader: it is asked for the category of documents, and its answers are kept."""
