"""Tests of every kind of table and of its CSV against golden files; run this file as a script to write them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any, cast

import numpy as np
import pytest

from corpuscope.analysis.agreement import (
    AgreementGroup,
    AgreementReport,
    AnnotatorLabel,
    MultiplyReadDocument,
    agreement_group,
)
from corpuscope.analysis.assisted import AssistedStudy, assisted_corpus
from corpuscope.analysis.classifier import Classifier
from corpuscope.analysis.comparisons import compare_corpora
from corpuscope.analysis.filter_effects import filter_effect
from corpuscope.analysis.filter_forecast import filter_forecast
from corpuscope.analysis.mixture_plans import compare_mixes, weights_reaching
from corpuscope.analysis.mixtures import mixture_from, summaries_for
from corpuscope.analysis.references import samples_by_name
from corpuscope.analysis.second_reader import HumanLabel, ScoreReading, column_reading, model_reading
from corpuscope.domain.answer import Answer, ModelAnswers
from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.domain.document import DocumentKey
from corpuscope.domain.mix import Mix
from corpuscope.learning.features import features_of
from corpuscope.learning.ridge import fit_ridge
from corpuscope.report.agreement_result import AgreementResult
from corpuscope.report.agreement_tables import practice_table
from corpuscope.report.assisted_result import AssistedDifferences, AssistedResult
from corpuscope.report.comparison_tables import ComparisonResult
from corpuscope.report.crosswalk_table import CrosswalkResult
from corpuscope.report.filter_result import FilterResult
from corpuscope.report.forms import FORMS, Result
from corpuscope.report.mixture_result import MixtureResult
from corpuscope.report.page import Heading, Paragraph
from corpuscope.report.quality_filter_tables import QualityFilterResult
from corpuscope.report.scheme_tables import SchemeListResult, SchemeResult
from corpuscope.report.second_reader_tables import ScoreResult, SecondReadingResult
from corpuscope.report.sections import ASSISTED, assisted_section
from corpuscope.report.summary_result import SummaryResult
from corpuscope.report.tables import Table, numbers_table
from corpuscope.stats.assisted import PoolMeans
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.head_order import HeadOrder
from corpuscope.stats.reference import SEVEN
from corpuscope.stats.sample import Provenance, Sample
from corpuscope.stats.selection import parse_rule
from corpuscope.stats.summarise import summarise
from export_fakes import a_record
from makers import a_document, a_scheme
from study_fakes import topic_text

GOLDEN = Path(__file__).with_name("golden")
SCHEME = a_scheme("News", "Forum", "Creative")
NAMES = {name[0]: name for name in SCHEME.names}
WIDE = 1_000
"""Cells of a line on which every column has room."""
ANN = "NNNNNNNNNNNNNNNNNNNNFFFFFFFFFFCCCCCCCCCC"
BEN = "NNNNNNNNNNFFFFFFFFFFFFFFFFFFFFCCCCCCCCNN"
CEM = "NNNNNNNNNNNNNNNNNNNNFFFFFF--FFCCCCC---CF"
"""Categories by their first letters, - for a document that was not read."""


@dataclass(frozen=True)
class OfTables:
    """A result of tables alone."""

    made: Sequence[Table]

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002
        return self.made

    def csv_rows(self) -> Sequence[Sequence[object]]:
        return ()

    def as_json(self) -> object:
        return None


def group_of(readings: Mapping[str, str], skipped: int = 0) -> AgreementGroup:
    """Measure readers; definitions changed for one document, and those of two others are not known."""
    documents = []
    for number, letters in enumerate(zip(*readings.values(), strict=True)):
        schemes = {0: ("old", "new", "new"), 1: ("", "new", "new"), 30: ("", "", "")}.get(
            number, ("new",) * 3
        )
        labels = tuple(
            AnnotatorLabel(reader, NAMES[letter], f"{number}-{reader}", schemes[min(i, 2)])
            for i, (reader, letter) in enumerate(zip(readings, letters, strict=True))
            if letter != "-"
        )
        if len(labels) > 1:
            corpus = "web" if number < 25 else "demo"
            documents.append(MultiplyReadDocument(f"{number:032x}", corpus, labels))
    return agreement_group(" and ".join(readings), tuple(readings), documents, SCHEME, 0.95, skipped=skipped)


def agreement(readings: Mapping[str, str], *, documents: bool = False) -> Result:
    """Measure all readers and, of more than two, every two."""
    readers = list(readings)
    pairs = [
        group_of({one: readings[one], other: readings[other]})
        for i, one in enumerate(readers)
        for other in readers[:i]
    ]
    report = AgreementReport(
        (group_of(readings, skipped=len(readers) - 1),), tuple(pairs) if len(readers) > 2 else ()
    )
    return AgreementResult(report, documents=documents)


def people(letters: str) -> dict[DocumentKey, HumanLabel]:
    """Return the labels of one person, a letter per document."""
    labels = {}
    for draw, letter in enumerate(letters):
        decision = replace(a_record(draw, NAMES[letter]).decision, document_id=a_document(draw).id)
        labels[decision.document_key] = HumanLabel(decision, NAMES[letter])
    return labels


def second_reader(*, documents: bool = False) -> Result:
    """Compare a model that names no category of two documents and was not asked about two others."""
    answers = [
        Answer(f"{draw:04}", "", "web", a_document(draw).id, "", "bot", "", "p", "{}", "s", NAMES.get(letter))
        for draw, letter in enumerate(BEN[:36] + "--")
    ]
    return SecondReadingResult(
        model_reading(people(ANN), ModelAnswers.latest("bot", answers), SCHEME), documents
    )


def score() -> Result:
    """Compare a score that one document lacks."""
    scores = [None, *(draw % 7 - (draw >= 20) for draw in range(1, 30)), *[4] * 10]
    documents = [a_document(draw, score=value) for draw, value in enumerate(scores)]
    reading = column_reading(people(ANN), documents, "score", SCHEME, (1, 3, 4.5))
    assert isinstance(reading, ScoreReading)
    return ScoreResult(reading)


PUBLISHED = samples_by_name(["published"])
SUMMARIES = summaries_for("documents", PUBLISHED, SEVEN)
WEIGHTS = {"c4": 30.0, "fineweb": 20.0, "fineweb-edu": 50.0}


def mixture() -> Result:
    """A mixture with a budget and known sizes, another one, and weights that reach a share."""
    mix = Mix(WEIGHTS, 20e9, "documents", {"c4": 365e6, "fineweb": 15e12})
    own = mixture_from(mix, SUMMARIES, SEVEN, name="first")
    other = Mix({"c4": 60, "fineweb-edu": 40}, by="documents")
    against = compare_mixes(own, other, SUMMARIES, SEVEN)
    reach = weights_reaching(own, "Educational", 0.6, SUMMARIES, SEVEN)
    return MixtureResult(own, {"c4": 1_200, "fineweb": 0}, against=against, reach=reach)


def mixture_with_unknown_corpora() -> Result:
    """A mixture of which one corpus has no labels, where a share is out of reach."""
    own = mixture_from(Mix({"c4": 30.0, "mine": 70.0}, by="documents"), SUMMARIES, SEVEN)
    against = compare_mixes(own, Mix({"c4": 60, "mine": 40}, by="documents"), SUMMARIES, SEVEN, name="other")
    reach = weights_reaching(own, "News", 0.9, SUMMARIES, SEVEN)
    return MixtureResult(own, {"c4": 1}, "Forum", against, reach)


def a_sample(corpus: str, counts: Sequence[int], planned: int | None = None, **changes: object) -> Sample:
    provenance = Provenance(f"owner/{corpus}", "c0ffee", "7", annotators=("ann", "ben"), planned=planned)
    sample = Sample.of_counts(corpus, SCHEME.names, counts, provenance)
    return replace(sample, **changes)  # type: ignore[arg-type]


def comparisons() -> Result:
    """Pairs that are final, provisional, of published labels, and without any label."""
    edu = a_sample("edu", (900, 50, 50), 1_000)
    web = a_sample("web", (400, 500, 100), 1_000)
    small = a_sample("small", (6, 5, 1), 50, skips=3)
    other = a_sample("other", (5, 6, 3), 50)
    more = a_sample("more", (60, 5, 35), 80, draws=tuple(range(100)))
    empty = a_sample("empty", (0, 0, 0), 10)
    of_own = [
        compare_corpora(two).pairs
        for two in ((edu, web), (small, other), (web, more), (small, edu), (edu, empty))
    ]
    published = compare_corpora((), [PUBLISHED["c4"], PUBLISHED["fineweb"]]).pairs
    return ComparisonResult([*chain.from_iterable(of_own), *published])


def comparisons_of_ordinal_scales_by_tokens() -> Result:
    samples = [
        replace(a_sample(name, counts, 30), values=(0, 1, 2), tokens=tuple(range(100, 130)))
        for name, counts in (("one", (10, 10, 10)), ("two", (4, 6, 20)))
    ]
    return ComparisonResult(compare_corpora(samples, weighting="tokens").pairs)


def summary() -> Result:
    """Corpora that are sampled, read as a whole, skipped in part, awaiting readings, and without labels."""
    samples = [
        a_sample(
            "web",
            (24, 73, 0),
            200,
            lengths=tuple(range(1_000, 1_097)),
            reading_seconds=(9.0,) * 97,
            bookmarks=3,
        ),
        a_sample("demo", (15, 7, 0), documents=22, unsure=2),
        a_sample("part", (15, 7, 0), documents=60, lengths=tuple(range(22))),
        a_sample("skipped", (30, 20, 10), skips=12),
        a_sample("pending", (30, 20, 10), pending=5),
        a_sample("all", (40, 0, 0)),
        a_sample("none", (0, 0, 0)),
    ]
    return SummaryResult(summarise(samples), 0.05, lengths=True)


def summary_of_scales() -> Result:
    """Ordinal scales: one beside the corpus's own score, one without it; and shares crossed to the seven."""
    scores = tuple(float(code) if i % 5 else None for i, code in enumerate((0,) * 20 + (1,) * 9 + (2,) * 11))
    crosswalk = (("News",), ("Forum", "Creative"), ("Creative",))
    samples = [
        a_sample("edu", (15, 10, 15), values=(0, 1, 2), scores=scores),
        a_sample("web", (15, 10, 15), values=(0, 1, 2), scores=(None,) * 40, tokens=tuple(range(1, 41))),
        a_sample("census", (15, 10, 15), values=(0, 1, 2), documents=40),
        a_sample("crossed", (15, 10, 15), crosswalk=crosswalk),
    ]
    return SummaryResult(summarise(samples, level=0.9))


