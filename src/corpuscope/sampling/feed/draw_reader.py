"""Fetching the document of a draw, or a substitute for it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from enum import Enum, auto
from itertools import chain
from math import fsum
from types import MappingProxyType
from typing import NamedTuple

from corpuscope.corpora.source import Manifest, Source
from corpuscope.domain.document import Address, Document, join_sections
from corpuscope.errors import CorpuscopeError, CorpusError, SourceUnavailable
from corpuscope.sampling.draws import DrawTarget, ShardRow, draws_of
from corpuscope.sampling.feed.retry_policy import RetryPolicy

_log = logging.getLogger(__name__)


class NoDocument(Enum):
    """Why a draw has no document."""

    PASSED_OVER = auto()
    """Its own document is unavailable (excluded, used up, or taken by an earlier substitute); a substitute may be."""
    USED_UP = auto()
    """No document is left for this draw or any later one."""


class _FailedAttempt(NamedTuple):
    """An attempt whose shard could not be reached."""

    target: DrawTarget
    """The target of the attempt."""
    attempt: int
    """Number of the attempt within its draw, from 0."""
    fault: SourceUnavailable
    """Why the shard could not be reached."""


class DrawReader:
    """Reads draws from a source. Safe to use from several threads; an excluded shard stays excluded."""

    def __init__(
        self,
        source: Source,
        manifest: Manifest,
        seed: int,
        policy: RetryPolicy,
        labelled: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        """Read from `source`.

        `labelled` returns the SHA-256 of the text under which a document was labelled, by its id. A file whose
        revision does not vouch for all of it is excluded when a document in it has another text now.
        """
        self._source = source
        self._labelled = labelled
        self._manifest = manifest
        self._draws = draws_of(manifest, seed, in_order=source.corpus.in_order)
        self._policy = policy
        self._set_aside: dict[int, str] = {}  # only single dict operations, which are atomic
        self._read_any = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """One sentence for each excluded shard."""
        return tuple(self._set_aside.copy().values())

    @property
    def set_aside(self) -> float:
        """Share of the corpus in excluded shards, from 0 to 1."""
        return min(1.0, fsum(self._draws.inclusion_share(shard) for shard in self._set_aside.copy()))

    def read_own(self, draw: int, taken: Collection[ShardRow]) -> Document | NoDocument:
        """Read the draw's own document.

        `taken` holds the rows that earlier draws took as substitutes. Raises SourceUnavailable when a retry
        may help, CorpusError when no shard at all can be read.
        """
        target = self._draws.first(draw)
        if target is None:
            return NoDocument.USED_UP
        if target.shard in self._set_aside:
            return NoDocument.PASSED_OVER
        try:
            return self._read(draw, target, taken, attempt=0) or NoDocument.PASSED_OVER
        except CorpusError as error:
            self._exclude_faulty_shard(target.shard, error)
            return NoDocument.PASSED_OVER

    def read_substitute(
        self, draw: int, taken: Collection[ShardRow], *, own_first: bool, rounds: int
    ) -> Document | NoDocument:
        """Read a substitute for the draw's own document.

        An unreachable shard is excluded only when it fails again after another one was reached: if none can
        be reached, the network is at fault and may come back at any moment. A substitute that was read from a cache
        does not count as reached. `own_first` tries the draw's own shard once more. `rounds` is the number of earlier
        calls that ended in SourceUnavailable; each round tries more shards.

        Raises SourceUnavailable, or CorpusError when no shard at all can be read.
        """
        own = self._draws.first(draw)
        if own is None:
            return NoDocument.USED_UP
        unreachable: dict[int, _FailedAttempt] = {}
        out_of_reach: set[int] = set()  # shards that may be cached, but cannot be reached now
        substitute: Document | None = None
        max_unreachable = self._policy.max_unreachable * (rounds + 1)
        passed_over = set() if own_first else {own.shard}
        for target in chain([own] if own_first else [], self._draws.substitutes(draw, taken)):
            if not any(target.shard in tried for tried in (self._set_aside, unreachable, out_of_reach)):
                attempt = len(passed_over)
                try:
                    substitute = substitute or self._read(draw, target, taken, attempt)
                except SourceUnavailable as fault:
                    unreachable[target.shard] = _FailedAttempt(target, attempt, fault)
                    if fault.retry_after is not None or len(unreachable) > max_unreachable:
                        raise
                except CorpusError as error:
                    self._exclude_faulty_shard(target.shard, error)
                else:
                    if substitute is not None and (not unreachable or self._reaches(target.shard)):
                        return self._retry_unreachable(draw, unreachable.values(), taken) or substitute
                    if substitute is not None:
                        out_of_reach.add(target.shard)
                        tried = len(unreachable) + len(out_of_reach)
                        if tried > max_unreachable or tried + len(self._set_aside) >= len(
                            self._manifest.shards
                        ):
                            break
            passed_over.add(target.shard)
        if unreachable:
            raise next(iter(unreachable.values())).fault
        return NoDocument.USED_UP

    def _reaches(self, shard: int) -> bool:
        """Return whether a shard can be reached; a damaged one can. Raises SourceUnavailable when asked to wait."""
        try:
            self._source.reach(shard)
        except SourceUnavailable as fault:
            if fault.retry_after is not None:
                raise
            return False
        except CorpusError:
            return True
        return True

    def _retry_unreachable(
        self, draw: int, failed: Iterable[_FailedAttempt], taken: Collection[ShardRow]
    ) -> Document | None:
        """Retry attempts that failed before another shard was reached, and return the first document.

        Shards that fail again are excluded. Raises SourceUnavailable when a server asks to wait.
        """
        for target, attempt, _ in failed:
            try:
                document = self._read(draw, target, taken, attempt)
            except SourceUnavailable as fault:
                if fault.retry_after is not None:
                    raise
                self._exclude_shard(target.shard, fault)
            except CorpusError as error:
                self._exclude_faulty_shard(target.shard, error)
            else:
                if document is not None:
                    return document
        return None

    def _read(
        self, draw: int, target: DrawTarget, taken: Collection[ShardRow], attempt: int
    ) -> Document | None:
        """Read the document of a target; None when its shard is used up, or when it is one of the `taken`."""
        shard = self._manifest.shards[target.shard]
        try:
            rows = self._source.rows(target.shard)
            row_number = self._draws.row(target, rows, taken)
            if row_number is None:
                return None
            row = self._source.fetch(target.shard, row_number)
        except CorpuscopeError:
            raise
        except Exception as error:
            # An unexpected fault in one file is no reason to stop reading the others.
            _log.exception("draw %d, %s", draw, shard.name)
            raise CorpusError(f"{shard.name} cannot be read: {type(error).__name__}: {error}") from error
        self._read_any = True
        # a document of a sample has the address of the corpus it is from, by which its target is not known
        if row.address and ShardRow(row.address.shard, row.address.row) in taken:
            return None
        corpus = self._source.corpus
        revision = self._manifest.revision
        text, sections = join_sections(row.text)
        document = Document(
            corpus=corpus.key,
            address=row.address
            or Address(corpus.path, corpus.name, corpus.split, revision, shard.name, row_number),
            draw=draw,
            probability=self._draws.probability(target.shard, rows)
            if row.probability is None
            else row.probability,
            text=text,
            sections=sections,
            metadata=MappingProxyType(dict(row.metadata)),
            attempt=attempt,
            tokens=row.tokens,
        )
        if not shard.is_vouched_for and self._labelled(document.id) not in {None, document.sha256}:
            raise CorpusError(f"{shard.name}, row {row_number:,} has another text than when it was labelled")
        return document

    def _exclude_faulty_shard(self, shard: int, error: CorpusError) -> None:
        """Exclude an unreadable shard; raise its fault when so far no shard at all could be read."""
        self._exclude_shard(shard, error)
        max_unreadable = min(self._policy.max_unreadable, len(self._manifest.shards))
        if not self._read_any and len(self._set_aside) >= max_unreadable:
            raise error

    def _exclude_shard(self, shard: int, fault: CorpuscopeError) -> None:
        name = self._manifest.shards[shard].name
        self._set_aside.setdefault(shard, f"{name} was set aside: {fault.message}")
