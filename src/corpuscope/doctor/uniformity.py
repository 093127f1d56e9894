"""Is a labelled sample the uniform draw it is said to be? Places, files, row groups and lengths."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import sqrt
from pathlib import Path
from types import MappingProxyType

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


@dataclass(frozen=True, slots=True)
class SamplingFrame:
    """The files that draws fall into."""

    manifest: Manifest
    """All of them."""
    groups: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Rows of each row group, by shard, where every row can be drawn and the file's footer is at hand."""


def sampling_frame(
    corpus: Corpus, revision: str | None, cache_folder: Path, shards: Collection[str]
) -> SamplingFrame | None:
    """The files of `corpus` at `revision`, with the row groups of `shards`; None where the cache has no list.

    Raises CorpusError when local files are gone, or no longer those of that revision.
    """
    if corpus.kind == "hub":
        from corpuscope.corpora.hub_source import HubSource

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
"""Documents below which nothing can be said."""

MOST_OCCUPYING = 2_000
"""Documents whose files and row groups are counted: the null is simulated, and more would take long."""

RESAMPLES = 3_999
"""Simulated samples the count is compared with: enough to tell p < .001, in a second or two."""

CROWDED = 0.1
"""Where drawing no document twice moves the number of files hit by more standard deviations than this, a null
that allows for it would be needed."""

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
"""Bits of a place inside its row."""


def uniformity_checks(key: str, decisions: Sequence[Decision], frame: SamplingFrame) -> Iterator[Check]:
    """Every check that a corpus's decisions, skips included, and what is known of its files allow."""
    documents = sorted({each.document_id: each for each in decisions}.values(), key=lambda each: each.draw)
    sample = _Sample(key, documents, frame)
    strays = sample.strays()
    if strays:
        yield strays
        return
    if len(documents) < FEWEST:
        yield Check(f"{key} draws", State.UNKNOWN, f"{len(documents)} documents are too few to judge by")
        return
    yield sample.positions()
    yield sample.files()
    if frame.groups:
        yield sample.row_groups()
    yield lengths_check(key, [each.characters for each in documents])


def lengths_check(key: str, characters: Sequence[int]) -> Check:
    """Whether the first half of the draws, in their order, brought documents as long as the second half."""
    half = len(characters) // 2
    found = check_lengths(characters[:half], characters[half:])
    return _check_of(
        f"{key} lengths",
        found,
        f"the first {half:,} draws and the {len(characters) - half:,} after them are "
        f"{'' if _holds(found) else 'not '}alike in length",
    )


