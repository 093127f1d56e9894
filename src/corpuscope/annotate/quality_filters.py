"""The filters that made FineWeb and C4, by datatrove's own code, each on the stored text alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)

from corpuscope.annotate.verdicts import FILTERS, Verdicts
from corpuscope.domain.document import MOST_CHARACTERS
from corpuscope.text.safe_json import without_surrogates

_MAKERS: Mapping[str, Callable[[], Any]] = {
    "gopher-repetition": GopherRepetitionFilter,
    "gopher-quality": GopherQualityFilter,
    # FineWeb keeps lines without a full stop, which C4 drops
    "c4-fineweb": lambda: C4QualityFilter(filter_no_terminal_punct=False),
    "fineweb-quality": FineWebQualityFilter,
    "c4": C4QualityFilter,
}


class QualityFilters:
    """Every filter, with the thresholds of FineWeb's published pipeline, for English."""

    def __init__(self) -> None:
        """Make the filters; the first text takes a second longer, in which the tokenizer is loaded."""
        self.version = f"datatrove {version('datatrove')}, spacy {version('spacy')}"
        """Versions of the code that judges: others may judge otherwise."""
        self._filters = {name: _MAKERS[name]() for name in FILTERS}

    def judge(self, text: str) -> Verdicts:
        """Say for every filter why it would remove a text.

        Each gets a copy of its own, since some rewrite it. As with documents of a pool, what follows the first
        100,000 characters is not read.
        """
        text = without_surrogates(text[:MOST_CHARACTERS])
        return {name: _judge(judge, text) for name, judge in self._filters.items()}


def _judge(judge: Any, text: str) -> str | None:  # noqa: ANN401  datatrove's annotations contradict each other
    """Return why a filter would remove a text, "" where it would keep it, and None where it fails."""
    try:
        result = judge.filter(Document(text=text, id="0"))
    except Exception:  # noqa: BLE001  some divide by the number of words, and the web has texts of none
        return None
    if isinstance(result, tuple):
        kept, reason = result
        return "" if kept else str(reason)
    return "" if result else "removed"