def crosswalk() -> Result:
    """Own labels in the seven categories and by tokens, beside the published shares."""
    seven = Sample.of_counts("mine", SEVEN, (9, 8, 7, 6, 5, 4, 1))
    samples = [
        replace(seven, tokens=tuple(range(1, 41))),
        replace(a_sample("other", (1, 2, 3)), tokens=(1,) * 6),
    ]
    return CrosswalkResult(summarise(samples, weighting="tokens"))


def quality_filters() -> Result:
    """Two filters, of which one could not judge every document, with and without wanted categories."""
    categories = dict(enumerate(map(NAMES.__getitem__, ANN)))
    reasons: dict[int, str | None] = {
        n: ("too short", "", "", "no stop words", "", "lists")[n % 6] for n in range(40)
    }
    effects = [
        filter_effect(name, categories, judged, SCHEME.names, ("News", "Forum"))
        for name, judged in (("C4", reasons | {3: None}), ("any of them", reasons))
    ]
    return QualityFilterResult(
        tuple(effects), {"web": 25, "demo": 15}, ("News", "Forum"), "filters 0.1", 0.95
    )


def scores_filter() -> Result:
    """A filter by a score that rises with the category, in a corpus with counts of tokens."""
    sample = a_sample("web", (20, 10, 10), tokens=tuple(range(10, 50)))
    held_out = np.linspace(0.95, 0.05, 40)[:, None] * [1, 0, 0]
    return FilterResult(filter_forecast(sample, parse_rule("News>=0.6", SCHEME.names), held_out))


