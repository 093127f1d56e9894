"""Writing events: journals, parts, compaction, recovery."""
