"""Agreement, between people or with a practice's reference, as tables of words."""

from collections.abc import Sequence

from corpuscope.analysis.agreement import AgreementGroup, AgreementReport
from corpuscope.report.tables import Table
from corpuscope.stats.agreement import agreement
from corpuscope.stats.intervals import Interval
from corpuscope.text.terminal_text import one_line

SHOWN = 12
"""Digits of a document id that are shown: enough for `corpuscope ledger show`."""


def agreement_tables(concords: AgreementReport, *, documents: bool = False) -> list[Table]:
    """How far readers agree, which categories they confuse, and what that means for the shares.

    `documents` adds the documents on which they do not agree.
    """
    tables = [measures_table((*concords.whole, *concords.pairs))]
    for concord in concords.whole:
        tables.append(categories_table(concord))
        if concord.confused_pairs:
            tables.append(confused_table(concord))
        if documents and concord.disputed:
            tables.append(documents_table(concord))
    return tables


def measures_table(concords: Sequence[AgreementGroup]) -> Table:
    """A row for each set of readers; columns that hold for none of them are left out."""
    level = concords[0].measures.percent.level
    interval = f"{100 * level:g} % interval"
    columns = ("readers", "documents", "agree", interval, "kappa", "its interval", "AC1", "alpha")
    rows = [_measures(concord) for concord in concords]
    kept = [i for i in range(len(columns)) if i < 4 or any(row[i] for row in rows)]
    names = {
        "kappa": "kappa: Cohen's, its interval on the logit scale",
        "AC1": "AC1: Gwet's, where one category dominates and kappa misleads",
        "alpha": "alpha: Krippendorff's, for more than two readers, gaps allowed",
    }
    corpora = {key for concord in concords for key in concord.corpora}
    return Table(
        "agreement",
        tuple(columns[i] for i in kept),
        tuple(tuple(row[i] for i in kept) for row in rows),
        (
            "documents read more than once",
            ", ".join(sorted(corpora)),
            "agree: all readers of a document gave it the same category, Wilson interval",
            *(names[columns[i]] for i in kept if columns[i] in names),
        ),
        warnings=tuple(filter(None, map(_redefined, concords))),
    )


def categories_table(concord: AgreementGroup) -> Table:
    """A row per category: how often readers agree that a document belongs there."""
    level = concord.measures.percent.level
    rows = tuple(
        (
            each.category,
            f"{each.by_any:,}",
            f"{each.by_all:,}",
            f"{100 * each.by_all / each.by_any:.1f} %",
            _interval(each.interval),
        )
        for each in concord.categories
    )
    return Table(
        f"{concord.name}: by category",
        ("category", "by any", "by all", "agree", f"{100 * level:g} % interval"),
        rows,
        (_origin(concord), "by any: documents at least one reader put there; agree: by all of them (Wilson)"),
        (effect_on_shares(concord),),
    )


def confused_table(concord: AgreementGroup) -> Table:
    """A row for each two categories that were given to the same document, the most frequent first."""
    two = len(concord.readers) == 2
    readers = concord.readers if two else ()
    rows = tuple(
        (
            f"{pair.one}, {pair.other}",
            f"{len(pair.documents):,}",
            *(f"{pair.given_by(reader):,}" for reader in readers),
            pair.documents[0].document_id[:SHOWN],
        )
        for pair in concord.confused_pairs
    )
    return Table(
        f"{concord.name}: confused",
        ("categories", "documents", *(f"the first by {reader}" for reader in readers), "one of them"),
        rows,
        (
            _origin(concord),
            "to see one: corpuscope ledger show ID --text",
            "all of them: --documents",
            "to decide them: corpuscope adjudicate",
        ),
    )


def documents_table(concord: AgreementGroup) -> Table:
    """A row for each reading of a document on which readers do not agree, in the order of corpora and draws."""
    rows = tuple(
        (each.document_id[:SHOWN], reading.reader, reading.category, reading.event_id, each.corpus)
        for each in concord.disputed
        for reading in each.readings
    )
    return Table(
        f"{concord.name}: documents to look at again",
        ("document", "reader", "category", "event", "corpus"),
        rows,
        (f"{len(concord.disputed):,} documents", "to see one: corpuscope ledger show ID --text"),
        prose=True,
    )


