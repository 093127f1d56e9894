"""Sources of documents: the Hugging Face Hub, local files and the bundled demo."""
