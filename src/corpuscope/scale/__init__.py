"""The classifier of a study over a whole corpus, as datatrove pipelines on one machine or a cluster."""
