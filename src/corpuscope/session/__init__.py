"""One sitting of one annotator, without a screen."""
