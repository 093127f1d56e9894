"""corpuscope: read a fair sample of a corpus, label each document with one key, get shares that hold up."""

from __future__ import annotations

__version__ = "0.1.0"
