"""What a practice came to: a table of the agreement, and every miss in words."""

from collections.abc import Sequence

from corpuscope.results.tables import Table
from corpuscope.stats.agreement import agreement
from corpuscope.text.terminal_text import one_line

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
