"""Tests of references loaded by name and from files, and of the errors for faulty files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpuscope.analysis.comparisons import compare_corpora
from corpuscope.analysis.references import aligned, references_named, restored, samples_by_name
from corpuscope.errors import UsageError
from corpuscope.stats.reference import SEVEN
from corpuscope.stats.sample import Provenance, Sample

GOOD = """
name: Ours
categories: [News, Forum, Advertising]
counts: [10, 20, 30]
source: a notebook of last year
"""


def file(folder: Path, content: str, name: str = "ours.yaml") -> str:
    path = folder / name
    path.write_text(content, "utf-8")
    return str(path)


def test_published_means_all_hand_labels_and_each_is_returned_once() -> None:
    samples = references_named(["published", "c4", "published"])
    assert [(sample.corpus, sample.n) for sample in samples] == [
        ("C4 (published)", 203),
        ("FineWeb (published)", 200),
        ("FineWeb-Edu (published)", 201),
    ]


def test_an_unknown_name_is_an_error_that_lists_the_nearest_first() -> None:
    with pytest.raises(UsageError, match="no reference called 'finweb'") as caught:
        references_named(["finweb"])
    assert caught.value.hint.startswith("did you mean fineweb?")


def test_a_yaml_file_and_its_json_form_give_the_same_complete_sample(tmp_path: Path) -> None:
    content = {
        "name": "Ours",
        "categories": ["News", "Forum", "Advertising"],
        "counts": [10, 20, 30],
        "source": "a notebook of last year",
    }
    (yaml,) = references_named([file(tmp_path, GOOD)])
    (other,) = references_named([file(tmp_path, json.dumps(content), "ours.json")])
    assert yaml == other
    assert yaml.counts == (10, 20, 30)
    assert yaml.complete
    assert yaml.provenance == Provenance(
        "a notebook of last year",
        design="how it was drawn is not recorded",
        planned=60,
        published=True,
        random=False,
    )


@pytest.mark.parametrize("shares", ["[11.8, 36, 52.2]", "[0.118, 0.36, 0.522]"])
def test_shares_with_n_are_restored_to_the_nearest_counts(tmp_path: Path, shares: str) -> None:
    content = GOOD.replace("counts: [10, 20, 30]", f"shares: {shares}\nn: 203")
    (sample,) = references_named([file(tmp_path, content)])
    assert sample.counts == (24, 73, 106)
    assert "counts restored from shares" in sample.provenance.dataset


@pytest.mark.parametrize("shares", ["[11.3, 35.5, 51.8]", "[0.113, 0.355, 0.518]", "[12, 36.5, 52.9]"])
def test_shares_add_up_within_the_rounding_of_each(tmp_path: Path, shares: str) -> None:
    content = GOOD.replace("counts: [10, 20, 30]", f"shares: {shares}\nn: 200")
    (sample,) = references_named([file(tmp_path, content)])
    assert sample.n == 200


def test_a_single_document_is_a_sample_which_may_be_random(tmp_path: Path) -> None:
    (sample,) = references_named(
        [file(tmp_path, GOOD.replace("[10, 20, 30]", "[1, 0, 0]\nn: 1\nrandom: true"))]
    )
    assert (sample.counts, sample.provenance.random) == ((1, 0, 0), True)


def test_samples_are_found_by_key_or_by_the_name_in_their_file(tmp_path: Path) -> None:
    assert list(samples_by_name(["c4", file(tmp_path, GOOD)])) == ["c4", "Ours"]
    with pytest.raises(UsageError, match="weborganizer has no sample, so a mixture cannot use it"):
        samples_by_name(["weborganizer"])


def test_references_keep_the_order_of_the_seven_where_their_categories_are_those() -> None:
    turned = Sample.of_counts("Turned", tuple(reversed(SEVEN)), (1, 2, 3, 4, 5, 6, 7))
    (beside,) = aligned([turned], [Sample.of_counts("Ours", ("Forum", "News"), (1, 2))])
    assert (beside.categories, beside.counts) == (SEVEN, (7, 6, 5, 4, 3, 2, 1))
    names = [sample.corpus for sample in aligned([turned, turned, turned], [turned])]
    assert names == [
        "Turned (reference)",
        "Turned (reference) (reference)",
        "Turned (reference) (reference) (reference)",
    ]


def test_restored_counts_always_add_up() -> None:
    assert restored([1, 1, 1], 10) == [4, 3, 3]
    assert restored([0.335, 0.335, 0.33], 1) == [1, 0, 0]


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("name: Ours", "", ["name: is missing"]),
        ("name: Ours", "nam: Ours", ["name: is missing", "nam: unknown; did you mean name?"]),
        ("[10, 20, 30]", "[10, -2, x]", ["counts[2]: input should be greater", "counts[3]: input should be"]),
        ("[10, 20, 30]", "[10, 20]", ["counts: 2 for 3 categories"]),
        ("[10, 20, 30]", "[0, 0, 0]", ["counts: add up to 0; between 1 and 1,000,000 documents are needed"]),
        ("[10, 20, 30]", "[1000001, 0, 0]", ["counts: add up to 1,000,001; between 1 and 1,000,000"]),
        (
            "counts: [10, 20, 30]",
            "shares: [50, 30, 20]\nn: 0",
            ["n: input should be greater than or equal to 1"],
        ),
        (
            "counts: [10, 20, 30]",
            "shares: [50, 30, 20]\nn: 1000001",
            ["n: input should be less than or equal"],
        ),
        (
            "counts: [10, 20, 30]",
            "shares: [50, 30, 18.4]\nn: 9",
            ["shares: add up to 98.4; they must add up"],
        ),
        ("counts: [10, 20, 30]", "shares: [.5, .3, .22]\nn: 9", ["shares: add up to 1.02; they must add up"]),
        ("name: Ours", "name: ''", ["name: string should have at least 1 character"]),
        ("[News, Forum, Advertising]", "[]", ["categories: list should have at least 1 item"]),
        (
            "counts: [10, 20, 30]",
            "counts: [10, 20, 30]\nshares: [1, 0, 0]",
            ["counts: either counts or shares"],
        ),
        ("[10, 20, 30]", "[10, 20, 30]\nn: 61", ["n: is 61, but the counts add up to 60"]),
        ("counts: [10, 20, 30]", "shares: [50, 30, 20]", ["n: is missing; shares say nothing"]),
        ("counts: [10, 20, 30]", "shares: [50, 30, 10]\nn: 9", ["shares: add up to 90"]),
        ("counts: [10, 20, 30]", "shares: [.nan, 30, 10]\nn: 9", ["shares[1]: input should be a finite"]),
        ("counts: [10, 20, 30]", "", ["counts: either counts or shares"]),
        ("[News, Forum,", "[News, News,", ["categories: 'News' is there more than once"]),
        ("name: Ours", "name: [", ["not YAML"]),
        (GOOD, "- a list", ["must hold keys and values"]),
        (GOOD, "", ["must hold keys and values"]),
    ],
)
def test_every_fault_is_reported_with_file_and_key(
    tmp_path: Path, old: str, new: str, faults: list[str]
) -> None:
    path = file(tmp_path, GOOD.replace(old, new))
    with pytest.raises(UsageError) as caught:
        references_named([path])
    for fault in faults:
        assert any(line.startswith(path) and fault in line for line in caught.value.message.splitlines()), (
            caught.value.message
        )


def test_a_file_that_is_missing_or_unreadable_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.yaml: no such file"):
        references_named([str(tmp_path / "gone.yaml")])
    (tmp_path / "odd.json").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"odd\.json: not UTF-8 at byte 0"):
        references_named([str(tmp_path / "odd.json")])
    with pytest.raises(UsageError, match=r"half\.json:1: not JSON"):
        references_named([file(tmp_path, '{"name": ', "half.json")])


def test_references_are_reordered_to_ones_own_categories_and_get_unique_names() -> None:
    own = Sample.of_counts("Ours", ("Forum", "News"), (1, 2))
    (reference,) = aligned([Sample.of_counts("Ours", ("News", "Forum"), (5, 7))], [own])
    assert (reference.corpus, reference.categories) == ("Ours (reference)", ("Forum", "News"))
    assert reference.counts == (7, 5)


def test_a_reference_with_other_categories_is_left_out_with_a_sentence() -> None:
    own = Sample.of_counts("ours", ("Forum", "News"), (1, 2))
    comparisons = compare_corpora([own], references_named(["c4"]))
    assert comparisons.pairs == ()
    assert "ours and C4 (published) were labelled with different categories" in comparisons.left_out[0]


def test_own_corpora_come_first_and_references_are_compared_with_each_other_only_without_them() -> None:
    published = references_named(["c4", "fineweb"])
    own = [Sample.of_counts(name, published[0].categories, (5,) * 7) for name in ("a", "b")]
    both = [(pair.first.corpus, pair.second.corpus) for pair in compare_corpora(own, published).pairs]
    assert both == [
        ("a", "b"),
        ("a", "C4 (published)"),
        ("a", "FineWeb (published)"),
        ("b", "C4 (published)"),
        ("b", "FineWeb (published)"),
    ]
    alone = compare_corpora((), published).pairs
    assert [(pair.first.corpus, pair.second.corpus) for pair in alone] == [
        ("C4 (published)", "FineWeb (published)")
    ]


def test_corpora_without_token_counts_are_left_out_with_a_sentence_when_tokens_are_counted() -> None:
    comparisons = compare_corpora((), references_named(["c4", "fineweb"]), weighting="tokens")
    assert comparisons.pairs == ()
    assert "C4 (published) has no token counts" in comparisons.left_out[0]