def effect_on_shares(concord: AgreementGroup) -> str:
    """What the agreement means for the shares, in one sentence."""
    measures, shift = concord.measures, concord.largest_bias
    if measures.agreeing == measures.n:
        most = 100 * (1 - measures.percent.low)
        return (
            f"nobody disagrees, so the reading moves no share here; in the whole corpus at most {most:.1f} % "
            "of the documents would be disputed"
        )
    if shift is None:
        return "disagreement goes one way as often as the other, so the reading moves no share"
    return (
        f"the reading moves the share of {shift.category} most: {shift.counts[0]:,} of the same {shift.n:,} "
        f"documents by {shift.first}, {shift.counts[1]:,} by {shift.second}, {100 * shift.difference:.1f} points "
        f"apart, beside ±{100 * shift.sampling:.1f} from sampling at this n; the intervals of shares hold "
        "sampling only"
    )


def nothing_to_compare(documents: int) -> str:
    """Why there is nothing to compare, and what to do; `documents` is how many are labelled."""
    so_far = f"{documents:,} labelled once" if documents else "no labels yet"
    return (
        f"Nobody labelled a document twice ({so_far}): let another person label the same corpora in this folder with "
        "--annotator NAME; they are shown the same documents."
    )


def _measures(concord: AgreementGroup) -> tuple[str, ...]:
    measures, kappa = concord.measures, concord.measures.kappa
    return (
        concord.name,
        f"{measures.n:,}",
        f"{100 * measures.share:.1f} %",
        _interval(measures.percent),
        f"{kappa.value:.2f}" if kappa else "",
        f"{kappa.interval.low:.2f} to {kappa.interval.high:.2f}" if kappa and kappa.interval else "",
        f"{measures.ac1:.2f}" if measures.dominated and measures.ac1 is not None else "",
        f"{measures.alpha:.2f}" if len(concord.readers) > 2 and measures.alpha is not None else "",
    )


def _origin(concord: AgreementGroup) -> str:
    parts = [f"{key}: {count:,}" for key, count in concord.corpora.items()]
    origin = f"n = {len(concord.documents):,} documents ({', '.join(parts)})"
    return f"{origin}, {concord.skipped:,} more were skipped by one" if concord.skipped else origin


def _redefined(concord: AgreementGroup) -> str:
    if not concord.redefined:
        return ""
    return (
        f"{concord.name}: the definitions of the categories changed between the readings of "
        f"{concord.redefined:,} of {len(concord.documents):,} documents, so disagreement may be one of words."
    )


def _interval(interval: Interval) -> str:
    return f"{100 * interval.low:.1f} to {100 * interval.high:.1f} %"


BEGINNING = 60
"""Cells of a document's beginning that are shown, to know it again."""

Answers = Sequence[tuple[str, str, str, str]]
"""What was given, what was expected, why, and the text."""


def practice_table(answers: Answers, categories: Sequence[str]) -> Table:
    """How far a reader agrees with the reference."""
    place = {category: number for number, category in enumerate(categories)}
    codes = [[place[answer[side]] for answer in answers] for side in (0, 1)]
    found = agreement(codes, categories)
    low, high = 100 * found.percent.low, 100 * found.percent.high
    kappa = f"{found.kappa.value:.2f}" if found.kappa else ""
    row = (
        "you and the reference",
        f"{found.n:,}",
        f"{100 * found.share:.1f} %",
        f"{low:.1f} to {high:.1f} %",
        kappa,
    )
    columns = ("readers", "documents", "agree", "95 % interval", "kappa")
    return Table("practice", columns, (row,), ("Wilson interval", "kept nowhere"))


def missed_lines(answers: Answers) -> list[str]:
    """Two lines for each miss: how the document begins, and what it is in place of what was said, with the reason."""
    lines = []
    for given, expected, reason, text in answers:
        if given != expected:
            lines += [one_line(" ".join(text.split()), BEGINNING), f"- {expected}, not {given}: {reason}"]
    return [f"missed {len(lines) // 2:,} of {len(answers):,}", *lines] if lines else []
