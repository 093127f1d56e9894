"""The door for Python: plan, labels and results of a labels folder as values and tables."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import pyarrow as pa

from corpuscope.analysis.agreement import AgreementGroup, AgreementReport, agreement_report
from corpuscope.analysis.comparisons import CorpusComparison, compare_corpora, summarise_countable
from corpuscope.analysis.protocol import LabellingProtocol
from corpuscope.analysis.samples import samples_of
from corpuscope.errors import UsageError, nearest
from corpuscope.export.label_records import ExportOptions, label_records, noting_lost_texts, sharing_texts
from corpuscope.export.tabular import label_tables
from corpuscope.extras import require_extra
from corpuscope.ledger.read.decisions import Decision
from corpuscope.report.agreement_result import AgreementResult
from corpuscope.report.assisted_result import AssistedResult
from corpuscope.report.comparison_tables import ComparisonResult
from corpuscope.report.summary_result import SummaryResult
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_json import plan_json
from corpuscope.session.workspace import Workspace
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.summary import CorpusSummary, Summary
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:  # loads scikit-learn
    from corpuscope.analysis.assisted import AssistedCorpus, AssistedStudy

Frame = Literal["pyarrow", "pandas", "polars"]
"""Library whose table the labels are given in."""


@dataclass(frozen=True, slots=True)
class PlanView:
    """Sampling plan of a study, which decides who is shown which document."""

    plan: Plan
    """Seed, corpora with their pinned revisions, and who labels what."""
    folder: Path
    """Labels folder that holds it."""

    def to_dict(self) -> dict[str, Any]:
        """Return the content of plan.json."""
        return plan_json(self.plan, self.folder)


@dataclass(frozen=True, slots=True)
class StudySummary:
    """Shares of the categories in each corpus, with their intervals."""

    summary: Summary
    """Summary of the corpora that can be counted."""
    left_out: tuple[str, ...]
    """One sentence for each corpus left out."""

    @property
    def corpora(self) -> tuple[CorpusSummary, ...]:
        """Summaries of the corpora, in the order of the plan."""
        return self.summary.corpora

    def to_dict(self) -> dict[str, Any]:
        """Return what `corpuscope summary --format json` prints, and what was left out."""
        return SummaryResult(self.summary).as_json() | {"left_out": list(self.left_out)}


@dataclass(frozen=True, slots=True)
class StudyComparison:
    """Differences between corpora, with intervals and tests."""

    pairs: tuple[CorpusComparison, ...]
    """Every two corpora that can be compared."""
    left_out: tuple[str, ...]
    """One sentence for each corpus or pair left out."""

    def to_dict(self) -> dict[str, Any]:
        """Return what `corpuscope compare --format json` prints, and what was left out."""
        return ComparisonResult(self.pairs).as_json() | {"left_out": list(self.left_out)}


@dataclass(frozen=True, slots=True)
class StudyAgreement:
    """Agreement of readers about the documents that several of them labelled."""

    whole: tuple[AgreementGroup, ...]
    """Group of all annotators, then each annotator with two looks at the same documents."""
    pairs: tuple[AgreementGroup, ...]
    """Every two annotators, where there are more than two."""

    def to_dict(self) -> dict[str, Any]:
        """Return what `corpuscope agreement --format json` prints."""
        return AgreementResult(AgreementReport(self.whole, self.pairs)).as_json()


@dataclass(frozen=True, slots=True)
class StudyEstimate:
    """Shares assisted by a classifier, beside those of the labels alone."""

    study: AssistedStudy
    """The assisted shares, and the classifier behind them."""

    @property
    def corpora(self) -> tuple[AssistedCorpus, ...]:
        """Assisted shares of the corpora that have some, in the order of the plan."""
        return self.study.corpora

    @property
    def refused(self) -> tuple[str, ...]:
        """One sentence for each corpus that has none."""
        return self.study.refused

    def to_dict(self) -> dict[str, Any]:
        """Return what `corpuscope estimate --format json` prints."""
        return AssistedResult(self.study).as_json()


class Study:
    """Labels folder opened for reading; nothing is written. Every call reads what changed since the last one."""

    def __init__(self, workspace: Workspace) -> None:
        """Read the folder of `workspace`."""
        self._workspace = workspace

    @classmethod
    def at(cls, folder: str | Path, categories: str | Path | None = None) -> Study:
        """Open a labels folder, or the folder of a study that holds one called `labels`.

        `categories` is the category file, by default `categories.yaml` beside the labels folder. Raises UsageError
        when there is no such folder, CategoryFileError for a faulty category file.
        """
        labels = Path(folder)
        if (labels / "labels").is_dir():
            labels /= "labels"
        if not labels.is_dir():
            raise UsageError(f"there is no folder {labels}", "name the labels folder of a study")
        beside = labels.resolve().parent / "categories.yaml"
        file = Path(categories) if categories else beside if beside.exists() else None
        return cls(Workspace.at(labels=labels, categories=file))

    @property
    def categories(self) -> tuple[str, ...]:
        """Names of the categories, in the order of the scheme."""
        return self._workspace.scheme.names

    @property
    def corpora(self) -> tuple[str, ...]:
        """Keys of the corpora with labels, sorted."""
        return self._workspace.ledger.decisions().corpora()

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read in the folder, in sentences; empty when it is whole."""
        self._workspace.ledger.decisions()
        return tuple(self._workspace.ledger.problems)

    @property
    def plan(self) -> PlanView | None:
        """Sampling plan; None before there is one."""
        plan = self._workspace.plan.read()
        return PlanView(plan, self._workspace.paths.labels) if plan else None

    def labels(self, *corpora: str, text: bool = False, frame: Frame = "pyarrow") -> Any:  # noqa: ANN401
        """Return the labels that count as a pyarrow table, or as a frame of pandas or polars.

        One row per document, annotator and look, with the columns of `corpuscope export`; `text` adds texts and urls.
        A text that was lost to damage is null, and a warning says of how many labels it is.
        Raises UsageError for a corpus without labels and an unknown `frame`, ImportError where pandas or polars is not
        installed.
        """
        _check_name("frame", frame, Frame)
        workspace, decisions = self._workspace, self._workspace.ledger.decisions()
        self._check(corpora)
        options = ExportOptions(workspace.scheme.names, text)
        uniform = {status.corpus.key: status.uniform for status in workspace.corpus_statuses(counted=False)}
        records = label_records(
            decisions.by_draw(corpora),
            workspace.scheme,
            lambda key: uniform.get(key, ""),
            decisions.finals(workspace.scheme),
            workspace.ledger.documents if text else None,
        )
        lost: list[Decision] = []
        if text:
            records = noting_lost_texts(sharing_texts(records), lost)
        table = pa.concat_tables(label_tables(records, options))
        if lost:
            words = f"damage took the texts of {quantity(len(lost), 'label')}, which are null"
            warnings.warn(words, stacklevel=2)
        if frame == "pandas":
            return table.to_pandas()
        return import_module("polars").from_arrow(table) if frame == "polars" else table

    def summary(
        self,
        *corpora: str,
        annotator: str | None = None,
        level: float = 0.95,
        interval: str = "wilson",
        weighting: Weighting = "documents",
    ) -> StudySummary:
        """Return the shares of the categories in these corpora, or in all, as `corpuscope summary` counts them."""
        _check_name("weighting", weighting, Weighting)
        self._check(corpora)
        counted = summarise_countable(
            self._samples(corpora, annotator), level=level, interval=interval, weighting=weighting
        )
        return StudySummary(counted.summary, counted.left_out)

    def comparison(
        self,
        *corpora: str,
        annotator: str | None = None,
        level: float = 0.95,
        weighting: Weighting = "documents",
    ) -> StudyComparison:
        """Return the differences between every two of these corpora, or of all, as `corpuscope compare` does."""
        _check_name("weighting", weighting, Weighting)
        self._check(corpora)
        workspace = self._workspace
        protocol = LabellingProtocol.of(
            workspace.ledger.decisions(), workspace.scheme, annotator, workspace.plan.read()
        )
        samples = self._samples(corpora, annotator)
        if corpora:  # differences are measured from the corpus named first
            samples = sorted(samples, key=lambda sample: corpora.index(sample.corpus))
        compared = compare_corpora(samples, (), protocol, level=level, weighting=weighting)
        return StudyComparison(compared.pairs, compared.left_out)

    def estimate(
        self, *corpora: str, level: float = 0.95, weighting: Weighting = "documents"
    ) -> StudyEstimate:
        """Return the shares of these corpora, or of all, that a classifier assists, as `corpuscope estimate` does.

        It reads the pools that the command has drawn, and draws none itself; a corpus without one is among the refused.
        Blocks for seconds. Raises UsageError where the extra `assist` is not installed.
        """
        _check_name("weighting", weighting, Weighting)
        require_extra("assist", "an assisted share")
        from corpuscope.analysis.assisted import estimate
        from corpuscope.analysis.study_reading import read_study

        self._check(corpora)
        workspace, decisions = self._workspace, self._workspace.ledger.decisions()
        samples = self._samples(corpora, None)
        reading = read_study(
            decisions,
            workspace.scheme,
            workspace.plan.read(),
            samples,
            workspace.ledger.texts,
            workspace.paths.labels,
        )
        return StudyEstimate(estimate(decisions, samples, reading, level=level, weighting=weighting))

    def agreement(self, *corpora: str, level: float = 0.95) -> StudyAgreement:
        """Return how far readers of the same documents agree, in these corpora or in all."""
        self._check(corpora)
        report = agreement_report(
            self._workspace.ledger.decisions(), self._workspace.scheme, corpora, level=level
        )
        return StudyAgreement(report.whole, report.pairs)

    def _samples(self, corpora: Sequence[str], annotator: str | None) -> list[Any]:
        workspace = self._workspace
        return list(
            samples_of(
                workspace.ledger.decisions(),
                workspace.scheme,
                workspace.plan.read(),
                corpora or None,
                annotator,
                workspace.ledger.scores,
            )
        )

    def _check(self, corpora: Sequence[str]) -> None:
        """Raise UsageError for a corpus without labels."""
        labelled = self.corpora
        for key in corpora:
            if key not in labelled:
                hint = nearest(key, labelled) if labelled else "nothing is labelled yet"
                raise UsageError(f"there are no labels of {key!r}", hint)


def _check_name(parameter: str, value: str, names: Any) -> None:  # noqa: ANN401  a Literal has no type of its own
    """Raise UsageError for a value that is none of the names in the literal type `names`."""
    if value not in get_args(names):
        raise UsageError(f"there is no {parameter} {value!r}", nearest(value, get_args(names)))
