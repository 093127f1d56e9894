"""corpuscope: read a fair sample of a corpus, label each document with one key, get shares that hold up."""

__version__ = "0.1.0"
