"""Check that a labelled sample is a uniform draw: positions, files, row groups and lengths."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import sqrt
from pathlib import Path
from types import MappingProxyType

from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.source import Manifest
from corpuscope.doctor.checks import Check, State
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError
from corpuscope.ledger.read.records import Decision
from corpuscope.sampling.feed.open import source_for
from corpuscope.stats.p_values import p_in_words
from corpuscope.stats.uniformity import (
    Uniformity,
    UniformityCheck,
    check_lengths,
    check_occupancy,
    check_positions,
)
from corpuscope.text.quantities import inflected, quantity


@dataclass(frozen=True, slots=True)
class SamplingFrame:
    """The files from which documents are drawn."""

    manifest: Manifest
    """All files of the corpus at one revision."""
    groups: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Rows of each row group, by shard; only for files whose footer is cached and whose every row can be drawn."""


def sampling_frame(
    corpus: Corpus, revision: str | None, cache_folder: Path, shards: Collection[str]
) -> SamplingFrame | None:
    """Return the files of `corpus` at `revision` with the row groups of `shards`; None when the listing is not cached.

    Never uses the network. Raises CorpusError when local files are missing or are not those of that revision.
    """
    if corpus.kind == "hub":
        source = HubSource(corpus, revision, cache_folder / "hub")
        manifest = source.cached_manifest()
        return SamplingFrame(manifest, source.cached_row_groups(shards)) if manifest else None
    manifest = source_for(corpus, revision, cache_folder).manifest()
    if revision not in {None, manifest.revision}:
        raise CorpusError(
            f"{corpus.path} is not what the plan was made for",
            "restore the files that were there, or use another labels folder",
        )
    return SamplingFrame(manifest)


FEWEST = 10
"""Fewest documents that are checked."""

MOST_OCCUPYING = 2_000
"""Most documents whose files and row groups are counted; simulating the null takes long for more."""

RESAMPLES = 3_999
"""Samples simulated under the null: enough for p < .001, within a second or two."""

CROWDED = 0.1
"""Largest tolerated effect of drawing without replacement on the number of files hit, in standard deviations.

The simulated null draws with replacement, so it does not apply beyond this."""

_STATES = {
    Uniformity.OK: State.OK,
    Uniformity.SUSPICIOUS: State.WARNING,
    Uniformity.ERROR: State.ERROR,
}

_HINTS = {
    State.WARNING: "chance does this once in a hundred samples: look again with more labels",
    State.ERROR: "chance does not do this: report no shares of it, and see whether plan.json, the files or the "
    "labels are from another study",
}

_FINE = 20
"""Bits of the position inside a row."""


def uniformity_checks(key: str, decisions: Sequence[Decision], frame: SamplingFrame) -> Iterator[Check]:
    """Yield every check that the decisions on a corpus, skips included, and its sampling frame allow."""
    latest = {decision.document_id: decision for decision in decisions}
    documents = sorted(latest.values(), key=lambda decision: decision.draw)
    sample = _Sample(key, documents, frame)
    strays = sample.strays()
    if strays:
        yield strays
        return
    if len(documents) < FEWEST:
        yield Check(f"{key} draws", State.UNKNOWN, f"too few documents to judge by: {len(documents)}")
        return
    yield sample.positions()
    yield sample.files()
    if frame.groups:
        yield sample.row_groups()
    yield lengths_check(key, [decision.characters for decision in documents])


def lengths_check(key: str, characters: Sequence[int]) -> Check:
    """Check that the first half of the draws has documents of the same lengths as the second half.

    `characters` holds the length of each document in draw order.
    """
    half = len(characters) // 2
    result = check_lengths(characters[:half], characters[half:])
    outcome = "no difference in length detected" if _holds(result) else "a difference in length"
    return _check_of(
        f"{key} lengths",
        result,
        f"{outcome} between the first {half:,} draws and the {len(characters) - half:,} after them",
    )


