"""Reference distributions, built in or read from a file that is validated key by key."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from corpuscope.config.yaml_lines import load_yaml
from corpuscope.errors import UsageError, nearest
from corpuscope.files import read_written_by_hand, reason
from corpuscope.stats.reference import REFERENCES, SEVEN, reference_named
from corpuscope.stats.sample import Provenance, Sample

EXAMPLE = (
    "a reference file holds name: ..., categories: [...], counts: [...] (or shares: [...] and n: ...), source: ..., "
    "random: true|false"
)
"""The whole file format, for hints."""

MOST_DOCUMENTS = 1_000_000
"""Largest number of documents in a file, far above what anyone labels by hand."""

ROUNDING = 0.005
"""Largest rounding error of a published share, as a fraction: half a percentage point."""

Name = Annotated[str, Field(min_length=1)]


class ReferenceFile(BaseModel):
    """The content of a reference file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Name
    """Name of the corpus in tables."""
    categories: Annotated[list[Name], Field(min_length=1)]
    """Category names; a comparison with one's own labels needs the same names, in any order."""
    counts: list[Annotated[int, Field(ge=0)]] | None = None
    """Documents per category; None where `shares` are given."""
    shares: list[Annotated[float, Field(ge=0, allow_inf_nan=False)]] | None = None
    """Shares per category, as fractions or in per cent, which need `n`; None where `counts` are given."""
    n: Annotated[int, Field(ge=1, le=MOST_DOCUMENTS)] | None = None
    """Documents labelled in total."""
    source: Name
    """Origin of the numbers, in words."""
    design: str = "how it was drawn is not recorded"
    """How the documents were drawn, in words."""
    random: bool = False
    """True when the documents are a random sample of the corpus; comparisons warn of any other."""


def load_reference(path: Path) -> Sample:
    """Load the sample described by a file; it is complete because nobody will add to it.

    Shares are converted to the nearest whole counts. Raises UsageError with one line per fault, each naming the
    file and the key.
    """
    content = _content(path)
    try:
        entry = ReferenceFile.model_validate(content)
    except ValidationError as error:
        raise UsageError("\n".join(_fault(path, fault) for fault in error.errors()), EXAMPLE) from None
    if faults := _cross_check(entry):
        raise UsageError("\n".join(f"{path}: {fault}" for fault in faults), EXAMPLE)
    source, counts = entry.source, entry.counts
    if counts is None:
        assert entry.shares is not None and entry.n is not None
        counts = restored(entry.shares, entry.n)
        source += ", counts restored from shares"
    provenance = Provenance(
        dataset=source, design=entry.design, planned=sum(counts), published=True, random=entry.random
    )
    return Sample.of_counts(entry.name, entry.categories, counts, provenance)


def restored(shares: Sequence[float], n: int) -> list[int]:
    """Restore whole counts that add up to n from shares, rounding the largest remainders up."""
    total = math.fsum(shares)
    exact = [share / total * n for share in shares]
    counts = [int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: counts[i] - exact[i])
    for i in by_remainder[: n - sum(counts)]:
        counts[i] += 1
    return counts


def _content(path: Path) -> Any:  # noqa: ANN401 - what a file may hold before it is checked
    try:
        text = read_written_by_hand(path).decode()
        return json.loads(text) if path.suffix == ".json" else load_yaml(text, str(path), UsageError)[1]
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file", EXAMPLE) from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {reason(error)}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 at byte {error.start}", "save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}:{error.lineno}: not JSON: {error.msg}", EXAMPLE) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: cannot be understood: {error}", EXAMPLE) from None


