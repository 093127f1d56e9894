"""Tests of the names, revisions and paths of corpora."""

from __future__ import annotations

import pytest

from corpuscope.domain.corpus import Corpus, is_content, is_safe_name, is_sample, short_revision


@pytest.mark.parametrize(
    ("revision", "short", "content", "sample"),
    [
        (None, "", False, False),
        ("0123456789abcdef", "0123456789ab", False, False),
        ("file-0123456789abcdef", "file-0123456", True, False),
        ("files-0123456789abcdef", "files-0123456", True, False),
        ("sample-files-0123456789abcdef", "sample-files-0123456", True, True),
    ],
)
def test_a_revision_is_shortened_and_tells_what_it_is_of(
    revision: str | None, short: str, content: bool, sample: bool
) -> None:
    assert (short_revision(revision), is_content(revision), is_sample(revision)) == (short, content, sample)


def test_a_name_is_safe_in_a_file_name_when_it_starts_with_a_letter_or_digit() -> None:
    safe = [name for name in ("a", "9.a_b-C", ".a", "-a", "a/b", "a b", "", "ä", "a\n") if is_safe_name(name)]
    assert safe == ["a", "9.a_b-C"]


def test_only_a_local_path_from_the_root_is_shortened_for_others() -> None:
    paths = {
        ("local", "/home/x/web.jsonl"): "web.jsonl",
        ("local", "/home/x/"): "x",
        ("local", "a/b"): "a/b",
        ("hub", "a/b"): "a/b",
    }
    assert {key: Corpus("web", "Web", *key).public_path for key in paths} == paths  # type: ignore[arg-type]


def test_a_corpus_is_drawn_from_at_random_by_the_newest_rules_unless_it_says_so() -> None:
    corpus = Corpus("web", "Web", "hub", "owner/web")
    assert (corpus.in_order, corpus.census, corpus.frame, corpus.split) == (False, False, 3, "train")
    assert [(column.column, column.title) for column in corpus.text] == [("text", "text")]


def test_a_corpus_is_at_the_same_place_where_all_its_paths_are_the_same() -> None:
    one = Corpus("web", "Web", "local", "data", paths=("a", "b"))
    assert one.is_at(Corpus("other", "Other", "local", "data", paths=("a", "b"), split="test"))
    assert not one.is_at(Corpus("web", "Web", "local", "data", paths=("a",)))
    assert not one.is_at(Corpus("web", "Web", "local", "other", paths=("a", "b")))


def test_the_folder_of_a_study_is_no_part_of_what_a_corpus_is() -> None:
    assert Corpus("web", "Web", "local", "a", folder="x") == Corpus("web", "Web", "local", "a", folder="y")
