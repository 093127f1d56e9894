"""Every act of every reader, durable: journals while a session is open, Parquet afterwards."""
