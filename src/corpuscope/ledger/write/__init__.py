"""Write events: journals, parts, compaction and recovery."""
