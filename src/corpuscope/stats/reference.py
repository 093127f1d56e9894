"""Published distributions, to compare one's own corpora with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpuscope.errors import UsageError, nearest
from corpuscope.stats.sample import Provenance, Sample

SEVEN = ("Educational", "Advertising", "Forum", "News", "Creative", "Boilerplate", "Nonsensical")
"""The categories of the published hand labels, in the order of categories.yaml."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Published hand labels of one corpus."""

    key: str
    """Name on the command line."""
    title: str
    """Name in tables."""
    counts: tuple[int, ...]
    """Documents per category."""
    source: str
    """Origin of the numbers, in words."""
    design: str
    """How the documents were drawn, in words."""
    categories: tuple[str, ...] = SEVEN
    """Names of the categories, in the order of the counts."""

    @property
    def sample(self) -> Sample:
        """The labels as a sample, which is complete because nobody will add to it."""
        provenance = Provenance(
            dataset=self.source,
            design=self.design,
            planned=sum(self.counts),
            published=True,
            random=False,
        )
        return Sample.of_counts(self.title, self.categories, self.counts, provenance)


_SOURCE = "hand labels published as percentages, restored to the only counts that fit"
_DESIGN = "first rows of a few shards, not a random sample"

REFERENCES = (
    Reference("c4", "C4 (published)", (24, 73, 21, 34, 31, 5, 15), _SOURCE, _DESIGN),
    Reference("fineweb", "FineWeb (published)", (17, 61, 6, 44, 54, 8, 10), _SOURCE, _DESIGN),
    Reference("fineweb-edu", "FineWeb-Edu (published)", (150, 21, 0, 16, 10, 0, 4), _SOURCE, _DESIGN),
)
"""Hand labels published for three corpora; neither seed nor revision was recorded."""


def reference_named(key: str) -> Reference:
    """Return the built-in reference called `key`. Raises UsageError, which lists the known ones."""
    for reference in REFERENCES:
        if reference.key == key:
            return reference
    keys = [reference.key for reference in REFERENCES]
    raise UsageError(f"there is no reference called {key!r}", nearest(key, keys))


@dataclass(frozen=True, slots=True)
class CrosswalkEntry:
    """The category proposed for one of WebOrganizer's formats, with its doubts."""

    format: str
    """Name of the format."""
    percent: float
    """Its share of the tokens of a 200B-token Common Crawl corpus, by classifier, in per cent."""
    category: str
    """Category proposed for it."""
    alternatives: tuple[str, ...] = ()
    """Categories that parts of it also belong to; empty where there is no doubt."""
    why: str = ""
    """Reason for the doubt; "" where there is none."""


WEBORGANIZER_SOURCE = "WebOrganizer, arXiv 2502.10341: formats by classifier, in per cent of tokens"
"""Caption of the shares that follow from the cross-walk."""

WEBORGANIZER_CROSSWALK = (
    CrosswalkEntry("Personal Blog", 22.9, "Creative"),
    CrosswalkEntry("Product Page", 11.5, "Advertising"),
    CrosswalkEntry("News Article", 9.0, "News"),
    CrosswalkEntry("Comment Section", 8.3, "Forum"),
    CrosswalkEntry(
        "Content Listing", 7.9, "Boilerplate", ("Advertising",), "lists of links; those of products advertise"
    ),
    CrosswalkEntry(
        "Nonfiction Writing",
        6.6,
        "Educational",
        ("Creative", "News"),
        "essays teach, share a life or comment",
    ),
    CrosswalkEntry("Knowledge Article", 3.6, "Educational"),
    CrosswalkEntry("Tutorial", 3.6, "Educational", ("Creative",), "recipes are Creative"),
    CrosswalkEntry(
        "News (Org.)", 3.4, "News", ("Advertising",), "press releases about a product are Advertising"
    ),
    CrosswalkEntry(
        "Listicle", 3.1, "Advertising", ("Creative", "Educational"), "most exist to be found, not all"
    ),
    CrosswalkEntry("Academic Writing", 2.7, "Educational"),
    CrosswalkEntry(
        "Audio Transcript", 2.5, "Creative", ("Educational", "Forum", "News"), "lyrics, lectures, interviews"
    ),
    CrosswalkEntry("Spam/Ads", 2.2, "Advertising", ("Nonsensical",), "keyword stuffing may mean nothing"),
    CrosswalkEntry(
        "Structured Data", 2.1, "Boilerplate", ("Educational", "Nonsensical"), "tables without their text"
    ),
    CrosswalkEntry("Creative Writing", 1.9, "Creative"),
    CrosswalkEntry("User Review", 1.9, "Forum", ("Creative",), "Forum where written as conversation"),
    CrosswalkEntry("About (Org.)", 1.7, "Advertising", ("Boilerplate",), "a company about itself advertises"),
    CrosswalkEntry("About (Pers.)", 1.1, "Creative", ("Advertising",), "shares a life, or offers services"),
    CrosswalkEntry("Truncated", 0.9, "Nonsensical", ("Boilerplate",), "a pay-wall's notice is Boilerplate"),
    CrosswalkEntry("Q&A Forum", 0.8, "Forum"),
    CrosswalkEntry("Support", 0.8, "Educational", ("Forum",), "technical help, unless people talk"),
    CrosswalkEntry("Legal", 0.6, "Boilerplate"),
    CrosswalkEntry("Documentation", 0.6, "Educational"),
    CrosswalkEntry(
        "FAQ", 0.4, "Educational", ("Forum", "Advertising"), "answers that teach, though nobody asked"
    ),
)
"""The cross-walk; its percentages are the published ones, which add up to 100.1."""


@dataclass(frozen=True, slots=True)
class CrossedShare:
    """The share of one category that follows from a cross-walk.

    `least` and `most` express doubts about the cross-walk, not sampling error.
    """

    category: str
    """Name of the category."""
    share: float
    """Share by the proposed cross-walk, as a fraction."""
    least: float
    """Share if every doubtful format went elsewhere."""
    most: float
    """Share if every format that may belong here did."""


def apply_crosswalk(
    crosswalk: Sequence[CrosswalkEntry] = WEBORGANIZER_CROSSWALK, categories: Sequence[str] = SEVEN
) -> tuple[CrossedShare, ...]:
    """Compute shares of `categories` by a cross-walk.

    They are shares of tokens, so they are comparable with token-weighted shares only.
    """
    total = sum(entry.percent for entry in crosswalk)

    def share(entries: Sequence[CrosswalkEntry]) -> float:
        return sum(entry.percent for entry in entries) / total

    shares = []
    for category in categories:
        proposed = [entry for entry in crosswalk if entry.category == category]
        possible = [entry for entry in crosswalk if category in entry.alternatives]
        certain = [entry for entry in proposed if not entry.alternatives]
        shares.append(CrossedShare(category, share(proposed), share(certain), share(proposed + possible)))
    return tuple(shares)
