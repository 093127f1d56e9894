"""Read events back as columns, decisions and texts."""
