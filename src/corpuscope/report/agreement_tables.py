"""Tables of agreement, between annotators or with the reference answers of a practice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpuscope.analysis.agreement import MOST_NAMES, AgreementGroup, AgreementReport
from corpuscope.report.tables import Table, range_words
from corpuscope.stats.agreement import Coefficient, Kappa, agreement
from corpuscope.stats.p_values import p_in_words
from corpuscope.text.quantities import inflected, quantity
from corpuscope.text.terminal_text import one_line

WORST_PAIRS = 10
"""Pairs of readers in a table of more than `MOST_NAMES` readers."""
SHOWN = 12
"""Digits of a document id in a table, enough for `corpuscope ledger show`."""


def report_measures(report: AgreementReport) -> Table:
    """Make the table of all groups: the pairs below them, those that agree least first, and of many only the first."""
    pairs = sorted(report.pairs, key=lambda pair: (pair.measures.share, -pair.measures.n))
    many = any(len(group.readers) > MOST_NAMES for group in report.whole)
    shown = pairs[:WORST_PAIRS] if many else pairs
    table = measures_table((*report.whole, *shown))
    if len(shown) == len(pairs):
        return table
    folded = f"the {len(shown):,} of {len(pairs):,} pairs that agree least; all of them: --format csv"
    return replace(table, caption=(*table.caption, folded))


def measures_table(groups: Sequence[AgreementGroup]) -> Table:
    """Make a table with a row per group of readers; optional columns that are empty for all of them are left out."""
    level = groups[0].measures.percent.level
    interval = f"{100 * level:g} % interval"
    columns = (
        *("readers", "documents", "agree", interval),
        *("weighted kappa", "kappa", "its interval", "AC1", "alpha"),
    )
    rows = [_measures(group) for group in groups]
    used = [i for i in range(len(columns)) if i < 4 or any(row[i] for row in rows)]
    metric = " with the interval metric" if any(group.is_ordinal for group in groups) else ""
    names = {
        "weighted kappa": "weighted kappa: Cohen's with quadratic weights, interval on Fisher's z scale",
        "kappa": "kappa: Cohen's, its interval on Fisher's z scale",
        "AC1": "AC1: Gwet's, where one category dominates and kappa misleads, jackknife interval",
        "alpha": f"alpha: Krippendorff's{metric}, for more than two readers, gaps allowed, jackknife interval",
    }
    corpora = {key for group in groups for key in group.corpora}
    return Table(
        "agreement",
        tuple(columns[i] for i in used),
        tuple(tuple(row[i] for i in used) for row in rows),
        (
            "documents read more than once",
            ", ".join(sorted(corpora)),
            "agree: all readers of a document gave it the same category, Wilson interval",
            *(names[columns[i]] for i in used if columns[i] in names),
        ),
        warnings=tuple(_definitions(groups)),
    )


def categories_table(group: AgreementGroup) -> Table:
    """Make a table with a row per category: how often readers agree that a document belongs to it."""
    level = group.measures.percent.level
    rows = tuple(
        (
            category.category,
            f"{category.by_any:,}",
            f"{category.by_all:,}",
            f"{100 * category.by_all / category.by_any:.1f} %",
            range_words(category.interval.low, category.interval.high),
        )
        for category in group.categories
    )
    return Table(
        f"{group.name}: by category",
        ("category", "any reader", "all readers", "agree", f"{100 * level:g} % interval"),
        rows,
        (
            _origin(group),
            "any reader: documents put there by at least one; agree: those put there by all (Wilson)",
        ),
        tuple(filter(None, (effect_on_shares(group),))),
    )


def confused_table(group: AgreementGroup) -> Table:
    """Make a table with a row per confused pair of categories, the most frequent first."""
    readers = group.readers if len(group.readers) == 2 else ()
    rows = tuple(
        (
            f"{pair.one}, {pair.other}",
            f"{len(pair.documents):,}",
            *(f"{pair.given_by(reader):,}" for reader in readers),
            pair.documents[0].document_id[:SHOWN],
        )
        for pair in group.confused_pairs
    )
    return Table(
        f"{group.name}: confused",
        ("categories", "documents", *(f"the first by {reader}" for reader in readers), "one of them"),
        rows,
        (
            _origin(group),
            "to see one: corpuscope ledger show ID --text",
            "all of them: --documents",
            "to decide them: corpuscope adjudicate",
        ),
    )


def documents_table(group: AgreementGroup) -> Table:
    """Make a table with a row per label of each disputed document, in the order of corpora and draws."""
    rows = tuple(
        (document.document_id[:SHOWN], label.reader, label.category, label.event_id, document.corpus)
        for document in group.disputed
        for label in document.readings
    )
    return Table(
        f"{group.name}: documents to look at again",
        ("document", "reader", "category", "event", "corpus"),
        rows,
        (quantity(len(group.disputed), "document"), "to see one: corpuscope ledger show ID --text"),
        prose=True,
    )


def effect_on_shares(group: AgreementGroup) -> str:
    """Describe the effect of the reader on the shares, in one sentence; "" where too few documents can tell."""
    measures, effects = group.measures, group.reader_effects
    if measures.agreeing == measures.n:
        most = 100 * (1 - measures.percent.low)
        return (
            f"no disagreement, so the reader makes no difference here; in the whole corpus at most {most:.1f} % "
            "of the documents would be disputed"
        )
    if not effects:
        return ""
    tests = f"McNemar's mid-p, Holm over {len(effects):,} tests"
    alpha = 1 - measures.percent.level
    proved = [effect for effect in effects if effect.p < alpha]
    if not proved:
        return (
            f"no category is established to depend on the reader ({tests}); the intervals of shares cover sampling "
            "error only"
        )
    largest = proved[0]
    low, high = 100 * largest.interval.low, 100 * largest.interval.high
    return (
        f"the share of {largest.category} depends on the reader: {largest.first} {largest.counts[0]:,}, "
        f"{largest.second} {largest.counts[1]:,} of the same {largest.n:,} documents, "
        f"{100 * largest.difference:+.1f} pp [{low:+.1f}, {high:+.1f}], {p_in_words(largest.p)} ({tests}); "
        "the intervals of shares cover sampling error only"
    )


def nothing_to_compare(documents: int) -> str:
    """Explain why there is no agreement to measure and what to do; `documents` is the number labelled."""
    so_far = f"{documents:,} labelled once" if documents else "no labels yet"
    return (
        f"Nobody labelled a document twice ({so_far}): let another person label the same corpora in this folder with "
        "--annotator NAME; they are shown the same documents."
    )


def _measures(group: AgreementGroup) -> tuple[str, ...]:
    measures, kappa = group.measures, group.measures.kappa
    return (
        group.name,
        f"{measures.n:,}",
        f"{100 * measures.share:.1f} %",
        range_words(measures.percent.low, measures.percent.high),
        _kappa_words(measures.weighted_kappa),
        f"{kappa.value:.2f}" if kappa else "",
        f"{kappa.interval.low:.2f} to {kappa.interval.high:.2f}" if kappa and kappa.interval else "",
        _coefficient(measures.ac1) if measures.dominated else "",
        _coefficient(measures.alpha) if len(group.readers) > 2 else "",
    )


def _kappa_words(kappa: Kappa | None) -> str:
    """Format a kappa with its interval, which it has except at 1 and -1."""
    return _coefficient(Coefficient(kappa.value, kappa.interval)) if kappa else ""


def _coefficient(coefficient: Coefficient | None) -> str:
    """Format a coefficient with its interval, or with one decimal where it has none."""
    if coefficient is None:
        return ""
    if coefficient.interval is None:
        return f"{coefficient.value:.1f}"
    return f"{coefficient.value:.2f} ({coefficient.interval.low:.2f} to {coefficient.interval.high:.2f})"


def _origin(group: AgreementGroup) -> str:
    parts = [f"{key}: {count:,}" for key, count in group.corpora.items()]
    origin = f"n = {quantity(len(group.documents), 'document')} ({', '.join(parts)})"
    if not group.skipped:
        return origin
    return f"{origin}, {group.skipped:,} more {inflected(group.skipped, 'was', 'were')} skipped by one"


def _definitions(groups: Sequence[AgreementGroup]) -> Iterator[str]:
    """Yield what is to be said about the definitions that the readers had; the unknown ones of the first group only."""
    for group in groups:
        if group.redefined:
            yield (
                f"{group.name}: the definitions of the categories changed between the readings of "
                f"{group.redefined:,} of {len(group.documents):,} documents, so disagreement may be one of words."
            )
    if unknown := next((group for group in groups if group.undefined), None):
        yield (
            f"{unknown.name}: under which definitions {unknown.undefined:,} of {len(unknown.documents):,} documents "
            "were read is unknown, because labels of other tools do not say."
        )


BEGINNING = 60
"""Terminal cells of a document's beginning that identify it in the list of misses."""