def assisted_study(*, with_classifier: bool) -> AssistedStudy:
    """Two corpora with a classifier: one of documents that it read as a whole, one of tokens, of which few count."""
    units: tuple[Weighting, ...] = ("documents", "tokens")
    held_out = np.repeat([[0.7, 0.2, 0.1], [0.3, 0.6, 0.1]], 30, axis=0)
    whole = a_sample("whole", (30, 30, 0), skips=12, documents=5_000)
    tokens = a_sample("tokens", (30, 29, 1), tokens=(5_000.0,) * 3 + (10.0,) * 57)
    corpora = [
        assisted_corpus(sample, summarise([sample], weighting=weighting).corpora[0], held_out, pool)
        for sample, weighting, pool in zip(
            (whole, tokens),
            units,
            (
                PoolMeans(5_000, (0.6, 0.3, 0.1), (0.0,) * 3),
                PoolMeans(1_000, (0.5, 0.3, 0.2), (1e-4,) * 3),
            ),
            strict=True,
        )
    ]
    order = HeadOrder(3, 2_000, (0.01, -0.024, 0.014), (0.4, 0.021, 0.4))
    first = replace(corpora[0], is_whole=True, order=order, answers_of="bot", gain_of_texts=1.04)
    classifier = None
    if with_classifier:
        random = Random(7)
        topics = [0] * 25 + [1] * 25 + [0, 1] * 5
        features = features_of(topic_text(random, f"topic{topic}") for topic in topics)
        codes = [2, 1, 1, *topics[3:]]
        ids = tuple(("web", f"{number}") for number in range(60))
        ridge = fit_ridge(features, codes, 3)
        rows = {"whole": range(40), "tokens": range(40, 60)}
        classifier = Classifier(SCHEME.names, ridge, np.array(codes), rows, ids, 2, features)
    return AssistedStudy((first, corpora[1]), (), (), classifier, 0.95, "documents")


