"""Pure statistics: counts and plain tuples in, frozen values out; no files, no network, no screens."""
