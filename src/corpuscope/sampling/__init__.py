"""From a corpus to documents: which ones are drawn, and how they are fetched without anyone waiting."""