def practice() -> Result:
    answers = [
        (NAMES[given], NAMES[expected], "why", "text") for given, expected in zip(BEN, ANN, strict=True)
    ]
    return OfTables(
        [practice_table(answers, SCHEME.names), practice_table([("News", "News", "", "")], ("News",))]
    )


def schemes() -> Result:
    scale = CategoryScheme(
        (Category("1", "Low", "little", group="quality"), Category("2", "High", "much", crosswalk=("News",))),
        title="A scale",
        source="a paper",
        scale="ordinal",
    )
    return OfTables(
        [
            *SchemeListResult({"seven": SCHEME, "scale": scale}).tables(),
            *SchemeResult("seven", SCHEME).tables(),
            *SchemeResult("scale", scale).tables(),
        ]
    )


CASES: dict[str, Callable[[], Result]] = {
    "agreement-of-two": lambda: agreement({"ann": ANN, "ben": BEN}, documents=True),
    "agreement-of-three": lambda: agreement({"ann": ANN, "ben": BEN, "cem": CEM}),
    "agreement-of-many": lambda: OfTables(
        agreement({f"r{n}": ANN[n:] + ANN[:n] for n in range(8)}).tables()[:1]
    ),
    "agreement-without-disagreement": lambda: agreement({"ann": "NF" * 10, "ben": "NF" * 10}, documents=True),
    "second-reader": second_reader,
    "second-reader-documents": lambda: second_reader(documents=True),
    "score": score,
    "practice": practice,
    "mixture": mixture,
    "mixture-with-unknown-corpora": mixture_with_unknown_corpora,
    "mixture-of-bounds": lambda: MixtureResult(
        mixture_from(Mix({"c4": 30.0, "mine": 70.0}, 2e9, "documents"), SUMMARIES, SEVEN)
    ),
    "comparisons": comparisons,
    "comparisons-of-ordinal-scales-by-tokens": comparisons_of_ordinal_scales_by_tokens,
    "summary": summary,
    "summary-of-scales": summary_of_scales,
    "numbers": lambda: OfTables(
        [numbers_table(summarise([a_sample("web", (24, 73, 0)), a_sample("demo", (1, 0, 0))]))]
    ),
    "crosswalk": crosswalk,
    "quality-filters": quality_filters,
    "scores-filter": scores_filter,
    "schemes": schemes,
    "assisted": lambda: AssistedResult(assisted_study(with_classifier=True)),
    "assisted-differences": lambda: AssistedDifferences(assisted_study(with_classifier=False)),
}


