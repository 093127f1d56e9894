"""The tables that follow the shares of a corpus where its scheme is ordinal or has a cross-walk."""

from __future__ import annotations

from corpuscope.report.crossed_shares import crossed_shares_table
from corpuscope.report.ordinal_tables import ordinal_table
from corpuscope.report.tables import Table
from corpuscope.stats.summary import CorpusSummary


def further_tables(corpus: CorpusSummary) -> list[Table]:
    """Return the table of the scale, then that of the shares crossed to the seven; none for most schemes."""
    return [table for table in (ordinal_table(corpus), crossed_shares_table(corpus)) if table is not None]
