"""Tests of samples: what they refuse, which of their labels decide, and what they stand for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpuscope.stats.sample import Provenance, Sample
from corpuscope.stats.summarise import summarise

SAMPLE = Sample.of_counts("web", ("News", "Forum", "Creative"), (3, 0, 2))


def test_counts_become_one_code_per_document_and_back() -> None:
    assert SAMPLE.codes == (0, 0, 0, 2, 2)
    assert (SAMPLE.n, SAMPLE.counts) == (5, (3, 0, 2))


def test_a_sample_of_counts_alone_is_random_and_has_nothing_else_to_say() -> None:
    (corpus,) = summarise([SAMPLE]).corpora
    assert corpus.caption == (
        "n = 5",
        "shares of documents",
        "95 % intervals (Wilson)",
        "widest interval ±32.6 pp",
        "ranks tied unless an exact binomial test of the two counts separates them at 95 %",
        "simple random sample",
    )
    assert corpus.warnings == ()
    assert (
        SAMPLE.uncounted,
        SAMPLE.skips,
        SAMPLE.pending,
        SAMPLE.bookmarks,
        SAMPLE.unsure,
        SAMPLE.substitutes,
    ) == (0,) * 6


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"categories": ()}, "the sample of web has no categories"),
        ({"codes": (0, 3)}, "the sample of web has a code beyond its 3 categories"),
        ({"codes": (-1,)}, "the sample of web has a code beyond its 3 categories"),
        *(
            ({name: (1,) * 4}, f"the sample of web has 5 labels but 4 {name}")
            for name in ("tokens", "weights", "lengths", "scores", "draws")
        ),
    ],
)
def test_a_sample_whose_parts_do_not_fit_is_refused(changes: dict[str, tuple[int, ...]], fault: str) -> None:
    with pytest.raises(ValueError, match=f"^{fault}$"):
        replace(SAMPLE, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("planned", "complete", "beyond"), [(None, False, 0), (6, False, 0), (5, True, 0), (3, True, 2)]
)
def test_a_sample_is_complete_at_its_planned_number_of_labels(
    planned: int | None, complete: bool, beyond: int
) -> None:
    sample = replace(SAMPLE, provenance=Provenance(planned=planned))
    assert (sample.complete, sample.beyond_plan) == (complete, beyond)


def test_the_first_of_the_plans_draws_decide_and_stand_for_as_many_documents_as_all() -> None:
    sample = replace(
        SAMPLE,
        draws=(9, 1, 4, 0, 7),
        lengths=(10, 20, 30, 40, 50),
        skips=5,
        documents=100,
        provenance=Provenance(planned=3),
    )
    assert (sample.decisive.codes, sample.decisive.draws, sample.decisive.lengths) == (
        (0, 0, 2),
        (1, 4, 0),
        (20, 30, 40),
    )
    assert (sample.population, sample.decisive.population, sample.decisive.skips) == (50, 50, 0)
    for whole in (
        replace(sample, provenance=Provenance(planned=5)),
        replace(sample, draws=None),
        replace(sample, provenance=Provenance(planned=3, published=True)),
    ):
        assert whole.decisive is whole