def shown(result: Result) -> str:
    """Return the tables as text, then the rows of the CSV."""
    text = "".join(f"{line.text.rstrip()}\n" for line in FORMS["table"](result, WIDE))
    return text + "".join("|".join(map(cell, row)) + "\n" for row in result.csv_rows())


def cell(value: object) -> str:
    """Return a value with six digits, which every processor gives alike, and of a long text the beginning."""
    return (
        f"{value:.6g}" if isinstance(value, float) else textwrap.shorten(str(value), 60, placeholder=" ...")
    )


@pytest.mark.parametrize("name", CASES)
def test_tables_and_csv_are_those_of_the_golden_file(name: str) -> None:
    assert shown(CASES[name]()) == (GOLDEN / f"{name}.txt").read_text("utf-8")


def test_a_page_has_assisted_shares_their_differences_and_the_classifier_where_there_is_one() -> None:
    for with_classifier in (False, True):
        study = replace(assisted_study(with_classifier=with_classifier), refused=("web has no pool yet.",))
        heading, why, refused, *tables = assisted_section(study)
        assert isinstance(heading, Heading)
        assert (why, refused) == (Paragraph(ASSISTED), Paragraph("web has no pool yet."))
        titles = [table.title for table in tables if isinstance(table, Table)]
        assert titles[2:3] == ["tokens minus whole: assisted shares"]
        assert len(titles) == len(tables) == 3 + with_classifier
    assert assisted_section(None) == ()


def test_the_json_of_a_mixture_has_its_numbers_unrounded() -> None:
    numbers = cast("dict[str, Any]", mixture().as_json())
    corpus, share = numbers["corpora"][0], numbers["shares"][0]
    assert (corpus["weight"], corpus["amount"], corpus["size"], corpus["n"]) == (0.3, 6e9, 365e6, 203)
    assert corpus["epochs"] == pytest.approx(6e9 / 365e6)
    assert (share["category"], share["amount"]) == ("Educational", pytest.approx(20e9 * share["share"]))
    assert share["contributions"]["c4"] == pytest.approx(0.3 * 24 / 203)
    assert numbers["next_labels"] == {"c4": 1_200, "fineweb": 0}
    assert sum(numbers["reach"]["weights"].values()) == pytest.approx(1)
    assert len(numbers["against"]["differences"]) == 7
    unknown = cast("dict[str, Any]", mixture_with_unknown_corpora().as_json())
    assert (unknown["budget"], unknown["shares"][0]["amount"], unknown["reach"]["weights"]) == (
        None,
        None,
        None,
    )
    assert unknown["shares"][0]["contributions"]["mine"] is None


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, case in CASES.items():
        (GOLDEN / f"{name}.txt").write_text(shown(case()), "utf-8")
