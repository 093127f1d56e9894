"""What a practice came to, as tables of words."""

from collections.abc import Sequence

from corpuscope.domain.visible import one_line
from corpuscope.results.tables import Table
from corpuscope.stats.agreement import agreement

BEGINNING = 32
"""Cells of a document's beginning that are shown, to know it again."""


def practice_tables(answers: Sequence[tuple[str, str, str, str]], categories: Sequence[str]) -> list[Table]:
    """Agreement with the reference, then every miss. An answer is (given, expected, reason, text)."""
    place = {category: number for number, category in enumerate(categories)}
    codes = [[place[answer[side]] for answer in answers] for side in (0, 1)]
    found = agreement(codes, categories)
    low, high = 100 * found.percent.low, 100 * found.percent.high
    kappa = f"{found.kappa.value:.2f}" if found.kappa else ""
    tables = [
        Table(
            "practice",
            ("readers", "documents", "agree", "95 % interval", "kappa"),
            (
                (
                    "you and the reference",
                    f"{found.n:,}",
                    f"{100 * found.share:.1f} %",
                    f"{low:.1f} to {high:.1f} %",
                    kappa,
                ),
            ),
            ("Wilson interval", "kept nowhere"),
        )
    ]
    missed = tuple(
        (given, expected, reason, one_line(text, BEGINNING))
        for given, expected, reason, text in answers
        if given != expected
    )
    if missed:
        count = f"{len(missed):,} of {found.n:,} documents"
        columns = ("you said", "reference", "because", "document")
        tables.append(Table("missed", columns, missed, (count,), prose=True))
    return tables
