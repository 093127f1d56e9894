"""Test that labels given under earlier categories are counted under today's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from corpuscope.domain.category import Category, CategoryScheme
from ledger_fakes import Scribe, read
from makers import a_scheme


def a_changed_scheme(*categories: tuple[str, tuple[str, ...]], split: tuple[str, ...] = ()) -> CategoryScheme:
    return CategoryScheme(
        tuple(Category(str(i), name, name, formerly=former) for i, (name, former) in enumerate(categories)),
        split,
    )


def test_a_renamed_category_keeps_its_labels(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1, "Ads")
        scribe.label(2, "Advertising")
    scheme = a_changed_scheme(("Advertising", ("Ads",)), ("News", ()))
    decisions = read(tmp_path)
    assert decisions.counts("web", scheme=scheme) == {"Advertising": 2, "News": 0}
    assert decisions.labels("web", scheme).codes.tolist() == [0, 0]
    assert decisions.unknown(scheme) == {}


def test_merged_categories_count_together(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for draw, category in enumerate(["Blogs", "Recipes", "Jokes"]):
            scribe.label(draw, category)
    scheme = a_changed_scheme(("Creative", ("Blogs", "Recipes", "Jokes")))
    assert read(tmp_path).counts("web", scheme=scheme) == {"Creative": 3}


def test_documents_of_a_split_category_are_queued_again(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1, "Other")
        scribe.label(2, "News")
    scheme = a_changed_scheme(("News", ()), ("Legal", ()), split=("Other",))
    decisions = read(tmp_path)
    assert decisions.draws("web", "ann", 1, scheme) == {2}
    assert [d.draw for d in decisions.to_relabel(scheme)] == [1]
    assert decisions.labels("web", scheme).split == {"Other": 1}
    assert decisions.unknown(scheme) == {}


def test_a_document_labelled_again_after_a_split_is_done(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1, "Other")
        scribe.label(1, "Legal")
    scheme = a_changed_scheme(("Legal", ()), split=("Other",))
    decisions = read(tmp_path)
    assert decisions.draws("web", "ann", 1, scheme) == {1}
    assert decisions.to_relabel(scheme) == []


def test_a_removed_category_with_labels_is_counted_as_unknown(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1, "Gone")
        scribe.label(2, "Gone")
        scribe.skip(3)
    scheme = a_scheme("News")
    decisions = read(tmp_path)
    assert decisions.unknown(scheme) == {"Gone": 2}
    assert decisions.labels("web", scheme).unknown == {"Gone": 2}
    assert decisions.counts("web", scheme=scheme) == {"News": 0}


def test_each_label_keeps_the_scheme_it_was_given_under(tmp_path: Path) -> None:
    before, after = a_scheme("News"), a_scheme("News", "Forum")
    with Scribe(tmp_path) as scribe:
        scribe.label(1, "News", scheme=before.hash)
        scribe.label(2, "News", scheme=after.hash)
    assert [d.scheme for d in read(tmp_path).recent()] == [before.hash, after.hash]
    recoloured = CategoryScheme(tuple(replace(c, colour="red", key=c.name[0]) for c in after.categories))
    assert recoloured.hash == after.hash
