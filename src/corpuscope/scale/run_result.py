"""The totals of a finished run, for the estimate of the whole corpus."""

from __future__ import annotations

from corpuscope.analysis.whole_corpus import WholeCorpus
from corpuscope.domain.corpus import short_revision
from corpuscope.errors import UsageError
from corpuscope.sampling.plan import PlannedCorpus
from corpuscope.scale.counts import total
from corpuscope.scale.run_folder import Run, RunFolder, whole_counts
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.head_order import head_order
from corpuscope.text.quantities import quantity


def whole_corpus(
    folder: RunFolder, run: Run, planned: PlannedCorpus | None, weighting: Weighting = "documents"
) -> WholeCorpus:
    """Add up what all ranks of a run counted. `planned` is the corpus of the labels.

    Raises UsageError while ranks are missing, and for tokens that the corpus does not count.
    """
    files, categories = whole_counts(folder, run), folder.model().categories
    if any(len(file.sums) != len(categories) for file in files):
        raise UsageError(
            f"the counts in {folder.where} are of other categories than its classifier",
            "begin in a new folder",
        )
    counts = total(files, run.key, len(categories))
    order = head_order([file.scores for file in files]) if run.listed.prefix_rows else None
    notes = _differences(run, planned)
    match weighting:
        case "documents":
            return WholeCorpus(counts.documents, counts.documents, counts.sums, order, notes)
        case "characters":
            return WholeCorpus(counts.documents, counts.characters, counts.character_sums, order, notes)
        case "tokens":
            if counts.without_tokens:
                documents = quantity(counts.documents, "document")
                raise UsageError(
                    f"{run.key} has no token count for {counts.without_tokens:,} of {documents}",
                    "count documents or characters instead: --by documents",
                )
            return WholeCorpus(counts.documents, counts.tokens, counts.token_sums, order, notes)


def _differences(run: Run, planned: PlannedCorpus | None) -> tuple[str, ...]:
    """Say where the run read something else than what the labels are of."""
    read, revision = run.listed.corpus, run.listed.revision
    if planned is None or planned.revision == revision:
        return ()
    labelled = f"{planned.corpus.path} at {short_revision(planned.revision) or 'no revision'}"
    here = f"{read.path} at {short_revision(revision)}"
    return (f"The run read {here}, the labels are of {labelled}: both are taken for the same documents.",)
