"""The identity of local files: digests of their content, cached by path, size and time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from corpuscope.corpora.compressed import open_stored
from corpuscope.corpora.local_files import COMPRESSIONS, LocalFile
from corpuscope.domain.corpus import ONE_FILE, SEVERAL_FILES
from corpuscope.file_cache import cache_json, cached_json
from corpuscope.files import digest


@dataclass(frozen=True, slots=True)
class DigestRule:
    """How much of a file is digested."""

    whole: int = 1 << 30
    """Size in bytes up to which a file is digested whole."""
    block: int = 1 << 20
    """Bytes of a block."""
    blocks: int = 1024
    """Number of blocks of a larger file that are digested: the first, the last, and others spread evenly."""


RULE = DigestRule()
"""The rule by which the revision of every local corpus is made."""

_MOST_COPIES = 3
"""Copies of other files that are named."""

OnProgress = Callable[[int], None]
"""Called with the number of bytes read so far. It may raise to stop the work."""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was when the revision it belongs to was first read on this machine."""

    name: str
    """Name of the file in addresses."""
    size: int
    """Size in bytes."""
    modified: int
    """Modification time, in nanoseconds since 1970."""
    digest: str
    """Digest of the content."""

    def __str__(self) -> str:
        """Return size and time for a message."""
        return f"{self.size:,} bytes of {datetime.fromtimestamp(self.modified / 1e9, UTC):%Y-%m-%d %H:%M:%S}"


def digested(file: LocalFile, cache: Path, on_progress: OnProgress, rule: DigestRule = RULE) -> FileState:
    """Digest the content of a file, or take the digest from the cache when the file was not touched since.

    Raises CorpusError when the file cannot be read.
    """
    key = (str(file.path.resolve()), file.size, file.modified, file.changed)
    content = cached_json(cache / "digests", *key)
    if content is None:
        content = _digest_of(file, on_progress, rule)
        cache_json(cache / "digests", content, *key)
    return FileState(file.name, file.size, file.modified, content)


def _digest_of(file: LocalFile, on_progress: OnProgress, rule: DigestRule) -> str:
    hasher = blake2b(str(file.size).encode() + b"\n", digest_size=20)
    starts: Sequence[int] = range(0, file.size, rule.block)
    if file.size > rule.whole:
        last = file.size - rule.block
        starts = [last * i // (rule.blocks - 1) for i in range(rule.blocks)]
    with open_stored(file) as stored:
        for number, start in enumerate(starts):
            on_progress(number * rule.block)
            stored.seek(start)
            hasher.update(stored.read(rule.block))
    return hasher.hexdigest()


def content_revision(states: Sequence[FileState]) -> str:
    """Return the revision of a corpus of these files.

    That of one file is its content, whatever its name. Of several files the names count as well.
    """
    if len(states) == 1:
        return f"{ONE_FILE}{states[0].digest}"
    return (
        SEVERAL_FILES + digest(*(part for state in states for part in (state.name, state.digest))).hex()[:40]
    )


def remember(revision: str, place: str, states: Sequence[FileState], cache: Path) -> None:
    """Cache the files of a revision at `place`, unless they are cached already."""
    if remembered(revision, place, cache) is None:
        cache_json(cache / "revisions", [asdict(state) for state in states], revision, place)


def remembered(revision: str, place: str, cache: Path) -> tuple[FileState, ...] | None:
    """Return the files of a revision at `place` as they were when it was first read; None when unknown."""
    states = cached_json(cache / "revisions", revision, place)
    return None if states is None else tuple(FileState(**state) for state in states)


def differences(before: Sequence[FileState], now: Sequence[FileState]) -> tuple[str, ...]:
    """Return a clause for each file whose content changed, that is missing or that is new."""
    earlier, current = ({state.name: state for state in states} for states in (before, now))
    clauses = [f"{name} is missing" for name in earlier if name not in current]
    clauses += [f"{name} is new" for name in current if name not in earlier]
    clauses += [
        f"{name} was changed: {earlier[name]} then, {state} now"
        for name, state in current.items()
        if name in earlier and state.digest != earlier[name].digest
    ]
    return tuple(clauses)


def repeated(digests: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence when files have the content of another one, or the same name in another compression.

    `digests` has the digest of each file that is not empty, by its name.
    """
    first: dict[str, str] = {}
    copies = []
    for name in sorted(digests, key=lambda name: (len(name), name)):
        stem, dot, extension = name.rpartition(".")  # plain strings, since there may be 60,000 names
        stored = stem if dot + extension.lower() in COMPRESSIONS else name
        if original := first.get(digests[name]) or first.get(stored):
            copies.append(f"{name} as {original}")
        first |= {digests[name]: name, stored: name}
    if not copies:
        return ()
    named = ", ".join(copies[:_MOST_COPIES]) + (", ..." if len(copies) > _MOST_COPIES else "")
    return (
        f"read with the content or the name of another file: {len(copies):,} ({named}); documents in both count twice",
    )


def touched(before: Sequence[FileState], now: Sequence[FileState]) -> tuple[str, ...]:
    """Return a sentence for each file too large to be compared whole whose time changed."""
    times = {state.name: state for state in before}
    return tuple(
        f"{state.name} was written to since it was first read ({times[state.name]} then, {state} now): "
        f"{RULE.blocks:,} blocks of it are as before, the rest was not compared"
        for state in now
        if state.size > RULE.whole and state.name in times and state.modified != times[state.name].modified
    )
