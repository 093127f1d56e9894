"""One's own labels crossed to the seven built-in categories, as a table and as JSON."""

from __future__ import annotations

from dataclasses import asdict

from corpuscope.report.tables import Table, interval_words, range_words, share_words
from corpuscope.stats.crosswalk import CrossedShares
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.quantities import quantity

OWN_PROPOSAL = (
    "The cross-walk is a proposal: these categories and the seven were not made for each other. The range in doubt is "
    "what it leaves open, not sampling error."
)
"""Warning above the crossed shares of one's own labels."""


def crossed_shares_table(corpus: CorpusSummary) -> Table | None:
    """Make the table of one's own labels crossed to the seven categories; None without a cross-walk."""
    crossed = corpus.crossed
    if crossed is None:
        return None
    shares = crossed.distribution
    rows = tuple(
        (
            share.category,
            f"{share.count:,}",
            share_words(share, shares),
            interval_words(share, shares.n),
            range_words(doubt.least, doubt.most),
        )
        for share, doubt in zip(shares.shares, crossed.doubts, strict=True)
    )
    return Table(
        f"{corpus.corpus}: crossed to the seven categories",
        ("category", "labels", "share", f"{100 * shares.level:g} % interval", "in doubt"),
        rows,
        (
            f"n = {shares.n:,}",
            f"{quantity(crossed.doubtful, 'label')} of categories that may belong elsewhere",
            f"shares of {shares.weighting}",
            f"intervals ({shares.method})",
        ),
        warnings=(OWN_PROPOSAL,),
    )


def crossed_shares_json(crossed: CrossedShares) -> dict[str, object]:
    """Return the crossed shares, unrounded."""
    return {
        "doubtful": crossed.doubtful,
        "shares": [
            {
                "category": share.category,
                "count": share.count,
                "share": share.share,
                **asdict(share.interval),
                "least": doubt.least,
                "most": doubt.most,
            }
            for share, doubt in zip(crossed.distribution.shares, crossed.doubts, strict=True)
        ],
    }
