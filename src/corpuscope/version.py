"""The version, apart from the door for Python so that everything may import it."""

from __future__ import annotations

__version__ = "0.2.0"
