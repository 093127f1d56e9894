"""Local corpora of plans from before content was their identity: their files and revision as they were then."""

from __future__ import annotations

import glob
import os
import re
from hashlib import blake2b
from pathlib import Path

from corpuscope.corpora.compressed import open_stored
from corpuscope.corpora.local_files import LocalFile, described
from corpuscope.corpora.parse import expand_home
from corpuscope.errors import CorpusError
from corpuscope.files import digest

_SAMPLE = 4096
"""Bytes from the start and from the end of a file that entered its revision, with its name and size."""

_KNOWN_THEN = re.compile(
    r"^[^.].*\.((jsonl|ndjson|json|csv|tsv|txt|text)(\.gz|\.zst)?|parquet)$", re.IGNORECASE
)
"""Names of the files that were data then."""


def find_as_before(where: str) -> tuple[LocalFile, ...]:
    """List the files that `where` meant: hidden folders were searched, and linked ones were not.

    Raises CorpusError when there are none.
    """
    target = expand_home(where)
    if target.is_dir():
        root, paths = target, [Path(folder, name) for folder, _, names in os.walk(target) for name in names]
    elif target.exists():
        root, paths = target.parent, [target]
    else:
        paths = [Path(match) for match in glob.glob(str(target), recursive=True)]  # noqa: PTH207  any root
        paths = [path for path in paths if path.is_file()]
        root = Path(os.path.commonpath([path.parent for path in paths])) if paths else target
    recognised = (path for path in sorted(paths) if _KNOWN_THEN.search(path.name))
    files = (described(path, str(root)) for path in recognised)
    data_files = tuple(file for file in files if file is not None)
    if not data_files:
        raise CorpusError(f"{where} holds no data file", "restore what the plan was made for")
    return data_files


def revision_as_before(files: tuple[LocalFile, ...]) -> str:
    """Return the revision of these files: a digest of their names, sizes, first and last bytes."""
    hasher = blake2b(digest_size=20)
    for file in files:
        with open_stored(file) as stored:
            start = stored.read(_SAMPLE)
            stored.seek(max(0, file.size - _SAMPLE))
            hasher.update(digest(file.name, file.size, start.hex(), stored.read(_SAMPLE).hex()))
    return hasher.hexdigest()
