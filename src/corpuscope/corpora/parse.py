"""Conversion of what is named on the command line to corpora."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import NamedTuple
from urllib.parse import unquote

from corpuscope.corpora.known import KNOWN
from corpuscope.domain.corpus import Corpus, TextColumn, is_safe_name
from corpuscope.errors import CorpusError, nearest

STDIN = "-"
"""The path that stands for standard input."""

_STDIN_NAMES = (STDIN, "/dev/stdin", "/dev/fd/0")

# These are compiled at first use: the first frame comes with the name of a known corpus, or with none.
_DATASET = r"(?P<path>[\w.-]+/[\w.-]+)(?::(?P<name>[^:@]+))?(?:@(?P<revision>\S+))?"

_KNOWN_DATASET = r"(?P<path>[\w-]+)(?::(?P<name>[^:@]+))?(?:@(?P<revision>\S+))?"

_NAMED = r"(?s)(?P<key>[^/\\=]+)=(?P<place>.+)"

_PAGE = (
    r"https?://[^/]+/datasets/(?P<path>[\w.-]+/[\w.-]+)"
    r"(?:/viewer(?:/(?P<name>[^/?#]+)(?:/(?P<split>[^/?#]+))?)?"
    r"|/(?:tree|blob|resolve|raw)/(?P<revision>[^/?#]+)(?:/(?P<files>[^?#]*))?)?/?(?:[?#].*)?"
)

_HF = r"hf://datasets/(?P<path>[\w.-]+/[\w.-]+)(?:@(?P<revision>[^/]+))?(?:/(?P<files>.*))?"

_REMOTE = r"(?i)[a-z][a-z0-9+.-]*://.+"

_SUFFIXES = r"(?i)(\.(jsonl?|ndjson|parquet|csv|tsv|txt|text|arrow|feather|gz|zst|zstd|bz2|xz))+$"


class CorpusOptions(NamedTuple):
    """Options of the command line that describe a corpus; None means the default."""

    path: str | None = None
    """Where the corpus is; the name on the command line is then only its key."""
    name: str | None = None
    """Config of a dataset."""
    split: str | None = None
    """Split of a dataset."""
    text: str | None = None
    """One column, or several as `title=column,title=column`."""
    tokens: str | None = None
    """Column of the token counts."""
    files: str | None = None
    """Glob of data files inside the dataset."""
    revision: str | None = None
    """Branch, tag or commit on the Hub; the digest that local files must have."""
    census: bool = False
    """Whether all documents are to be labelled."""
    in_order: bool = False
    """Whether they come in the order of the files."""


UNDESCRIBED = CorpusOptions()
"""A corpus by its name alone."""


def corpora_for(
    specs: Sequence[str], planned: Mapping[str, Corpus], options: CorpusOptions = UNDESCRIBED
) -> tuple[Corpus, ...]:
    """Return the corpora that `specs` name, in their order; several local paths are one corpus.

    A key in `planned` is that corpus. Raises CorpusError for a name or option that fits no corpus, and for two
    corpora of one key.
    """
    if options.path is not None and len(specs) > 1:
        raise CorpusError("--path is for one corpus", "name each with its place: NAME=PATH")
    corpora: list[Corpus] = []
    paths = [spec for spec in dict.fromkeys(specs) if options.path is None and _is_plain_path(spec, planned)]
    as_before = all(_is_planned_path(path, planned) for path in paths)
    for spec in dict.fromkeys(specs):
        if spec in planned and options._replace(tokens=None, census=False, in_order=False) == UNDESCRIBED:
            corpora.append(_described(planned[spec], options))
        elif spec not in paths or len(paths) == 1 or as_before:
            corpora.append(corpus_for(spec, options))
        elif spec == paths[0]:
            corpora.append(_described(_local(paths, options), options))
    for corpus in corpora:
        if any(other.key == corpus.key and other != corpus for other in corpora):
            raise CorpusError(f"two corpora are called {corpus.key}", "name one of them yourself: NAME=PATH")
    return tuple(dict.fromkeys(corpora))


def corpus_for(spec: str, options: CorpusOptions = UNDESCRIBED) -> Corpus:
    """Return the corpus named by `spec`.

    That is a known key, a local path or glob, `-` for standard input, the address of a remote file or of a page
    of the Hub, or `owner/name:config@revision` on the Hub; each also as NAME=. With `options.path`, `spec` is the
    key under which its labels are filed. Raises CorpusError for a name or option that fits no corpus.
    """
    key, place = (spec, options.path) if options.path is not None else _named(spec)
    corpus = _placed(place, options, named=key is not None)
    return _described(corpus if key is None else replace(corpus, key=_checked_key(key)), options)


def _described(corpus: Corpus, options: CorpusOptions) -> Corpus:
    text = text_columns(options.text) if options.text is not None else corpus.text
    return replace(
        corpus,
        text=text,
        tokens=options.tokens or corpus.tokens,
        census=corpus.census or options.census or options.in_order,
        in_order=corpus.in_order or options.in_order,
    )


def _named(spec: str) -> tuple[str | None, str]:
    """Split NAME=PLACE; the name is None when there is none, as in a path whose first folder is `year=2024`."""
    match = re.fullmatch(_NAMED, spec) if "=" in spec else None
    if match is None or os.path.lexists(spec) or os.path.lexists(PurePath(spec).parts[0]):
        return None, spec
    return match["key"], match["place"]


def _placed(place: str, options: CorpusOptions, *, named: bool) -> Corpus:
    """Return the corpus at `place`, with a key made from it."""
    page = _page_of_hub(place)
    if page is not None:
        return _hub(page.groupdict(), options)
    if place in _STDIN_NAMES or _is_local(place):
        return _local((STDIN if place in _STDIN_NAMES else place,), options)
    match = re.fullmatch(_KNOWN_DATASET, place)
    if match is not None and match["path"] in KNOWN:
        return _variant(KNOWN[match["path"]].corpus, _merged(match.groupdict(), options))
    match = re.fullmatch(_DATASET, place)
    if match is not None:
        return _hub(match.groupdict(), options)
    if named:
        raise CorpusError(
            f"{place} is neither a local file nor a dataset like owner/name on the Hub",
            "check what follows NAME=",
        )
    raise CorpusError(f"there is no corpus, file or Hub dataset called {place}", nearest(place, KNOWN))


def _page_of_hub(place: str) -> re.Match[str] | None:
    """Match the address of a dataset on the Hub, as a browser or `hf://` writes it."""
    return (re.fullmatch(_PAGE, place) or re.fullmatch(_HF, place)) if "://" in place else None


def _merged(parts: Mapping[str, str | None], options: CorpusOptions) -> CorpusOptions:
    """Add the parts of an address to the options. Raises CorpusError when both say something else."""
    values = {field: unquote(value) for field, value in parts.items() if value and field != "path"}
    for field, value in values.items():
        option = getattr(options, field)
        if option not in {None, value}:
            raise CorpusError(
                f"--{field} is {option}, but the name of the corpus says {value}", "leave one of them out"
            )
    return options._replace(**values)  # type: ignore[arg-type]  # the parts are all text


def _hub(parts: Mapping[str, str | None], options: CorpusOptions) -> Corpus:
    path = parts["path"] or ""
    options = _merged(parts, options)
    files = options.files.strip("/") if options.files else None
    if files and parts.get("files") and not (re.search(_SUFFIXES, files) or any(c in files for c in "*?[")):
        files += "/**"
    return Corpus(
        key=_key(f"{path}-{options.name}" if options.name else path),
        title=title_of("hub", path, options.name),
        kind="hub",
        path=path,
        name=options.name,
        split=options.split or "train",
        files=files,
        requested=options.revision,
    )


def _local(paths: Sequence[str], options: CorpusOptions) -> Corpus:
    place = paths[0] if len(paths) == 1 else _common_folder(paths)
    return Corpus(
        key="stdin" if place == STDIN else _key(place),
        title=title_of("local", place),
        kind="local",
        path=place,
        paths=tuple(paths) if len(paths) > 1 else (),
        name=options.name,
        split=options.split or "train",
        files=options.files,
        requested=options.revision,
    )


def relative_to(corpus: Corpus, folder: Path) -> Corpus:
    """Return a local corpus with its relative paths relative to `folder`, so that they hold in any working folder."""
    folder = Path(os.path.abspath(folder))  # noqa: PTH100  links stay
    before = Path(os.path.abspath(corpus.folder))  # noqa: PTH100
    if corpus.kind != "local" or folder == before:
        return replace(corpus, folder=str(folder))

    def moved(path: str) -> str:
        is_fixed = path == STDIN or path.startswith(("~", "/")) or is_remote(path)
        return path if is_fixed else os.path.relpath(before / path, folder)

    return replace(corpus, path=moved(corpus.path), paths=tuple(map(moved, corpus.paths)), folder=str(folder))


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


def _common_folder(paths: Sequence[str]) -> str:
    if any(is_remote(path) for path in paths):
        return paths[0].rpartition("/")[0]
    absolute = any(path.startswith(("/", "~")) for path in paths)
    places = [expand_home(path).absolute() if absolute else PurePath(path) for path in paths]
    return os.path.commonpath([place.parent for place in places]) or "."


def _variant(corpus: Corpus, options: CorpusOptions) -> Corpus:
    """Return a known corpus with the given options. Another config, split or file gets a key of its own."""
    changes = {
        "name": options.name,
        "split": options.split,
        "files": options.files,
        "requested": options.revision,
    }
    overrides = {
        field: value
        for field, value in changes.items()
        if value is not None and value != getattr(corpus, field)
    }
    if overrides and corpus.kind == "demo":
        option = next(iter(overrides)).replace("requested", "revision")
        raise CorpusError(
            f"{corpus.key} is a bundled corpus, which --{option} cannot change", f"leave --{option} out"
        )
    if not overrides:
        return corpus
    suffix = "-".join(overrides.values())
    return replace(
        corpus,
        key=_key(f"{corpus.key}-{suffix}"),
        title=f"{corpus.title} {suffix}",
        name=options.name or corpus.name,
        split=options.split or corpus.split,
        files=options.files if {"name", "split", "files"} & overrides.keys() else corpus.files,
        requested=options.revision,
        description="",
    )


def _is_plain_path(spec: str, planned: Mapping[str, Corpus]) -> bool:
    """Tell whether a word of the command line is a local path without a name before it."""
    is_name = spec in planned or spec in KNOWN or spec in _STDIN_NAMES or _named(spec)[0] is not None
    return not is_name and not _page_of_hub(spec) and _is_local(spec)


def _is_planned_path(path: str, planned: Mapping[str, Corpus]) -> bool:
    """Tell whether a plan has a path as a corpus of its own: several paths were several corpora once."""
    corpus = planned.get(_key(path))
    return corpus is not None and corpus.path == path


def is_remote(path: str) -> bool:
    """Tell whether a path is the address of a file elsewhere, such as s3://bucket/web.jsonl."""
    return "://" in path and bool(re.fullmatch(_REMOTE, path))