Answers = Sequence[tuple[str, str, str, str]]
"""For each answer the category given, the one expected, the reason for it, and the document's text."""


def practice_table(answers: Answers, categories: Sequence[str]) -> Table:
    """Make the table of a reader's agreement with the reference answers."""
    code_of = {category: code for code, category in enumerate(categories)}
    codes = [[code_of[answer[side]] for answer in answers] for side in (0, 1)]
    measures = agreement(codes, categories)
    kappa = f"{measures.kappa.value:.2f}" if measures.kappa else ""
    row = (
        "you and the reference",
        f"{measures.n:,}",
        f"{100 * measures.share:.1f} %",
        range_words(measures.percent.low, measures.percent.high),
        kappa,
    )
    columns = ("readers", "documents", "agree", "95 % interval", "kappa")
    return Table("practice", columns, (row,), ("Wilson interval", "not saved"))


def missed_lines(answers: Answers) -> list[str]:
    """Write two lines per wrong answer: the document's beginning, then both categories and the reason."""
    lines = []
    for given, expected, reason, text in answers:
        if given != expected:
            lines += [one_line(" ".join(text.split()), BEGINNING), f"- {expected}, not {given}: {reason}"]
    missed = len(lines) // 2
    differ = inflected(missed, "differs", "differ")
    return [f"{missed:,} of {len(answers):,} {differ} from the reference", *lines] if missed else []
