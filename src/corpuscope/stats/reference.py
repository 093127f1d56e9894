"""Published distributions to compare with before there are any labels of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpuscope.errors import UsageError, nearest
from corpuscope.stats.sample import Provenance, Sample

SEVEN = ("Educational", "Advertising", "Forum", "News", "Creative", "Boilerplate", "Nonsensical")
"""The categories of the published hand labels, in the order of categories.yaml."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Hand labels someone published for one corpus."""

    key: str
    """What it is called on the command line."""
    title: str
    """What it is called in tables."""
    counts: tuple[int, ...]
    """Documents per category."""
    source: str
    """Where the numbers come from."""
    design: str
    """How the documents were drawn."""
    categories: tuple[str, ...] = SEVEN
    """Names of the categories, in the order of the counts."""

    @property
    def sample(self) -> Sample:
        """The labels as a sample; complete, since nobody will add to it."""
        provenance = Provenance(dataset=self.source, design=self.design, planned=sum(self.counts))
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
    """The reference called `key`; an unknown one is a UsageError that lists the known ones."""
    for reference in REFERENCES:
        if reference.key == key:
            return reference
    raise UsageError(f"there is no reference called {key!r}", nearest(key, [each.key for each in REFERENCES]))


@dataclass(frozen=True, slots=True)
class CrosswalkEntry:
    """Where one of WebOrganizer's formats goes among the seven categories: a proposal, with its doubts."""

    format: str
    """The format's name."""
    percent: float
    """Per cent of the tokens of a 200B-token Common Crawl corpus, by classifier."""
    category: str
    """The category it is proposed for."""
    alternatives: tuple[str, ...] = ()
    """Categories that parts of it belong to as well; empty where there is no doubt."""
    why: str = ""
    """The reason, where there is a doubt."""


WEBORGANIZER_SOURCE = "WebOrganizer, arXiv 2502.10341: formats by classifier, in per cent of tokens"
"""Caption of the shares below."""

WEBORGANIZER = (
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
"""The cross-walk; percentages are the published ones and add up to 100.1."""


@dataclass(frozen=True, slots=True)
class CrossedShare:
    """The share of one category that follows from a cross-walk."""

    category: str
    """Its name."""
    share: float
    """By the proposal, as a fraction."""
    least: float
    """If every doubtful format went elsewhere."""
    most: float
    """If every format that might went here. Both are doubts about the cross-walk, not sampling error."""


def apply_crosswalk(
    crosswalk: Sequence[CrosswalkEntry] = WEBORGANIZER, categories: Sequence[str] = SEVEN
) -> tuple[CrossedShare, ...]:
    """Shares of `categories` by a cross-walk, of tokens: to be set beside token-weighted shares only."""
    total = sum(each.percent for each in crosswalk)

    def part(chosen: Sequence[CrosswalkEntry]) -> float:
        return sum(each.percent for each in chosen) / total

    shares = []
    for category in categories:
        proposed = [each for each in crosswalk if each.category == category]
        possible = [each for each in crosswalk if category in each.alternatives]
        certain = [each for each in proposed if not each.alternatives]
        shares.append(CrossedShare(category, part(proposed), part(certain), part(proposed + possible)))
    return tuple(shares)
