"""What the mixtures of a study are computed from: summaries of its corpora in each unit, and the plan's mixes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from corpuscope.analysis.mixture_plans import MixtureComparison, Reach, compare_mixes, weights_reaching
from corpuscope.analysis.mixtures import NEXT_LABELS, Mixture, mixture_from, next_labels, summaries_for
from corpuscope.analysis.references import PUBLISHED, samples_by_name
from corpuscope.analysis.samples import samples_of
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.mix import MIX_UNITS, Mix, MixUnit
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.sampling.plan import Plan
from corpuscope.stats.sample import Sample
from corpuscope.stats.summary import CorpusSummary

if TYPE_CHECKING:  # loads scikit-learn
    from corpuscope.analysis.assisted_mixtures import AssistedSummaries

NO_POOLS: Mapping[str, int] = MappingProxyType({})
"""No corpus is assisted."""


@dataclass(frozen=True, slots=True)
class MixtureSource:
    """Summaries of the labelled corpora, enough for every mix of them."""

    own: tuple[Sample, ...]
    """Samples of one's own labels."""
    summaries: Mapping[MixUnit, Mapping[str, CorpusSummary]]
    """Summaries by key of the corpus, for each unit that mixes may have."""
    assisted: Mapping[MixUnit, AssistedSummaries]
    """The same with the help of a classifier; empty where that is not asked for."""
    categories: tuple[str, ...]
    """Names of the categories."""
    mixes: dict[str, Mix]
    """The mixes of the plan."""
    corpora: tuple[str, ...]
    """Keys of the corpora that are mixed when no mix is chosen."""
    level: float = 0.95
    """Confidence level of all intervals, as a fraction."""

    @property
    def equal_mix(self) -> Mix:
        """Equal weights of all corpora."""
        return Mix(MappingProxyType(dict.fromkeys(self.corpora, 100 / len(self.corpora))))

    def mixture(self, mix: Mix, name: str = "") -> Mixture:
        """Compute a mixture; the shares of the labels alone stand beside assisted ones."""
        labels = mixture_from(mix, self.summaries[mix.by], self.categories, name=name, level=self.level)
        if not self.assisted:
            return labels
        summaries, pools = self._of(mix.by)
        mixture = mixture_from(mix, summaries, self.categories, name=name, level=self.level, pools=pools)
        return replace(mixture, alone=labels.shares)

    def compared(self, first: Mix, second: Mix, names: tuple[str, str]) -> MixtureComparison:
        """Compare a second mix with a first one. Raises UsageError for mixes in different units."""
        summaries, pools = self._of(first.by)
        baseline = self.mixture(first, names[0])
        return compare_mixes(baseline, second, summaries, self.categories, name=names[1], pools=pools)

    def reaching(self, mix: Mix, category: str, least: float) -> Reach:
        """Find the nearest weights at which a category has a share. Raises UsageError for an unknown category."""
        summaries, pools = self._of(mix.by)
        return weights_reaching(self.mixture(mix), category, least, summaries, self.categories, pools=pools)

    def next_labels(self, mix: Mix, category: str | None, labels: int = NEXT_LABELS) -> dict[str, int]:
        """Divide further labels by the shares of the labels alone; see `mixtures.next_labels`."""
        mixture = mixture_from(mix, self.summaries[mix.by], self.categories, level=self.level)
        return next_labels(mixture, labels, category)

    def refused(self, by: MixUnit) -> tuple[str, ...]:
        """Say why corpora have no assisted shares in a unit, in sentences."""
        return self.assisted[by].refused if self.assisted else ()

    def _of(self, by: MixUnit) -> tuple[Mapping[str, CorpusSummary], Mapping[str, int]]:
        if self.assisted:
            return self.assisted[by].summaries, self.assisted[by].pools
        return self.summaries[by], NO_POOLS


def mixture_source(
    decisions: Decisions,
    scheme: CategoryScheme,
    plan: Plan | None,
    *,
    annotator: str | None = None,
    published: Mapping[str, Sample] | None = None,
    corpora: Collection[str] | None = None,
    units: Sequence[MixUnit] = MIX_UNITS,
    level: float = 0.95,
) -> MixtureSource:
    """Summarise the labels of every corpus, or of those in `corpora`, in the `units` that mixes may have.

    `published` are samples, by key, for corpora without labels; None lets all that are built in stand in where there
    are no labels at all, to show what is done. `annotator` takes only the labels of one. Raises UsageError for a sample
    with other categories.
    """
    own = samples_of(decisions, scheme, plan, None, annotator)
    labelled = {sample.corpus: sample for sample in own if sample.n or sample.pending}
    if published is None:
        samples = labelled or samples_by_name([PUBLISHED])
    else:
        samples = dict(published) | labelled
    if corpora is not None:
        samples = {key: samples[key] for key in corpora if key in samples}
    categories = next((sample.categories for sample in (*own, *samples.values())), scheme.names)
    return MixtureSource(
        tuple(sample for key, sample in labelled.items() if key in samples),
        {by: summaries_for(by, samples, categories, level) for by in units},
        {},
        categories,
        dict(plan.mixes) if plan else {},
        tuple(samples),
        level,
    )
