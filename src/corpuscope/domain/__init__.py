"""The nouns every other room speaks in: corpus, document, category, label."""
