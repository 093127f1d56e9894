"""Tests of what filters remove by category."""

from __future__ import annotations

from pathlib import Path

from corpuscope.analysis.filter_effects import LONG, filter_effect, without_lines
from corpuscope.annotate.verdicts import FILTERS, REASONS, VerdictCache, removal_words, verdict_words
from corpuscope.report.quality_filter_tables import QualityFilterResult
from corpuscope.stats.intervals import wilson

KEPT = dict.fromkeys(FILTERS, "")


def test_shares_are_of_the_documents_that_the_filter_could_judge() -> None:
    categories = {"a": "News", "b": "News", "c": "Forum", "d": "Forum"}
    reasons = {"a": "too short", "b": "", "c": None, "d": "too short", "unlabelled": "too short"}
    effect = filter_effect("Gopher", categories, reasons, ("News", "Forum", "Creative"), ("News",))
    assert (effect.all.n, effect.all.removed, effect.unjudged) == (3, 2, 1)
    assert effect.categories["News"].interval == wilson(1, 2)
    assert list(effect.categories) == ["News", "Forum"]
    assert effect.wanted is not None
    assert effect.unwanted is not None
    assert (effect.wanted.share, effect.unwanted.share) == (0.5, 1.0)
    assert effect.reasons == (("too short", 2),)


def test_the_caption_counts_every_labelled_document_and_a_warning_those_not_judged() -> None:
    effect = filter_effect("Gopher", {"a": "News", "b": "News"}, {"a": "", "b": None}, ("News",))
    table, _ = QualityFilterResult((effect,), {"web": 2}, (), "datatrove", 0.95).tables()
    assert table.caption[0] == "n = 2 labelled documents (web: 2)"
    assert table.warnings == ("Gopher could not judge 1 document; it counts nowhere in its row.",)


def findings_of(wanted: tuple[str, ...], categories: dict[str, str]) -> tuple[str, ...]:
    reasons = dict(zip(categories, ("too short", "", "lists", "short lines"), strict=False))
    effect = filter_effect("Gopher", categories, reasons, ("News", "Forum", "Creative"), wanted)
    table, _ = QualityFilterResult((effect,), {"web": len(categories)}, wanted, "datatrove", 0.95).tables()
    return table.findings


def test_what_a_filter_costs_is_said_once_it_is_known_what_is_wanted() -> None:
    labels = {"a": "News", "b": "News", "c": "Forum"}
    assert findings_of((), labels) == (
        "name what you want to keep, as in --want Educational, to see what each filter costs",
    )
    assert findings_of(("News",), labels) == (
        "Gopher removes 50 % (9-91) of what you want and 100 % (21-100) of what you do not",
    )
    assert findings_of(("Creative",), labels) == (
        "Gopher removes nothing (no document) of what you want and 67 % (21-94) of what you do not",
    )


def test_a_category_that_one_filter_could_not_judge_has_an_empty_cell() -> None:
    labels = {"a": "News", "b": "Forum"}
    effects = tuple(
        filter_effect(name, labels, reasons, ("News", "Forum"))
        for name, reasons in (("one", {"a": "", "b": None}), ("any", {"a": "", "b": "lists"}))
    )
    _, by_category = QualityFilterResult(effects, {"web": 2}, (), "datatrove", 0.95).tables()
    assert by_category.rows == (("News", "1", "0 (0-79)", "0 (0-79)"), ("Forum", "1", "", "100 (21-100)"))


def test_texts_without_line_ends_are_recognised_only_where_they_are_many_and_long() -> None:
    flat, lined = "x" * LONG, "x\n" * LONG
    assert "0 of 20 long texts" in without_lines([flat] * 20)
    assert without_lines([flat] * 19) == ""
    assert without_lines([flat] * 19 + [lined]) == ""
    assert without_lines(["short"] * 100) == ""
    assert without_lines(["x" * 999] * 20) == ""
    assert "0 of 20 long texts" in without_lines(["x" * 1_000] * 20)
    assert "1 of 40 long texts" in without_lines([flat] * 39 + [lined])
    assert without_lines([flat] * 38 + [lined] * 2) == ""


def test_the_remark_names_fineweb_before_c4_and_is_silent_about_what_all_keep() -> None:
    assert verdict_words(KEPT) == verdict_words({}) == verdict_words(dict.fromkeys(FILTERS)) == ""
    both = {**KEPT, "gopher-quality": "gopher_short_doc", "c4": "curly_bracket"}
    assert verdict_words(both) == "FineWeb's filters would drop this: too short"
    assert verdict_words({**KEPT, "c4": "curly_bracket"}) == "C4's filters would drop this: a curly bracket"


def test_every_reason_has_words() -> None:
    assert removal_words("top_3_gram") == removal_words("duplicated_5_n_grams") == "repeated phrases"
    assert removal_words("something_new") == "something new"
    assert all("_" not in words for words in REASONS.values())


def test_the_cache_keeps_versions_apart_and_survives_a_torn_line(tmp_path: Path) -> None:
    cache = VerdictCache.in_folder(tmp_path)
    cache.add("1", [("a", KEPT)])
    cache.add("2", [("b", KEPT)])
    with cache.path.open("a") as file:
        file.write('{"version": "2", "sha')
    assert cache.read("1") == {"a": KEPT}
    assert set(cache.read()) == {"a", "b"}
