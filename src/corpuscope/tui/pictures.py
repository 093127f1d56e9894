"""Summaries and comparisons as tables with bars."""

from collections.abc import Sequence
from functools import partial

from textual.content import Content

from corpuscope.analysis.comparisons import Pair
from corpuscope.report.comparison_tables import comparison_table
from corpuscope.report.tables import corpus_table
from corpuscope.report.text_layout import GAP, table_width
from corpuscope.stats.comparison import Difference, Verdict
from corpuscope.stats.distribution import Share
from corpuscope.stats.summary import CorpusSummary
from corpuscope.tui.difference_bar import difference_axis, difference_bar, symmetric_scale
from corpuscope.tui.interval_bar import common_scale, interval_bar
from corpuscope.tui.tables import LEAST, Bars, drawn_table


def drawn_corpora(corpora: Sequence[CorpusSummary], width: int, to: float | None = None) -> Content:
    """One table per corpus, with bars on one common scale, and what is left to do to +- `to`."""
    shares = [share for corpus in corpora if corpus.distribution.n for share in corpus.distribution.shares]
    scale = common_scale([share.interval.high for share in shares])
    tables = [drawn_table(corpus_table(corpus, to), width, _share_bars(corpus, scale)) for corpus in corpora]
    return Content("\n").join(tables)


def drawn_pair(pair: Pair, width: int) -> Content:
    """A comparison with bars around zero; below it, and where there is room in it, the shares of both corpora."""
    whole = comparison_table(pair)
    roomy = table_width(whole) + len(GAP) + 2 * LEAST <= width
    bars = _difference_bars(pair.comparison.by_size)
    drawn = drawn_table(whole if roomy else comparison_table(pair, shares=False), width, bars)
    return Content("\n").join([drawn, drawn_corpora((pair.first, pair.second), width)])


def _share_bars(corpus: CorpusSummary, scale: float) -> Bars:
    def axis(width: int) -> str:
        return f"0{f'{100 * scale:.0f} %'.rjust(width - 1)}"

    def bar(share: Share, width: int) -> str:
        return interval_bar(share.interval.low, share.share, share.interval.high, width, scale)

    shares = corpus.distribution.shares
    return Bars(axis, [partial(bar, share) for share in shares], ["$primary"] * len(shares))


def _difference_bars(differences: Sequence[Difference]) -> Bars:
    scale = symmetric_scale([end for each in differences for end in (each.interval.low, each.interval.high)])

    def bar(each: Difference, width: int) -> str:
        return difference_bar(each.interval.low, each.difference, each.interval.high, width, scale)

    styles = [
        "$foreground-muted" if each.verdict is Verdict.NOT_SHOWN else "$primary" for each in differences
    ]
    return Bars(partial(difference_axis, scale=scale), [partial(bar, each) for each in differences], styles)