class _Sample:
    """The documents of one corpus beside its files."""

    def __init__(self, key: str, documents: Sequence[Decision], frame: SamplingFrame) -> None:
        manifest = frame.manifest
        self._key = key
        self._documents = documents
        self._frame = frame
        self._number = {shard.name: number for number, shard in enumerate(manifest.shards)}
        counts = [shard.rows for shard in manifest.shards if shard.rows is not None]
        self._counts = counts if len(counts) == len(manifest.shards) else None
        weights = self._counts or [1 if manifest.equal else shard.bytes for shard in manifest.shards]
        self._weights = weights if any(weights) else [1] * len(weights)
        self._total = sum(self._weights)

    def strays(self) -> Check | None:
        """An error when documents lie in no file of the corpus, or their stored chances do not fit it."""
        name, state = f"{self._key} draws", State.ERROR
        outside = sum(each.shard not in self._number for each in self._documents)
        if outside:
            message = f"{outside:,} documents are from files the corpus does not have at the plan's revision"
            return Check(name, state, message, _HINTS[state])
        odd = sum(not self._fits(each) for each in self._documents)
        if odd:
            message = f"{odd:,} documents were drawn with another chance than the plan gives them"
            return Check(name, state, message, _HINTS[state])
        return None

    def positions(self) -> Check:
        """Whether rows lie evenly: in the whole corpus where all rows are counted, else in each one's file."""
        rows, totals = [], []
        starts = [0, *accumulate(self._counts or [])]
        for each in self._documents:
            before = starts[self._number[each.shard]] if self._counts else 0
            # A place inside the row, always the same for a document, keeps short files from looking uneven.
            inside = int(each.document_id[: _FINE // 4], 16)
            rows.append((before + each.row << _FINE) + inside)
            totals.append((self._total if self._counts else self._rows(each)) << _FINE)
        prefix_rows = self._frame.manifest.prefix_rows
        where = "all rows" if self._counts else f"the first {prefix_rows} rows" if prefix_rows else "the rows"
        found = check_positions(rows, totals)
        verb = "lie" if _holds(found) else "do not lie"
        of = "" if self._counts else " of their files"
        message = f"{len(rows):,} documents {verb} evenly in {where}{of}"
        return _check_of(f"{self._key} positions", found, message)

    def files(self) -> Check:
        """Whether as many files were hit as draws in proportion to their sizes hit."""
        name = f"{self._key} files"
        if len(self._weights) == 1:
            return Check(name, State.UNKNOWN, "there is only one")
        # By file and row, files are chosen anew each time; of counted rows none comes twice.
        rows = self._total if self._counts else None
        hit = [self._number[each.shard] for each in self._documents]
        return self._occupied(name, "files", hit, self._weights, rows)

    def row_groups(self) -> Check:
        """The same of row groups, over the documents in files whose row groups are known."""
        groups = self._frame.groups
        starts = dict(
            zip(groups, accumulate((len(each) for each in groups.values()), initial=0), strict=False)
        )
        ends = {shard: list(accumulate(rows)) for shard, rows in groups.items()}
        hit = [
            starts[each.shard] + sum(end <= each.row for end in ends[each.shard])
            for each in self._documents
            if each.shard in groups
        ]
        sizes = [
            self._weights[self._number[shard]] * count / max(1, sum(rows))
            for shard, rows in groups.items()
            for count in rows
        ]
        return self._occupied(
            f"{self._key} row groups", "row groups", hit, sizes, sum(map(sum, groups.values()))
        )

    def _occupied(
        self, name: str, what: str, hit: Sequence[int], sizes: Sequence[float], rows: int | None
    ) -> Check:
        """`rows` is how many documents there are, None where one may be drawn from so many times."""
        hit = hit[:MOST_OCCUPYING]
        if rows is not None and len(hit) * sqrt(len(sizes) / 2) > CROWDED * rows:
            message = f"{len(hit):,} of only {rows:,} documents were drawn, so that draws crowd each other"
            return Check(name, State.UNKNOWN, message)
        found = check_occupancy(hit, sizes, resamples=RESAMPLES)
        expected = found.expected or 0.0
        message = (
            f"{len(hit):,} draws hit {found.statistic:,.0f} of {len(sizes):,} {what}, "
            f"{expected:,.0f} are expected"
        )
        return _check_of(name, found, message)

    def _rows(self, each: Decision) -> int:
        """Rows of its file that could be drawn, which its stored chance tells without opening the file."""
        return round(self._weights[self._number[each.shard]] / self._total / each.probability)

    def _fits(self, each: Decision) -> bool:
        if each.probability <= 0:
            return False
        if self._counts:
            known = self._counts[self._number[each.shard]]
            return each.row < known and abs(each.probability * self._total - 1) < 1e-6
        rows = self._weights[self._number[each.shard]] / self._total / each.probability
        return each.row < round(rows) and abs(rows - round(rows)) < 1e-6 * max(1.0, rows)


def _holds(found: UniformityCheck) -> bool:
    return found.verdict is not Uniformity.ERROR


def _check_of(name: str, found: UniformityCheck, message: str) -> Check:
    state = _STATES[found.verdict]
    statistic = "" if found.expected is not None else f"KS D = {found.statistic:.3f}, "
    return Check(name, state, f"{message} ({statistic}{p_in_words(found.p)})", _HINTS.get(state, ""))
