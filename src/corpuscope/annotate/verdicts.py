"""What filters of web corpora would do with documents, cached by the hash of their texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

FINEWEB = ("gopher-quality", "c4-fineweb", "fineweb-quality", "gopher-repetition")
"""The filters that FineWeb's documents passed. Repetition is first in its pipeline and last here, for it says of
every very short text that its phrases repeat."""

FILTERS: Mapping[str, str] = {
    "gopher-repetition": "Gopher repetition",
    "gopher-quality": "Gopher quality",
    "c4-fineweb": "C4, as in FineWeb",
    "fineweb-quality": "FineWeb quality",
    "c4": "C4, the original",
}
"""Every filter with its name for people: those of FineWeb, then C4's own."""

REASONS: Mapping[str, str] = {
    "gopher_short_doc": "too short",
    "gopher_long_doc": "too long",
    "gopher_below_avg_threshold": "words too short",
    "gopher_above_avg_threshold": "words too long",
    "gopher_too_many_hashes": "too many # signs",
    "gopher_too_many_ellipsis": "too many ellipses",
    "gopher_too_many_bullets": "too many bullet points",
    "gopher_too_many_end_ellipsis": "too many lines end in an ellipsis",
    "gopher_below_alpha_threshold": "too few words with letters",
    "gopher_enough_stop_words": "too few common words",
    "dup_para_frac": "repeated paragraphs",
    "dup_para_char_frac": "repeated paragraphs",
    "dup_line_frac": "repeated lines",
    "dup_line_char_frac": "repeated lines",
    "too_few_sentences": "too few sentences",
    "lorem_ipsum": "lorem ipsum",
    "curly_bracket": "a curly bracket",
    "line_punct_ratio": "too few lines end in punctuation",
    "short_line_ratio": "too many short lines",
    "char_dup_ratio": "repeated lines",
    "list_ratio": "too many line ends, like a list",
    "empty": "empty",
}
"""Reasons of datatrove in plain words."""

Verdicts = Mapping[str, str | None]
"""By filter why it would remove a document; "" where it would keep it, None where it cannot judge it."""


def removal_words(reason: str) -> str:
    """Return a reason of datatrove in plain words."""
    if reason.startswith(("top_", "duplicated_")):
        return "repeated phrases"
    return REASONS.get(reason, reason.replace("_", " "))


def removed_by_fineweb(verdicts: Verdicts) -> str:
    """Return why the first of FineWeb's filters that would remove a document would do so; "" when all keep it."""
    return next(filter(None, map(verdicts.get, FINEWEB)), "")


def verdict_words(verdicts: Verdicts) -> str:
    """Say in a few words that a document would be removed, and why; "" when every filter keeps it."""
    if reason := removed_by_fineweb(verdicts):
        return f"FineWeb's filters would drop this: {removal_words(reason)}"
    if of_c4 := verdicts.get("c4"):
        return f"C4's filters would drop this: {removal_words(of_c4)}"
    return ""


@dataclass(frozen=True, slots=True)
class VerdictCache:
    """The verdicts of one version of the filters; they may be deleted at any time."""

    path: Path
    """The file, a line per document."""

    @classmethod
    def in_folder(cls, cache: Path) -> VerdictCache:
        """Return the cache in a cache folder."""
        return cls(cache / "filters.jsonl")

    def read(self, version: str | None = None) -> dict[str, Verdicts]:
        """Return the verdicts by hash of the text: those of one version of the filters, or the latest of any."""
        verdicts: dict[str, Verdicts] = {}
        try:
            lines = self.path.read_bytes().splitlines()
        except OSError:
            return verdicts
        for line in lines:
            try:
                entry = json.loads(line)
                if version in (None, entry["version"]):
                    verdicts[entry["sha256"]] = {name: entry["verdicts"].get(name) for name in FILTERS}
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # a line that was being written
        return verdicts

    def add(self, version: str, verdicts: Iterable[tuple[str, Verdicts]]) -> None:
        """Add verdicts with the hashes of their texts. A full disk only costs time later."""
        lines = (
            json.dumps({"version": version, "sha256": sha256, "verdicts": dict(given)}) + "\n"
            for sha256, given in verdicts
        )
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="ascii") as file:
                file.write("".join(lines))
        except OSError:
            return
