"""The domain's nouns: corpus, document, category, label."""
