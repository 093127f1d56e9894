"""Rows of the list of corpora and of the panel below it, computed from plain values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len, set_cell_size

from corpuscope.corpora.known import KNOWN
from corpuscope.domain.corpus import short_revision
from corpuscope.session.study_plan import CorpusStatus
from corpuscope.text.quantities import duration, label_pace, quantity
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.line_items import progress_bar
from corpuscope.tui.widgets.painting import StyledRun
from corpuscope.tui.widgets.rows_panel import PanelRow, paragraph

MARK, NO_MARK = "● ", "  "
"""Stand before a corpus that is marked to be labelled with others, and before another one."""
MUTED = "$foreground-muted"
NAME = 22
"""Most cells of the name of a corpus."""
LABELS, PACE, LEFT, USED, TOKENS = 13, 11, 14, 13, 8
"""Cells of the columns: labels and target, pace, time left, last use, tokens."""
WITH_USED = 66
"""Width in cells from which the last use is shown."""
WITH_PACE = 100
"""Width in cells from which the time per label is shown."""
LEAST_BAR = 3
"""Cells that a bar needs more than."""
SECONDS = 10
"""Seconds per label assumed before there is a pace."""
AROUND_LIST = 3
"""Rows of a list beside its corpora: the frame and the heading."""
LEAST_DETAILS = 8
"""Rows below which the panel of details is left out."""
BUDGETS = (50, 200, 400, 1000)
"""Numbers of labels for which it is said what they buy."""


def panel_heights(rows: int, start: int, own: int, ready: int) -> tuple[int, int, int, int]:
    """Return the rows of introduction, own corpora, ready corpora and details in a screen with `rows` for them.

    `start` is the number of rows of the introduction, `own` and `ready` are numbers of corpora. What has no room left
    gets no rows.
    """
    own_rows, ready_rows = own + AROUND_LIST if own else 0, ready + AROUND_LIST
    own_rows = min(own_rows, max(rows - start - ready_rows, rows // 2))
    ready_rows = min(ready_rows, rows - start - own_rows)
    left = rows - start - own_rows - ready_rows
    if left >= LEAST_DETAILS:
        return start, own_rows, ready_rows, left
    return start, own_rows, ready_rows + left, 0


def name_width(statuses: Sequence[CorpusStatus]) -> int:
    """Return the cells of the column of names."""
    return min(max((cell_len(one_line(s.corpus.title)) for s in statuses), default=6), NAME) + 1


def own_heading(width: int, names: int) -> str:
    """Return the heading of the corpora of the study."""
    pace = f"{'per label':>{PACE}}" if width >= WITH_PACE else ""
    head = f"{NO_MARK}{'corpus':<{names}}{'labels':>{LABELS}}"
    used = f"{'last used':<{USED}}" if width >= WITH_USED else ""
    tail = f"{pace}  {'left':<{LEFT}}{used}"
    return head + tail.rjust(width - cell_len(head))


def own_cells(
    status: CorpusStatus, names: int, width: int, now: datetime, *, marked: bool
) -> list[StyledRun]:
    """Return the row of a corpus of the study: labels, bar, pace, time left and last use."""
    target, labelled = status.target or 0, status.labelled
    count = "…" if labelled is None else f"{labelled:,} / {target:,}" if target else f"{labelled:,}"
    per_label = "" if status.pace is None else label_pace(status.pace)
    reached = labelled is not None and labelled >= target > 0
    left = "plan reached" if reached else ""
    if labelled is not None and target and not reached:
        minutes = (target - labelled) * (status.pace or SECONDS) / 60
        left = ("" if status.pace else "about ") + duration(minutes)
    tail = [(f"{per_label:>{PACE}}", MUTED)] if width >= WITH_PACE else []
    tail += [
        (f"  {left:<{LEFT}}", "$success" if reached else ""),
        *([(set_cell_size(day(status.last_used, now), USED), MUTED)] if width >= WITH_USED else []),
    ]
    head = [
        (MARK if marked else NO_MARK, "$accent"),
        (_cell(status.corpus.title, names), ""),
        (f"{count:>{LABELS}}", "bold"),
    ]
    room = width - sum(cell_len(text) for text, _ in (*head, *tail)) - 2
    shown = target and room > LEAST_BAR
    bar = progress_bar(labelled or 0, target, room).runs if shown else [(" " * max(room, 0), "")]
    return [*head, ("  ", ""), *bar, *tail]


def ready_heading(names: int) -> str:
    """Return the heading of the corpora that can be labelled at once."""
    return f"{NO_MARK}{'corpus':<{names}}{'tokens':>{TOKENS}}   what it is"


def ready_cells(
    name: str, tokens: str, description: str, names: int, width: int, *, marked: bool
) -> list[StyledRun]:
    """Return the row of a corpus that is not in the study."""
    room = max(width - names - TOKENS - 5, 0)
    return [
        (MARK if marked else NO_MARK, "$accent"),
        (_cell(name, names), ""),
        (f"{tokens:>{TOKENS}}   ", MUTED),
        (one_line(description, room), MUTED),
    ]


def published_tokens(key: str) -> str:
    """Return the published size of a known corpus in tokens, "" where none is published."""
    size = KNOWN[key].size if key in KNOWN else None
    if size is None:
        return ""
    unit, name = (1e12, "T") if size.tokens >= 1e12 else (1e9, "B")
    return f"{size.tokens / unit:.3g} {name}"


def day(moment: datetime | None, now: datetime) -> str:
    """Return a time as "today 14:10", "yesterday" or "26 Nov", in local time; "" for None."""
    if moment is None:
        return ""
    local, today = moment.astimezone(), now.astimezone()
    days = (today.date() - local.date()).days
    if days == 0:
        return f"today {local:%H:%M}"
    if days == 1:
        return "yesterday"
    return f"{local.day} {local:%b}" + (f" {local.year}" if local.year != today.year else "")


def introduction(
    width: int, target: int, keys: Sequence[str], *, marked: int = 0, roomy: bool
) -> list[PanelRow]:
    """Return what the app is and the three things to do first, with the keys of practice and demo and enter.

    `marked` is the number of corpora marked to be labelled together.
    """
    question, sample = ("What is in a pretraining corpus? ", "it") if roomy else ("", "a pretraining corpus")
    text = (
        f"{question}Read a fair random sample of {sample}, press one key per document, "
        "get the share of each category with an honest interval."
    )
    rows = [*([()] if roomy else []), *paragraph(text, min(width, 86)), ()]
    choices = (
        ("practice", "20 documents with known answers; nothing is saved", "3 min"),
        ("demo", "bundled documents, no network", "any time"),
        (
            "label",
            f"the {marked:,} marked corpora, mixed and blind"
            if marked > 1
            else "the corpus under the cursor",
            f"{quantity(target, 'label')}: {duration(target * SECONDS / 60)}",
        ),
    )
    for key, (name, whole, time) in zip(keys, choices, strict=True):
        what = one_line(whole, max(width - 19, 1))
        left = f"  {key:<7}{name:<10}{what}"
        gap = width - cell_len(left) - cell_len(time)
        row: list[StyledRun] = [(f"  {key:<7}", "bold $accent"), (f"{name:<10}", "bold"), (what, "")]
        rows.append([*row, (" " * gap + time, MUTED)] if gap > 1 else row)
    return rows


def details(status: CorpusStatus, width: int) -> list[PanelRow]:
    """Return where a corpus comes from and how its documents are drawn."""
    corpus = status.corpus
    parts = (corpus.path, corpus.name, corpus.split if corpus.kind == "hub" else None)
    source = " ".join(part for part in parts if part)
    facts = [
        f"revision {short_revision(status.revision)}" if status.revision else "revision pinned on first use"
    ]
    facts += [f"licence {corpus.licence}"] if corpus.licence else []
    return [
        ((one_line(source, width), ""),),
        ((one_line(" · ".join(facts), width), MUTED),),
        (),
        *paragraph(status.uniform, width),
    ]


def budgets(target: int) -> list[PanelRow]:
    """Return what numbers of labels buy: time, the widest interval, and the upper end of a category not met."""
    from corpuscope.stats.intervals import wilson

    rows: list[PanelRow] = [
        (),
        (
            (
                f"{'labels':>8}   {f'at {SECONDS} s':<12}{'widest interval':<18}a category not met is at most",
                MUTED,
            ),
        ),
    ]
    for labels in sorted({*BUDGETS, target}):
        half = 100 * wilson(labels / 2, labels).half_width
        unseen = 100 * wilson(0, labels).high
        text = f"   {duration(labels * SECONDS / 60):<12}{f'±{half:.0f} points':<18}{unseen:.1f} %"
        planned = labels == target
        rows.append(
            ((f"{labels:>8,}", "bold" if planned else ""), (text, ""), ("   planned" * planned, "$success"))
        )
    return rows


def _cell(text: str, width: int) -> str:
    return set_cell_size(one_line(text, width), width)
