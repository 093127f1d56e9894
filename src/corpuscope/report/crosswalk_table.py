"""Tables of the cross-walk from WebOrganizer's formats, and of token shares beside its shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from corpuscope.report.summary_result import corpus_json
from corpuscope.report.tables import Table, share_cell
from corpuscope.stats.reference import SEVEN, WEBORGANIZER_CROSSWALK, WEBORGANIZER_SOURCE, apply_crosswalk
from corpuscope.stats.summary import CorpusSummary, Summary

PROPOSAL = (
    "The cross-walk is a proposal: formats and categories were not made for each other. The range is what its "
    "doubts leave open, not sampling error."
)
"""Warning above the crossed shares."""


@dataclass(frozen=True, slots=True)
class CrosswalkResult:
    """The cross-walk and the shares it gives, in every output form."""

    summary: Summary
    """One's own corpora by tokens, shown beside the crossed shares."""

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002 - columns that do not fit go below
        """Return the cross-walk, then the shares."""
        return crosswalk_table(self.summary), crossed_table(self.summary)

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield the rows of both tables, each with its headings."""
        for table in self.tables():
            yield table.columns
            yield from table.rows

    def as_json(self) -> dict[str, object]:
        """Return the numbers, unrounded."""
        return {
            "source": WEBORGANIZER_SOURCE,
            "note": PROPOSAL,
            "crosswalk": [asdict(entry) for entry in WEBORGANIZER_CROSSWALK],
            "shares": [asdict(share) for share in apply_crosswalk()],
            "own": [corpus_json(corpus) for corpus in self.summary.corpora],
        }


def crosswalk_table(summary: Summary | None = None) -> Table:
    """Make the table of formats, each with the category proposed for it and the alternatives.

    Token shares of one's own corpora labelled in these formats stand beside the published ones.
    """
    formats = {entry.format for entry in WEBORGANIZER_CROSSWALK}
    corpora = _by_tokens(summary, formats)
    rows = tuple(
        (
            entry.format,
            f"{entry.percent:.1f} %",
            *(_cell(corpus, entry.format) for corpus in corpora),
            entry.category,
            ", ".join(entry.alternatives),
            entry.why,
        )
        for entry in WEBORGANIZER_CROSSWALK
    )
    return Table(
        "WebOrganizer's formats among the seven categories: a proposal",
        ("format", "tokens", *(corpus.corpus for corpus in corpora), "goes to", "or to", "why in doubt"),
        rows,
        (WEBORGANIZER_SOURCE, "200 billion tokens of Common Crawl", *map(_size, corpora)),
        prose=True,
    )


def crossed_table(summary: Summary | None = None) -> Table:
    """Make the table of crossed shares, beside the token shares of one's own corpora with the seven categories."""
    corpora = _by_tokens(summary, set(SEVEN))
    rows = []
    for crossed in apply_crosswalk():
        cells = [_cell(corpus, crossed.category) for corpus in corpora]
        doubt = f"{100 * crossed.least:.1f}-{100 * crossed.most:.1f}"
        rows.append((crossed.category, f"{100 * crossed.share:.1f}", doubt, *cells))
    caption = [WEBORGANIZER_SOURCE, "per cent of tokens", *map(_size, corpora)]
    return Table(
        "WebOrganizer, crossed to the seven categories",
        ("category", "crossed", "in doubt", *(corpus.corpus for corpus in corpora)),
        tuple(rows),
        tuple(caption),
        warnings=(PROPOSAL,),
    )


def _by_tokens(summary: Summary | None, categories: set[str]) -> tuple[CorpusSummary, ...]:
    """Return one's own corpora that are counted in tokens and have these categories."""
    if summary is None or summary.weighting != "tokens":
        return ()
    return tuple(corpus for corpus in summary.corpora if set(corpus.distribution.categories) == categories)


def _cell(corpus: CorpusSummary, category: str) -> str:
    shares = corpus.distribution
    return share_cell(shares.shares[shares.categories.index(category)], shares)


def _size(corpus: CorpusSummary) -> str:
    shares = corpus.distribution
    return (
        f"{corpus.corpus}: n = {shares.n:,} (counts as {shares.n_effective:,.0f}), "
        f"{100 * shares.level:g} % intervals ({shares.method})"
    )
