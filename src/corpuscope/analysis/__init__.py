"""From decisions to samples, summaries, comparisons and agreement."""