def _is_local(where: str) -> bool:
    """Tell whether a place is a path or an address that is read as files, and no name of a dataset."""
    looks_local = (
        where.startswith((".", "/", "~"))
        or is_remote(where)
        or ("." in where and re.search(_SUFFIXES, where))
        or any(c in where for c in "*?[\\")
    )
    return bool(looks_local) or os.path.lexists(expand_home(where))


def _key(where: str) -> str:
    """Return a safe folder name for a path or a Hub name that differs from every known key."""
    parts = [part for part in PurePath(re.sub(_SUFFIXES, "", where)).parts if re.search(r"\w", part)]
    plain = [
        "".join(c for c in unicodedata.normalize("NFKD", p) if not unicodedata.combining(c)) for p in parts
    ]
    safe = [re.sub(r"[^A-Za-z0-9._-]+", "-", part).lstrip("-._").rstrip("-.") for part in plain[-2:]]
    safe = [part for part in safe if part]
    short = safe[-1] if safe else "corpus"
    return "-".join(["local", *safe] if len(safe) < 2 else safe) if short in KNOWN else short


def _checked_key(key: str) -> str:
    if not is_safe_name(key):
        raise CorpusError(
            f"{key!r} cannot be the name of a corpus",
            "begin with a letter or a digit, then use letters, digits, dot, dash and underscore: NAME=PATH",
        )
    return key
