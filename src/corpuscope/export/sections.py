"""The sections that a report and a dataset card have in common."""

from corpuscope.analysis.study import Study
from corpuscope.export.page import Block, Bullets, Heading, Paragraph
from corpuscope.results.comparison_tables import comparison_table
from corpuscope.results.tables import Table, corpus_table, side_by_side

LIMITS = (
    "An interval covers the luck of the draw, not what the reader takes for one category or another.",
    "Several intervals at once are not independent; each is meant alone.",
    "A category that was never met is not absent: its share is at most what is given.",
    "A difference that is not shown is not a proof that the corpora are equal.",
    "The shares hold for the corpora as they are listed here, at these revisions, drawn in this way.",
)
"""What the numbers do not say."""


def sampled(study: Study) -> tuple[Block, ...]:
    """Which corpora were drawn from, how, and what is uniform about it."""
    rows = tuple(
        (
            source.key,
            source.corpus.path if source.corpus else "",
            (source.corpus.name or "") if source.corpus else "",
            source.corpus.split if source.corpus and source.corpus.kind == "hub" else "",
            source.revision[:12],
            f"{source.planned:,}" if source.planned else "",
            _labelled(study, source.key),
        )
        for source in study.sources
    )
    columns = ("corpus", "dataset", "config", "split", "revision", "planned", "labels")
    seed = f"seed {study.seed}" if study.seed is not None else "no plan"
    caption = (seed, "draw k of a plan is the same document on every machine")
    table = Table("Corpora", columns, rows, caption, prose=True)
    uniform = tuple(f"{source.key}: {source.uniform}" for source in study.sources)
    return (
        Heading("The sample"),
        table,
        Paragraph("What is uniform, and what is not:"),
        Bullets(uniform),
    )


def definitions(study: Study) -> tuple[Block, ...]:
    """What the categories mean."""
    rows = tuple(
        (each.name, each.definition, each.includes, each.excludes) for each in study.scheme.categories
    )
    columns = ("category", "definition", "goes here", "does not")
    scheme = (f"scheme {study.scheme.hash}",)
    return (Heading("Categories"), Table("Definitions", columns, rows, scheme, prose=True))


def shares(study: Study) -> tuple[Block, ...]:
    """A table per corpus, and all of them side by side."""
    summary = study.overview.summary
    tables = [corpus_table(each) for each in summary.corpora]
    if len(tables) > 1:
        tables.append(side_by_side(summary))
    return (Heading("Shares"), *tables)


def comparisons(study: Study) -> tuple[Block, ...]:
    """A table per pair of corpora; nothing for one corpus."""
    if not study.pairs.pairs:
        return ()
    return (Heading("Comparisons"), *(comparison_table(pair) for pair in study.pairs.pairs))


def limits() -> tuple[Block, ...]:
    """What the numbers do not say."""
    return (Heading("What these numbers do not say"), Bullets(LIMITS))


def _labelled(study: Study, key: str) -> str:
    return next((f"{c.distribution.n:,}" for c in study.overview.summary.corpora if c.corpus == key), "")