def _cross_check(entry: ReferenceFile) -> list[str]:
    """List faults that involve several keys."""
    faults = []
    repeated = {name for name in entry.categories if entry.categories.count(name) > 1}
    faults += [f"categories: {name!r} is there more than once" for name in sorted(repeated)]
    if (entry.counts is None) == (entry.shares is None):
        faults.append("counts: either counts or shares are needed, not both and not neither")
        return faults
    key, values = ("counts", entry.counts) if entry.counts is not None else ("shares", entry.shares)
    assert values is not None
    if len(values) != len(entry.categories):
        faults.append(f"{key}: {len(values)} for {len(entry.categories)} categories")
    if entry.counts is not None:
        total = sum(entry.counts)
        if not 1 <= total <= MOST_DOCUMENTS:
            faults.append(
                f"counts: add up to {total:,}; between 1 and {MOST_DOCUMENTS:,} documents are needed"
            )
        if entry.n not in (None, total):
            faults.append(f"n: is {entry.n:,}, but the counts add up to {total:,}")
    elif entry.n is None:
        faults.append("n: is missing; shares say nothing without the number of documents")
    if entry.shares is not None:
        total_share, slack = math.fsum(entry.shares), ROUNDING * len(entry.shares)
        if min(abs(total_share - 1), abs(total_share / 100 - 1)) > slack:
            faults.append(f"shares: add up to {total_share:g}; they must add up to 1 or to 100")
    return faults


def _fault(path: Path, fault: ErrorDetails) -> str:
    key = ""
    for step in fault["loc"]:
        key += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if key else str(step)
    if fault["type"] == "extra_forbidden":
        return f"{path}: {key}: unknown; {nearest(key, list(ReferenceFile.model_fields))}"
    if fault["type"] == "missing":
        return f"{path}: {key}: is missing"
    if not key:
        return f"{path}: must hold keys and values"
    message = fault["msg"][0].lower() + fault["msg"][1:]
    return f"{path}: {key}: {message}, not {fault['input']!r:.60}"


PUBLISHED = "published"
"""Name of all built-in sets of hand labels together."""

WEBORGANIZER = "weborganizer"
"""Name of the crossed shares, which are shares of tokens without a sample."""

NAMES = (PUBLISHED, *(reference.key for reference in REFERENCES), WEBORGANIZER)
"""Names of references that need no file."""


def references_named(names: Sequence[str]) -> tuple[Sample, ...]:
    """Load the references called `names`: keys of built-in ones, `published` for all of them, or files.

    Each is returned once. Raises UsageError for an unknown name, and for a file with faults, which it lists.
    """
    samples: dict[str, Sample] = {}
    for name in names:
        for sample in _resolve(name):
            samples.setdefault(f"{sample.corpus}\0{sample.provenance.dataset}", sample)
    return tuple(samples.values())


def samples_by_name(names: Sequence[str]) -> dict[str, Sample]:
    """Load the references called `names`, by the corpus they are of: the key of a built-in one, the name in a file.

    Raises UsageError like `references_named`, and for the crossed shares, which have no sample.
    """
    keys = {reference.title: reference.key for reference in REFERENCES}
    if WEBORGANIZER in names:
        raise UsageError(
            f"{WEBORGANIZER} has no sample, so a mixture cannot use it", nearest("", keys.values())
        )
    return {keys.get(sample.corpus, sample.corpus): sample for sample in references_named(names)}


def aligned(references: Sequence[Sample], own: Sequence[Sample]) -> tuple[Sample, ...]:
    """Give references unique names and order their categories like those of one's own labels.

    A reference with other categories keeps them, so that comparing with it raises an error that names it; the seven
    built-in ones come in their usual order, in which a cross-walk has them.
    """
    used = {sample.corpus for sample in own}
    adjusted = []
    for reference in references:
        name = reference.corpus
        while name in used:
            name += " (reference)"
        used.add(name)
        order = own[0].categories if own else references[0].categories
        adjusted.append(replace(reordered(reordered(reference, SEVEN), order), corpus=name))
    return tuple(adjusted)


def _resolve(name: str) -> tuple[Sample, ...]:
    if name == PUBLISHED:
        return tuple(reference.sample for reference in REFERENCES)
    if name in NAMES and name != WEBORGANIZER:
        return (reference_named(name).sample,)
    path = Path(name)
    if path.suffix or path.exists() or len(path.parts) > 1:
        return (load_reference(path),)
    raise UsageError(
        f"there is no reference called {name!r}, nor a file of that name", nearest(name, list(NAMES))
    )


def reordered(sample: Sample, order: tuple[str, ...]) -> Sample:
    """Return the sample with its categories in this order; unchanged where they are others."""
    if sample.categories == order or sorted(sample.categories) != sorted(order):
        return sample
    codes = tuple(order.index(sample.categories[code]) for code in sample.codes)
    return replace(sample, categories=order, codes=codes)
