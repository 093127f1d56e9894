"""A machine as a second reader: it is asked for the category of documents, and its answers are kept."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from corpuscope.errors import UsageError


def require_llm(find: Callable[[str], object | None] = find_spec) -> None:
    """Raise UsageError when the client for models is not installed; does not load it."""
    if find("openai") is None:
        raise UsageError(
            "corpuscope annotate needs openai, which is not installed",
            'it is an extra: pip install "corpuscope[llm]", or openai beside corpuscope',
        )
