"""Prints the shares that follow from WebOrganizer's formats, with the cross-walk they follow by."""

import csv
import sys
from collections.abc import Sequence
from dataclasses import asdict

from corpuscope.analysis.comparisons import overview
from corpuscope.cli.printing import print_json, print_tables, summary_json
from corpuscope.report.crosswalk_table import PROPOSAL, crossed_table, crosswalk_table
from corpuscope.stats.reference import WEBORGANIZER, WEBORGANIZER_SOURCE, cross
from corpuscope.stats.sample import Sample


def print_crossed(own: Sequence[Sample], level: float, form: str) -> tuple[str, ...]:
    """Prints the cross-walk, and its shares beside the token shares of `own`.

    Returns a sentence about each corpus that has no token counts.
    """
    beside = overview(own, level=level, weighting="tokens")
    walk, shares = crosswalk_table(), crossed_table(beside.summary)
    match form:
        case "json":
            print_json(
                {
                    "source": WEBORGANIZER_SOURCE,
                    "note": PROPOSAL,
                    "crosswalk": [asdict(each) for each in WEBORGANIZER],
                    "shares": [asdict(each) for each in cross()],
                    "own": summary_json(beside.summary)["corpora"],
                }
            )
        case "csv":
            rows = csv.writer(sys.stdout, lineterminator="\n")
            for table in (walk, shares):
                rows.writerows([table.columns, *table.rows])
        case _:
            print_tables([walk, shares], form)
    return beside.left_out
