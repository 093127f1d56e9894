"""Conversion of a name on the command line to a corpus."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import replace
from pathlib import Path, PurePath

from corpuscope.corpora.known import KNOWN
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.errors import CorpusError, nearest

_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")

_SUFFIXES = re.compile(r"(\.(jsonl?|ndjson|parquet|csv|tsv|txt|text|gz|zst))+$", re.IGNORECASE)


def corpus_for(
    spec: str,
    *,
    path: str | None = None,
    name: str | None = None,
    split: str | None = None,
    text: str | None = None,
    files: str | None = None,
) -> Corpus:
    """Return the corpus named by `spec`: a known key, a local path or glob, or `owner/name` on the Hub.

    With `path`, `spec` is the key under which its labels are filed. `text` is one column, or several as
    `title=column,title=column`. Raises CorpusError for a name or option that fits no corpus.
    """
    columns = text_columns(text) if text is not None else None
    if path is None and spec in KNOWN:
        return _variant(KNOWN[spec].corpus, name, split, columns, files)
    where = path or spec
    if _is_local(where):
        for option, value in (("--name", name), ("--split", split), ("--files", files)):
            if value is not None:
                raise CorpusError(f"{option} {value} is for datasets on the Hub; {where} is a local path")
        corpus = Corpus(key=_key(where), title=title_of("local", where), kind="local", path=where)
    elif _HUB_NAME.fullmatch(where):
        corpus = Corpus(
            key=_key(f"{where}-{name}" if name else where),
            title=title_of("hub", where, name),
            kind="hub",
            path=where,
            name=name,
            split=split or "train",
            files=files,
        )
    elif path is None:
        raise CorpusError(f"there is no corpus, file or Hub dataset called {spec}", nearest(spec, KNOWN))
    else:
        raise CorpusError(f"{path} is neither a local file nor a dataset like owner/name on the Hub")
    if path is not None:
        corpus = replace(corpus, key=_checked_key(spec))
    return replace(corpus, text=columns) if columns else corpus


def title_of(kind: str, path: str, name: str | None = None) -> str:
    """Return the default title of a corpus: the end of a local path, or the dataset and its config."""
    if kind == "local":
        return "/".join(PurePath(path).parts[-2:]) or path
    return f"{path} {name}" if name else path


def text_columns(template: str) -> tuple[TextColumn, ...]:
    """Parse a template such as `text` or `query,reasoning=synthetic_reasoning`. Raises CorpusError."""
    columns = []
    for part in template.split(","):
        title, equals, column = (piece.strip() for piece in part.partition("="))
        if not title or (equals and not column):
            raise CorpusError(
                f"--text {template} names no column in {part.strip() or 'an empty part'!r}",
                "write one column, or several as title=column,title=column",
            )
        columns.append(TextColumn(column or title, title))
    return tuple(columns)


def expand_home(where: str) -> Path:
    """Replace a leading ~ by the home folder. It stays when no home folder is known."""
    return Path(os.path.expanduser(where))  # noqa: PTH111  Path.expanduser raises instead


def _variant(
    corpus: Corpus,
    name: str | None,
    split: str | None,
    text: tuple[TextColumn, ...] | None,
    files: str | None,
) -> Corpus:
    """Return a known corpus with the given options. Another config or split gets a key of its own."""
    changes = {"name": name, "split": split, "files": files}
    overrides = {
        field: value for field, value in changes.items() if value not in {None, getattr(corpus, field)}
    }
    if overrides and corpus.kind == "demo":
        raise CorpusError(f"{corpus.key} is bundled and has no --{next(iter(overrides))}")
    if overrides:
        suffix = "-".join(overrides.values())
        corpus = replace(
            corpus,
            key=_key(f"{corpus.key}-{suffix}"),
            title=f"{corpus.title} {suffix}",
            name=name or corpus.name,
            split=split or corpus.split,
            files=files,
            description="",
        )
    return replace(corpus, text=text) if text else corpus


def _is_local(where: str) -> bool:
    looks_local = (
        where.startswith((".", "/", "~")) or _SUFFIXES.search(where) or any(c in where for c in "*?[\\")
    )
    return bool(looks_local) or expand_home(where).exists()


def _key(where: str) -> str:
    """Return a safe folder name for a path or a Hub name that differs from every known key."""
    parts = [part for part in PurePath(_SUFFIXES.sub("", where)).parts if re.search(r"\w", part)]
    plain = [
        "".join(c for c in unicodedata.normalize("NFKD", p) if not unicodedata.combining(c)) for p in parts
    ]
    safe = [re.sub(r"[^A-Za-z0-9._-]+", "-", part).strip("-.") for part in plain[-2:]]
    short = safe[-1] if safe and safe[-1] else "corpus"
    return "-".join(["local", *safe] if len(safe) < 2 else safe) if short in KNOWN else short


def _checked_key(key: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", key):
        raise CorpusError(
            f"{key} cannot be the name of a folder", "use letters, digits, dot, dash, underscore"
        )
    return key
