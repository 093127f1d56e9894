"""Labels in the formats people use elsewhere."""
