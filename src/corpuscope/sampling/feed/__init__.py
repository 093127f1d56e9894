"""Documents fetched ahead, in order and bounded, so that nobody waits."""
