"""Reading events back: columns, decisions, texts."""
