"""Tests of what a model is told, and of what is read out of its reply."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from corpuscope.annotate.prompt import HEAD, TAIL, Prompt, prompt_excerpt
from corpuscope.annotate.reply import MOST_WORDS, category_in, probabilities_in, quoted, reply_of
from corpuscope.config.category_file import load_scheme
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import MOST_CHARACTERS

SEVEN = load_scheme(None)
NAMES = ("News", "Newsletter", "Q & A", "Forum")
KEYS = ("1", "2", "3", "4")


def test_the_prompt_holds_every_word_of_the_guide() -> None:
    message = Prompt.of(SEVEN).system
    for category in SEVEN.categories:
        lines = [f"{' '.join(category.keys)} {category.name}", category.definition]
        lines += [f"here: {category.includes}"] * bool(category.includes)
        lines += [f"not: {category.excludes}"] * bool(category.excludes)
        assert "\n".join(lines) in message


def test_groups_of_categories_stand_in_the_prompt_as_headings() -> None:
    first, second, *others = SEVEN.categories
    scheme = CategoryScheme((replace(first, group="Long form"), replace(second, group="Long form"), *others))
    assert Prompt.of(scheme).system.count("\nLong form\n\n1 e Educational\n") == 1


def test_the_prompts_hash_changes_with_a_definition_and_with_nothing_else() -> None:
    one = Prompt.of(SEVEN)
    first, *others = SEVEN.categories
    assert Prompt.of(CategoryScheme((replace(first, colour="red"), *others))).hash == one.hash
    assert Prompt.of(CategoryScheme((replace(first, definition="else"), *others))).hash != one.hash


def test_of_a_long_document_the_model_sees_the_beginning_and_the_end() -> None:
    text = "a" * HEAD + "b" * 1_234 + "c" * TAIL
    excerpt, truncated = prompt_excerpt(text)
    assert truncated
    assert excerpt == "a" * HEAD + "\n\n[... 1,234 characters left out ...]\n\n" + "c" * TAIL
    assert prompt_excerpt(text[: HEAD + TAIL]) == (text[: HEAD + TAIL], False)
    assert prompt_excerpt(text[: HEAD + TAIL + 1])[1]
    assert (HEAD, TAIL) == (6_000, 2_000)  # docs/how-to/second-reader.md names them


def test_a_labelled_document_is_shown_as_a_pool_would_keep_it() -> None:
    text = "word \ud800 " * MOST_CHARACTERS
    kept = text[:MOST_CHARACTERS].replace("\ud800", "\ufffd")
    assert prompt_excerpt(text) == prompt_excerpt(kept)


def test_braces_and_marks_in_a_document_stay_as_they_are() -> None:
    hostile = "{text} {mark} {0} ===== %s"
    assert hostile in Prompt.of(SEVEN).messages(hostile)[1]["content"]


@pytest.mark.parametrize(
    ("reply", "category"),
    [
        ('{"category": "News"}', "News"),
        ('```json\n{"category": "Q & A"}\n```', "Q & A"),
        ('<think>It is not News.</think>\n{"category": "Forum"}', "Forum"),
        ("Forum", "Forum"),
        (" **forum**\n", "Forum"),
        ("Newsletter.", "Newsletter"),
        ("News, since it reports", "News"),
        ("3", "Q & A"),
        ('{"category": "4"}', "Forum"),
        ('{"category": 4}', "Forum"),
        ("Newspaper", None),
        ("Forums, I think", None),
        ("It is News", None),
        ("not Forum", None),
        ("5", None),
        ('{"category": null}', None),
        ('{"category": ["News"]}', None),
        ('"Forum"', "Forum"),
        ("", None),
        ("{" * 5_000, None),
    ],
)
def test_a_reply_names_a_category_or_none(reply: str, category: str | None) -> None:
    assert category_in(reply, NAMES, KEYS) == category


def test_the_longest_name_that_a_reply_begins_with_counts() -> None:
    assert category_in("News room, I think", ("News", "News room"), ("1", "2")) == "News room"


def test_a_number_of_a_scale_is_its_name_before_it_is_the_key_of_another() -> None:
    assert category_in("2", ("1", "2", "3"), ("0", "1", "2")) == "2"
    assert category_in('{"category": 0.5}', ("0", "0.5"), ("0", "1")) == "0.5"


@pytest.mark.parametrize(
    ("reply", "category"),
    [
        ("3.7", None),
        ('{"category": 3.5}', None),
        ("2-3", None),
        ("2,5 or so", None),
        ("3.0", "3"),
        ('{"category": 3.0}', "3"),
        ("3. It explains", "3"),
        ("3, since 2 is too low", "3"),
    ],
)
def test_a_number_between_two_of_a_scale_is_not_rounded(reply: str, category: str | None) -> None:
    assert category_in(reply, ("0", "1", "2", "3"), ("a", "b", "c", "d")) == category


def test_a_number_between_two_levels_is_not_rounded() -> None:
    levels, keys = ("Level 1", "Level 2"), ("1", "2")
    assert category_in("Level 2, since it explains", levels, keys) == "Level 2"
    assert category_in("Level 2.5", levels, keys) is None


def test_on_a_scale_a_number_is_the_name_of_a_category_before_it_is_a_key() -> None:
    names, keys = ("0", "1", "2"), ("1", "2", "3")
    assert [category_in(reply, names, keys) for reply in ("1", '{"category": 1}', "3", "2 of 5", "12")] == [
        *("1", "1", "2", "2", None)
    ]


def logs(**probabilities: float) -> list[tuple[str, float]]:
    return [(token, math.log(value)) for token, value in probabilities.items()]


def test_probabilities_come_from_the_first_token_that_tells_categories_apart() -> None:
    tokens = [
        ('{"category": "', logs(**{'{"category": "': 1.0})),
        ("Forum", logs(Forum=0.7, Q=0.2, New=0.05, xyz=0.05)),
        ('"}', logs(**{'"}': 0.5})),
    ]
    assert probabilities_in(tokens, NAMES) == {"Q & A": 0.2, "Forum": 0.7}


def test_categories_that_begin_alike_are_told_apart_by_later_tokens() -> None:
    tokens = [
        ('{"', logs(**{'{"': 1.0})),
        ('category": "News', [('category": "News', math.log(0.8)), ('category": "Forum', math.log(0.2))]),
        ('"}', logs(**{'"}': 0.9, "letter": 0.1})),
    ]
    assert probabilities_in(tokens, NAMES) == {"News": 0.72, "Newsletter": 0.08, "Forum": 0.2}


def test_a_plain_reply_has_probabilities_too() -> None:
    assert probabilities_in([("News", logs(News=0.6, Forum=0.4))], NAMES) == {"News": 0.6, "Forum": 0.4}


def test_probabilities_that_rounding_takes_above_one_are_one() -> None:
    alternatives = [("Forum", math.log(0.75)), ("For", math.log(0.250004))]
    assert probabilities_in([("Forum", alternatives)], NAMES) == {"Forum": 1.0}


def test_probabilities_that_add_up_to_more_than_one_are_none() -> None:
    assert probabilities_in([("Forum", logs(Forum=0.75, Q=0.26))], NAMES) == {"Q & A": 0.26, "Forum": 0.75}
    assert probabilities_in([("Forum", logs(Forum=0.75, Q=0.27))], NAMES) is None
    assert probabilities_in([("Forum", logs(Forum=1.0, Q=1.0))], NAMES) is None


def test_probabilities_have_six_decimals() -> None:
    assert probabilities_in([("Forum", logs(Forum=2 / 3))], NAMES) == {"Forum": 0.666667}


@pytest.mark.parametrize(
    "tokens",
    [
        [],
        [("Spam", logs(Spam=1.0))],
        [('Forums"', [('Forums"', 0.0)])],
        [('{"label": "', logs(x=1.0)), ("Forum", logs(Forum=1.0))],
    ],
)
def test_where_probabilities_cannot_be_told_there_are_none(
    tokens: list[tuple[str, list[tuple[str, float]]]],
) -> None:
    assert probabilities_in(tokens, NAMES) is None


def completion(**usage: object) -> dict[str, object]:
    return {"choices": [{"message": {"content": "News"}}], "usage": usage}


@pytest.mark.parametrize(
    ("sent", "count"), [(0, 0), (7, 7), (-1, None), (True, None), ("7", None), (7.0, None), (2**63, None)]
)
def test_a_server_counts_tokens_in_whole_numbers_or_not_at_all(sent: object, count: int | None) -> None:
    reply = reply_of(completion(prompt_tokens=sent, completion_tokens=sent), "schema")
    assert (reply.tokens_in, reply.tokens_out) == (count, count)


def test_a_token_without_alternatives_is_its_own() -> None:
    body = completion()
    news = {"token": "News", "logprob": -0.5, "top_logprobs": []}
    forum = {"token": " or", "logprob": -1, "top_logprobs": [{"token": " and", "logprob": -2}]}
    body["choices"] = [{"message": {"content": "News or"}, "logprobs": {"content": [news, forum]}}]
    assert reply_of(body, "schema").tokens == [("News", [("News", -0.5)]), (" or", [(" and", -2.0)])]


@pytest.mark.parametrize(
    "body", [None, [], {}, {"choices": []}, {"choices": [{}]}, {"choices": [{"message": 1}]}]
)
def test_what_is_no_chat_completion_is_quoted(body: object) -> None:
    with pytest.raises(ValueError, match=r"^the server sent no chat completion: "):
        reply_of(body, "schema")


def test_a_server_is_quoted_in_one_line_of_limited_length() -> None:
    assert quoted("too\n  many", 429) == "HTTP 429: too many"
    assert quoted("busy") == "busy"
    assert quoted("x" * MOST_WORDS + "y") == "x" * MOST_WORDS


def test_a_probability_that_is_no_number_leaves_the_reply_without_any() -> None:
    body = completion()
    token = {"token": "News", "logprob": math.nan, "top_logprobs": []}
    body["choices"] = [{"message": {"content": "News"}, "logprobs": {"content": [token]}}]
    assert reply_of(body, "schema").tokens == []


def test_half_characters_of_a_server_become_replacement_characters() -> None:
    """Servers that cut a reply between the halves of a character send one half, which no file can hold."""
    body = completion() | {"model": "bot\ud83d"}
    body["choices"] = [{"message": {"content": "It is \ud83d"}, "finish_reason": "length"}]
    reply = reply_of(body, "schema")
    assert (reply.text, reply.model, reply.cut_off) == ("It is \ufffd", "bot\ufffd", True)
    assert quoted("busy \ud83d") == "busy \ufffd"
