"""The shares of corpora so far, for the list of corpora and for the end of a plan."""

from __future__ import annotations

from collections.abc import Sequence

from corpuscope.analysis.comparisons import summarise_countable
from corpuscope.analysis.samples import samples_of
from corpuscope.config.actions import REACHED
from corpuscope.config.keymap import Keymap, display_key
from corpuscope.domain.category import CategoryScheme
from corpuscope.report.sentences import leading_sentence
from corpuscope.session.progress import Progress
from corpuscope.session.workspace import Workspace
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.quantities import duration
from corpuscope.text.terminal_text import wrapped
from corpuscope.tui.charts.frames import flowed, styled
from corpuscope.tui.charts.shares import ShareChart
from corpuscope.tui.widgets.category_bar import category_styles
from corpuscope.tui.widgets.rows_panel import PanelRow

REACHED_WORDS = {
    "summary": "every corpus in one chart",
    "compare": "which differences between corpora are established",
    "home": "choose another corpus",
    "go_on": "further labels count as beyond the plan",
}
"""What each key of the panel leads to, by command."""


def summaries_of(workspace: Workspace) -> dict[str, CorpusSummary]:
    """Return the summary of every corpus with labels, by key. Blocks; raises like `Ledger.decisions`."""
    samples = samples_of(workspace.ledger.decisions(), workspace.scheme, workspace.plan.read())
    return {corpus.corpus: corpus for corpus in summarise_countable(samples).summary.corpora}


def chart_rows(
    summaries: Sequence[CorpusSummary], scheme: CategoryScheme, width: int, height: int
) -> list[PanelRow]:
    """Return a chart of the shares with a blank row above it, without gaps where `height` rows hold no more."""
    chart = ShareChart(summaries, category_styles(scheme), width)
    if not chart.row_count or chart.row_count + 2 > height:
        return []
    gaps = chart.row_count + len(scheme.categories) + 1 <= height
    return [(), chart.axis, *chart.rows(gaps=gaps)]


def reached_rows(
    progress: Progress,
    names: str,
    summaries: Sequence[CorpusSummary],
    scheme: CategoryScheme,
    keys: Keymap,
    size: tuple[int, int],
) -> list[PanelRow]:
    """Return the end of a plan: how many labels, the shares, what they say, and where to go from here.

    `size` is that of the panel's content in cells.
    """
    width, height = size
    pace = f"  {progress.pace:.0f} s per label." if progress.pace is not None and progress.pace >= 1 else ""
    minutes = (progress.pace or 0) * progress.labelled / 60
    time = f"  About {duration(minutes)} of reading." if minutes >= 1 else ""
    count = f"{progress.labelled:,} of {progress.target:,} labelled."
    rows: list[PanelRow] = [
        *flowed([(f"{names}: {count}", "bold"), (time + pace, "$foreground-muted")], width)
    ]
    actions = [action for action in keys.of(REACHED) if action.command in REACHED_WORDS]
    choices: list[PanelRow] = []
    for action in actions:
        key, word = f"{display_key(action.keys[0]):>7}  ", f"{action.description:<10}"
        first, *others = wrapped(REACHED_WORDS[action.command], max(width - len(key) - len(word), 1))
        choices.append(((key, "bold $accent"), (word, "bold"), (first, "$foreground-muted")))
        choices += [((" " * len(key + word) + other, "$foreground-muted"),) for other in others]
    sentences = [
        row
        for summary in summaries
        if not summary.distribution.pending
        for row in flowed(styled(leading_sentence(summary), category_styles(scheme)), width)
    ]
    room = height - len(rows) - len(choices) - len(sentences) - 2
    return [*rows, *chart_rows(summaries, scheme, width, room), (), *sentences, (), *choices]
