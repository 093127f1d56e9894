"""Tests of which actions a footer shows, and which of them a narrow footer keeps longest."""

from __future__ import annotations

from itertools import groupby

from corpuscope.config.actions import GROUPS, LABELLING, Action


def by_rank(actions: list[Action]) -> str:
    """Return the actions that the narrowest footer keeps first, with a semicolon before those of the next rank."""
    in_order = sorted(actions, key=lambda action: action.rank)
    ranks = groupby(in_order, key=lambda action: action.rank)
    return "; ".join(f"{rank} {', '.join(a.description for a in group)}" for rank, group in ranks)


def test_a_narrow_footer_keeps_the_keys_of_the_lowest_rank() -> None:
    assert {
        group.name: by_rank([action for action in group.actions if action.footer]) for group in GROUPS
    } == {
        "Labelling": "3 undo; 4 skip, bookmark, note, find; 5 guide; 6 summary; 10 exact",
        "Reading": "",
        "Browse": "3 next, back; 4 bookmark, note, find; 5 corpora; 6 guide; 7 url; 8 copy; 10 exact",
        "Plan reached": "3 go on; 4 summary; 5 compare, corpora; 6 undo",
        "Corpora": "4 label; 5 summary; 8 browse; 9 mark, review; 10 practice, demo",
        "Summary": "3 back; 4 view, compare; 5 mixture, method; 6 tokens, review; "
        "8 interval, plan, agreement; 9 assist; 10 lengths",
        "Compare": "3 back; 4 next pair; 7 method; 8 mixture; 9 published, tokens; 10 assist",
        "Mixture": "3 back; 4 weight; 5 corpus; 6 budget, keep, method; "
        "7 what if; 8 next labels; 9 at least; 10 alone, next mix, assisted",
        "Review": "2 back; 3 open; 4 find; 5 category; 6 clear; 9 corpus, who, flags, url; 10 odd, sort, jump, copy",
        "Agreement": "3 back; 4 open documents, adjudicate; 9 other readers, method",
        "Everywhere": "1 help; 2 quit",
    }


def test_keys_that_only_an_earlier_document_shows_have_a_rank_there() -> None:
    hidden = [action for action in LABELLING.actions if not action.footer]
    assert (
        by_rank(hidden)
        == "3 current; 4 back, forward; 9 unsure, url, copy, next match, previous match, categories, corpora"
    )


def test_keys_of_reading_work_where_a_document_or_a_long_list_is_shown() -> None:
    assert [group.name for group in GROUPS if group.scrolls] == ["Labelling", "Browse", "Review", "Agreement"]


def test_category_keys_work_on_the_labelling_screen_alone() -> None:
    assert [group for group in GROUPS if group.beside_document] == [LABELLING]


def test_a_category_may_have_the_key_of_an_action_that_can_be_spared() -> None:
    assert [action.id for group in GROUPS for action in group.actions if action.yields] == [
        "label.unsure",
        "document.url",
        "document.copy",
    ]
