"""Export of labels to the formats of other tools, and import from them."""
