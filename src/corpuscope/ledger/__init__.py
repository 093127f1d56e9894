"""The durable record of every annotator's events: journals during a session, Parquet parts afterwards."""
