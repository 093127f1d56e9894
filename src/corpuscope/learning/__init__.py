"""A text classifier trained on the labels of a study: features, ridge regression and the model file."""
