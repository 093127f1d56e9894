"""Distributions other people published, built in or from a file, as samples to compare with."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpuscope.errors import UsageError, nearest
from corpuscope.results.reference_file import load_reference
from corpuscope.stats.reference import REFERENCES, reference_named
from corpuscope.stats.sample import Sample

PUBLISHED = "published"
"""Stands for every built-in set of hand labels."""
WEBORGANIZER = "weborganizer"
"""Stands for the crossed shares, which are shares of tokens without a sample behind them."""
NAMES = (PUBLISHED, *(reference.key for reference in REFERENCES), WEBORGANIZER)
"""What can be asked for without a file."""


def references_named(names: Sequence[str]) -> tuple[Sample, ...]:
    """The samples meant by `names`: keys of built-in references, `published` for all of them, or files.

    Each comes once. Raises UsageError for an unknown name, and for every fault of a file by its key.
    """
    samples: dict[str, Sample] = {}
    for name in names:
        for sample in _meant(name):
            samples.setdefault(f"{sample.corpus}\0{sample.provenance.dataset}", sample)
    return tuple(samples.values())


def fitted(references: Sequence[Sample], own: Sequence[Sample]) -> tuple[Sample, ...]:
    """The references under names of their own, with their categories in the order of one's own labels.

    One whose categories are others is left as it is: comparing with it is then refused by name.
    """
    taken = {sample.corpus for sample in own}
    adjusted = []
    for reference in references:
        name = reference.corpus
        while name in taken:
            name += " (reference)"
        taken.add(name)
        order = own[0].categories if own else references[0].categories
        adjusted.append(replace(_reordered(reference, order), corpus=name))
    return tuple(adjusted)


def _meant(name: str) -> tuple[Sample, ...]:
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


def _reordered(sample: Sample, order: tuple[str, ...]) -> Sample:
    if sample.categories == order or sorted(sample.categories) != sorted(order):
        return sample
    codes = tuple(order.index(sample.categories[code]) for code in sample.codes)
    return replace(sample, categories=order, codes=codes)
