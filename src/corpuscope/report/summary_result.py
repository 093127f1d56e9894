"""The summary of labelled corpora as tables, CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from corpuscope.analysis.mixtures import Mixture
from corpuscope.report.crossed_shares import crossed_shares_json, crossed_shares_table
from corpuscope.report.mixture_result import mixture_json
from corpuscope.report.mixture_tables import mixture_tables
from corpuscope.report.ordinal_tables import ordinal_table
from corpuscope.report.tables import Table, corpus_table, lengths_table, side_by_side
from corpuscope.stats.summary import CorpusSummary, Summary


@dataclass(frozen=True, slots=True)
class SummaryResult:
    """A summary in every output form."""

    summary: Summary
    """The summary."""
    to: float | None = None
    """Half-width, as a fraction, for which labels and time are planned; None for no plan."""
    lengths: bool = False
    """Whether the lengths of documents by category are added."""
    mixtures: Sequence[Mixture] = ()
    """Mixtures of these corpora, which CSV leaves out: its rows are of one corpus each."""

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002 - columns that do not fit go below
        """Return one table per corpus, all corpora side by side when there are several, then the mixtures."""
        tables = []
        for corpus in self.summary.corpora:
            tables.append(corpus_table(corpus, self.to))
            tables += further_tables(corpus)
            if self.lengths:
                tables.append(lengths_table(corpus))
        if len(self.summary.corpora) > 1:
            tables.append(side_by_side(self.summary))
        return [*tables, *(table for mixture in self.mixtures for table in mixture_tables(mixture))]

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield one row per corpus and category, with the cells of the tables, then those of an ordinal scale."""
        bounds = any(corpus.with_bounds for corpus in self.summary.corpora)
        for i, corpus in enumerate(self.summary.corpora):
            table = corpus_table(corpus, self.to, bounds=bounds)
            more = lengths_table(corpus)
            start = 2 if self.lengths else len(more.columns)
            if i == 0:
                yield ["corpus", *table.columns, *more.columns[start:], "warnings", "caption"]
            for row, longer in zip(table.rows, more.rows, strict=True):
                yield [
                    *(table.title, *row, *longer[start:]),
                    *(" ".join(table.warnings), "; ".join((*table.findings, *table.caption))),
                ]
            if (scale := ordinal_table(corpus)) is not None:
                filler = [""] * (len(table.columns) - 4 + len(more.columns) - start)
                for row in scale.rows:
                    yield [table.title, *row[:4], *filler, "", "; ".join((*scale.findings, *scale.caption))]

    def as_json(self) -> dict[str, object]:
        """Return the numbers, unrounded; with `to` also the labels and time planned."""
        return {
            "level": self.summary.level,
            "interval": self.summary.interval,
            "weighting": self.summary.weighting,
            "corpora": [corpus_json(corpus, self.to) for corpus in self.summary.corpora],
            **({"mixtures": [mixture_json(mixture) for mixture in self.mixtures]} if self.mixtures else {}),
        }


def corpus_tables(corpora: Sequence[CorpusSummary]) -> list[Table]:
    """Make the table of shares of each corpus, followed by its further tables."""
    return [table for corpus in corpora for table in (corpus_table(corpus), *further_tables(corpus))]


def further_tables(corpus: CorpusSummary) -> list[Table]:
    """Make the table of the scale, then that of the shares crossed to the seven; none for most schemes."""
    return [table for table in (ordinal_table(corpus), crossed_shares_table(corpus)) if table is not None]


def corpus_json(corpus: CorpusSummary, to: float | None = None) -> dict[str, object]:
    """Return the numbers of one corpus, unrounded; `to` is the half-width of `SummaryResult`."""
    return {
        "corpus": corpus.corpus,
        "n": corpus.distribution.n,
        "n_effective": corpus.distribution.n_effective,
        "method": corpus.distribution.method,
        "widest_half_width": corpus.distribution.half_width,
        "population": corpus.distribution.population,
        "census": corpus.distribution.is_census,
        "design": corpus.design,
        "skips": corpus.skips,
        "skip_rate": corpus.distribution.skip_rate,
        "pending": corpus.distribution.pending,
        "beyond_plan": corpus.beyond_plan,
        "longest_document_share": corpus.heaviest,
        "warnings": list(corpus.warnings),
        "bookmarks": corpus.bookmarks,
        "unsure": corpus.unsure,
        "seconds_per_label": corpus.seconds_per_label,
        "complete": corpus.complete,
        **({} if to is None or corpus.distribution.pending else {"plan": asdict(corpus.budget_for(to))}),
        "provenance": asdict(corpus.provenance),
        **({"ordinal": asdict(corpus.ordinal)} if corpus.ordinal else {}),
        **({"crossed": crossed_shares_json(corpus.crossed)} if corpus.crossed else {}),
        "shares": [
            {
                "category": share.category,
                "count": share.count,
                "share": (share.share if corpus.distribution.n and not corpus.distribution.pending else None),
                "bounds": list(share.bounds) if share.bounds else None,
                "low": share.interval.low,
                "high": share.interval.high,
                "ranks": list(share.ranks),
                "tied_with": list(share.tied_with),
                "lengths": asdict(lengths) if lengths else None,
            }
            for share, lengths in zip(corpus.distribution.shares, corpus.lengths, strict=True)
        ],
    }
