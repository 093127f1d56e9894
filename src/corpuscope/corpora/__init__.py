"""Where documents come from: the Hub, local files, the bundled demo; one Source each."""
