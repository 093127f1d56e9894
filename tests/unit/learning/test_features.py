"""Tests of the features of texts and of the model file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import save

from corpuscope.domain.document import MOST_CHARACTERS
from corpuscope.errors import UsageError
from corpuscope.learning.features import SIZE, features_of
from corpuscope.learning.model_file import Model, from_bytes, to_bytes


def test_a_row_holds_words_marks_and_pairs_and_has_unit_length() -> None:
    rows = features_of(["Buy now!", "buy NOW !"])
    assert rows.shape == (2, SIZE)
    assert rows[[0]].nnz == 5  # buy, now, !, buy now, now !
    assert (rows @ rows.T).toarray() == pytest.approx(np.ones((2, 2)), abs=1e-6)


def test_features_are_2_to_the_18_counts_of_which_none_takes_from_another() -> None:
    rows = features_of(["Buy now! The tea of the house, and the house of tea."])
    assert rows.shape == (1, 262_144)
    assert (rows.data > 0).all()


def test_a_count_enters_as_one_plus_its_logarithm() -> None:
    values = sorted(features_of(["tea tea tea"]).data, reverse=True)
    assert values[0] / values[1] == pytest.approx((1 + np.log(3)) / (1 + np.log(2)))


@pytest.mark.parametrize("text", ["", " \n\t", "\x00"])
def test_a_text_without_words_is_no_error(text: str) -> None:
    assert np.isfinite(features_of([text]).data).all()


def test_lone_surrogates_and_any_script_can_be_read() -> None:
    assert features_of(["\ud800 broken", "読む", "прочитать"]).nnz > 4


def test_only_the_beginning_of_an_endless_text_is_read() -> None:
    whole = "x" * 99_999 + "y"
    assert (features_of([whole]) != features_of([whole + "z"])).nnz == 0
    assert (features_of([whole]) != features_of([whole[:-1]])).nnz > 0
    start = "a " * (MOST_CHARACTERS // 2)
    assert (features_of([start]) != features_of([start + "and more"])).nnz == 0


def a_model() -> Model:
    weights = np.zeros((SIZE, 2), np.float32)
    weights[7] = 0.5, -0.25
    return Model(
        ("News", "Ads"),
        weights,
        np.array([0.1, 0.2]),
        (("web", "d1"),),
        np.array([[0.7, 0.3]]),
        {"ridge": "0.3"},
    )


def test_a_model_comes_back_as_it_was_written() -> None:
    data = to_bytes(a_model())
    model = from_bytes(data)
    assert len(data) < 3 << 20
    assert (model.categories, dict(model.facts)) == (("News", "Ads"), {"ridge": "0.3"})
    assert model.documents == a_model().documents
    assert (model.weights == a_model().weights).all()
    assert model.intercept.tolist() == [0.1, 0.2]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\x04cposix\nsystem\n",
        to_bytes(a_model())[:-1],
        save({"weights": np.zeros((3, 2), np.float32), "intercept": np.zeros(2)}),
        save(
            {"weights": np.zeros((3, 2), np.float32), "intercept": np.zeros(2)},
            {"categories": '["a", "b"]', "features": "hash18-w12-v1"},
        ),
        save({"weights": np.zeros(1)}, {"categories": "3", "features": "hash20"}),
        to_bytes(replace(a_model(), categories=("News", "News"))),
        to_bytes(replace(a_model(), intercept=np.array([0.1, np.nan]))),
    ],
    ids=["empty", "pickle", "torn", "no metadata", "another shape", "another map", "one name twice", "nan"],
)
def test_what_is_no_model_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UsageError, match="model"):
        from_bytes(data)
