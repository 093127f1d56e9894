"""Test short texts of screens: pools that are drawn, the score of a practice, pastes that do nothing."""

from __future__ import annotations

import pytest

from corpuscope.session.pool_drawer import PoolProgress
from corpuscope.session.practice import PracticeAnswer
from corpuscope.tui.screens.practice import score
from corpuscope.tui.screens.responsive import pasted_words
from corpuscope.tui.screens.summary import pools_status
from makers import a_document


@pytest.mark.parametrize(
    ("pool", "words"),
    [
        (PoolProgress("web", 0, 2000), ["drawing the pool of web ──────────────────── 0 of 2,000"]),
        (PoolProgress("web", 1450, 2000), ["drawing the pool of web ━━━━━━━━━━━━━━──────  1,450 of 2,000"]),
        (PoolProgress("web", 2500, 2000), ["drawing the pool of web ━━━━━━━━━━━━━━━━━━━━ 2,500 of 2,000"]),
        (
            PoolProgress("web", 0, 8, "offline"),
            ["drawing the pool of web ──────────────────── 0 of 8 offline"],
        ),
        (PoolProgress("web", 3, 8, problem="no\nroute", done=True), ["pool of web: no␤route"]),
        (PoolProgress("web", 8, 8, done=True), []),
    ],
)
def test_a_pool_says_how_far_it_is_until_it_is_drawn(pool: PoolProgress, words: list[str]) -> None:
    assert [" ".join(item.text.split()) for item in pools_status([pool])] == [
        " ".join(text.split()) for text in words
    ]


def an_answer(given: str, expected: str) -> PracticeAnswer:
    return PracticeAnswer(a_document(), given, "e1", expected, "")


def test_the_score_of_a_practice_names_what_was_missed_the_most_frequent_first() -> None:
    right = an_answer("News", "News")
    assert score([right] * 2) == "2 of 2 agree with the reference."
    missed = [an_answer("News", "Forum"), *[an_answer("Forum", "News")] * 2]
    assert score([right, *missed]).splitlines() == [
        "1 of 4 agrees with the reference.",
        "",
        "News, not Forum: 2",
        "Forum, not News: 1",
    ]


def test_a_paste_where_no_field_is_open_is_counted() -> None:
    assert pasted_words("x") == "1 pasted character ignored: no field is open"
    assert pasted_words("x" * 1200) == "1,200 pasted characters ignored: no field is open"