class _Sample:
    """The labelled documents of one corpus, set against its files."""

    def __init__(self, key: str, documents: Sequence[Decision], frame: SamplingFrame) -> None:
        manifest = frame.manifest
        self._key = key
        self._documents = documents
        self._frame = frame
        self._index = {shard.name: index for index, shard in enumerate(manifest.shards)}
        counts = [shard.rows for shard in manifest.shards if shard.rows is not None]
        self._counts = counts if len(counts) == len(manifest.shards) else None
        weights = self._counts or [1 if manifest.equal else shard.bytes for shard in manifest.shards]
        self._weights = weights if any(weights) else [1] * len(weights)
        self._total = sum(self._weights)

    def strays(self) -> Check | None:
        """Return an error when documents are in no file of the corpus or their stored probabilities do not fit it."""
        name, state = f"{self._key} draws", State.ERROR
        outside = sum(decision.shard not in self._index for decision in self._documents)
        if outside:
            come = inflected(outside, "comes", "come")
            message = (
                f"{quantity(outside, 'document')} {come} from files the corpus lacks at the plan's revision"
            )
            return Check(name, state, message, _HINTS[state])
        misfits = sum(not self._fits(decision) for decision in self._documents)
        if misfits:
            message = f"{quantity(misfits, 'document')} drawn with another probability than the plan gives"
            return Check(name, state, message, _HINTS[state])
        return None

    def positions(self) -> Check:
        """Check that rows are uniform: over the whole corpus when all rows are counted, else within their files."""
        rows, totals = [], []
        starts = [0, *accumulate(self._counts or [])]
        for decision in self._documents:
            before = starts[self._index[decision.shard]] if self._counts else 0
            # A position inside the row, fixed for each document, keeps short files from looking uneven.
            inside = int(decision.document_id[: _FINE // 4], 16)
            rows.append((before + decision.row << _FINE) + inside)
            totals.append((self._total if self._counts else self._rows(decision)) << _FINE)
        prefix_rows = self._frame.manifest.prefix_rows
        where = "all rows" if self._counts else f"the first {prefix_rows} rows" if prefix_rows else "the rows"
        result = check_positions(rows, totals)
        verb = "are" if _holds(result) else "are not"
        of = "" if self._counts else " of their files"
        message = f"{len(rows):,} documents {verb} spread evenly over {where}{of}"
        return _check_of(f"{self._key} positions", result, message)

    def files(self) -> Check:
        """Check that as many files were hit as draws in proportion to file size would hit."""
        name = f"{self._key} files"
        if len(self._weights) == 1:
            return Check(name, State.UNKNOWN, "there is only one")
        # Draws by file and row choose a file with replacement; draws of counted rows never repeat a row.
        rows = self._total if self._counts else None
        hit = [self._index[decision.shard] for decision in self._documents]
        return self._occupied(name, "files", hit, self._weights, rows)

    def row_groups(self) -> Check:
        """Check the same for row groups, over the documents in files whose row groups are known."""
        groups = self._frame.groups
        starts = dict(
            zip(groups, accumulate((len(rows) for rows in groups.values()), initial=0), strict=False)
        )
        ends = {shard: list(accumulate(rows)) for shard, rows in groups.items()}
        hit = [
            starts[decision.shard] + sum(end <= decision.row for end in ends[decision.shard])
            for decision in self._documents
            if decision.shard in groups
        ]
        sizes = [
            self._weights[self._index[shard]] * count / max(1, sum(rows))
            for shard, rows in groups.items()
            for count in rows
        ]
        return self._occupied(
            f"{self._key} row groups", "row groups", hit, sizes, sum(map(sum, groups.values()))
        )

    def _occupied(
        self, name: str, what: str, hit: Sequence[int], sizes: Sequence[float], rows: int | None
    ) -> Check:
        """Check how many of `sizes` were hit; `rows` is the population size, None for draws with replacement."""
        hit = hit[:MOST_OCCUPYING]
        if rows is not None and len(hit) * sqrt(len(sizes) / 2) > CROWDED * rows:
            message = f"{len(hit):,} of only {rows:,} documents were drawn, so that draws crowd each other"
            return Check(name, State.UNKNOWN, message)
        result = check_occupancy(hit, sizes, resamples=RESAMPLES)
        expected = result.expected or 0.0
        message = (
            f"{len(hit):,} draws hit {result.statistic:,.0f} of {len(sizes):,} {what}, "
            f"{expected:,.0f} are expected"
        )
        return _check_of(name, result, message)

    def _rows(self, decision: Decision) -> int:
        """Return how many rows of its file could be drawn, from its stored probability instead of the file."""
        return round(self._weights[self._index[decision.shard]] / self._total / decision.probability)

    def _fits(self, decision: Decision) -> bool:
        if decision.probability <= 0:
            return False
        if self._counts:
            count = self._counts[self._index[decision.shard]]
            return decision.row < count and abs(decision.probability * self._total - 1) < 1e-6
        rows = self._weights[self._index[decision.shard]] / self._total / decision.probability
        return decision.row < round(rows) and abs(rows - round(rows)) < 1e-6 * max(1.0, rows)


def _holds(result: UniformityCheck) -> bool:
    return result.verdict is not Uniformity.ERROR


def _check_of(name: str, result: UniformityCheck, message: str) -> Check:
    state = _STATES[result.verdict]
    statistic = "" if result.expected is not None else f"KS D = {result.statistic:.3f}, "
    return Check(name, state, f"{message} ({statistic}{p_in_words(result.p)})", _HINTS.get(state, ""))
