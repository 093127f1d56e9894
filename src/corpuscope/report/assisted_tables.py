"""Tables of assisted shares, always beside those of the labels alone."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from corpuscope.report.tables import Table, interval_words, points, share_cell, share_words
from corpuscope.stats.distribution import Distribution, Share
from corpuscope.stats.intervals import newcombe
from corpuscope.stats.p_values import p_in_words
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:  # loads scikit-learn
    from corpuscope.analysis.assisted import AssistedCorpus, AssistedStudy
    from corpuscope.analysis.classifier import Classifier

NO_GAIN = "no gain"
"""Cell of a category that the classifier cannot tell from the others."""


def assisted_table(corpus: AssistedCorpus) -> Table:
    """Make the table of one corpus: a row per category, the labels' share, the assisted one, and what it is worth.

    A category with hardly any gain keeps the labels' share alone.
    """
    own, assisted = corpus.labels.distribution, corpus.assisted
    level = f"{100 * own.level:g} % interval"
    columns = ("category", "labels", "share", level, "assisted", level, "worth")
    rows = tuple(
        (
            share.category,
            f"{share.count:,}",
            share_words(share, own),
            interval_words(share, own.n),
            *_assisted_cells(corpus, i, other),
        )
        for i, (share, other) in enumerate(zip(own.shares, assisted.shares, strict=True))
    )
    return Table(
        assisted_title(corpus), columns, rows, assisted_caption(corpus), findings(corpus), corpus.warnings
    )


def assisted_title(corpus: AssistedCorpus) -> str:
    """State what the labels and the pool are worth: "c4: 200 labels + 5,000 documents ...: worth 283 labels"."""
    n = corpus.labels.distribution.n
    reader = f"a classifier with the answers of {corpus.answers_of}" if corpus.answers_of else "a classifier"
    read = f"all {corpus.pool:,} documents" if corpus.is_whole else f"{corpus.pool:,}"
    words = (
        f"{corpus.corpus}: {n:,} labels + {read} read by {reader}: worth {quantity(corpus.worth, 'label')}"
    )
    if corpus.gain_of_texts is None:
        return words
    return f"{words}, {round(n * corpus.gain_of_texts):,} without the answers"


def assisted_caption(corpus: AssistedCorpus) -> tuple[str, ...]:
    """Return the parts of the caption: method and pool first, then that of the labels."""
    read = (
        f"all {corpus.pool:,} documents" if corpus.is_whole else f"{corpus.pool:,} further draws of the plan"
    )
    return (
        f"assisted: {read} read by a classifier, corrected by the labels",
        *((order_words(corpus),) if corpus.order else ()),
        "cross-fitted difference estimator (GREG)",
        f"assisted intervals: {corpus.assisted.method} at the labels' n times the gain",
        "worth: labels that would be needed without the classifier",
        *corpus.labels.caption,
    )


def order_words(corpus: AssistedCorpus) -> str:
    """State how the heads of files, from which the labels were drawn, compare with the whole files."""
    order = corpus.order
    assert order is not None, "the corpus is drawn from heads"
    category, difference = corpus.assisted.categories[order.largest], order.differences[order.largest]
    return (
        f"heads of {order.files:,} files ({order.heads:,} documents) against whole files: mean scores differ by at "
        f"most {100 * abs(difference):.1f} points ({category}; {p_in_words(min(order.p_values))}, Holm)"
    )


def findings(corpus: AssistedCorpus) -> tuple[str, ...]:
    """Name the categories of which the classifier says nothing."""
    shares = corpus.assisted.shares
    useless = [share.category for i, share in enumerate(shares) if share.count and corpus.worth_of(i) is None]
    if not useless:
        return ()
    return (
        f"no gain for {', '.join(useless)}: the classifier cannot tell {'them' if useless[1:] else 'it'}",
    )


def assisted_differences(study: AssistedStudy) -> tuple[Table, ...]:
    """Make one table per pair of corpora: the differences between their assisted shares, without verdicts.

    Verdicts stay with the labels alone, whose number was planned.
    """
    return tuple(assisted_difference(first, second) for first, second in combinations(study.corpora, 2))


def assisted_difference(first: AssistedCorpus, second: AssistedCorpus) -> Table:
    """Make the table of one pair: a row per category, with both assisted shares and their difference."""
    level = first.assisted.level
    columns = ("category", first.corpus, second.corpus, "difference", f"{100 * level:g} % interval")
    rows = tuple(
        _difference_cells(one, other, first.assisted, second.assisted)
        for one, other in zip(first.assisted.shares, second.assisted.shares, strict=True)
    )
    return Table(
        f"{second.corpus} minus {first.corpus}: assisted shares",
        columns,
        rows,
        (
            f"assisted by {first.pool:,} and {second.pool:,} documents read by one classifier",
            "Newcombe's interval at the effective n of each, each alone; both as if drawn independently",
            "verdicts: by the labels alone, above",
        ),
    )


def classifier_table(classifier: Classifier, level: float) -> Table:
    """Make the confusion table: a row per category given, a column per category that the classifier expects."""
    accuracy = classifier.accuracy(level)
    names, counts = classifier.categories, accuracy.confusion
    met = [i for i in range(len(names)) if any(counts[i]) or any(row[i] for row in counts)]
    rows = tuple((names[i], *(f"{counts[i][j]:,}" if counts[i][j] else "" for j in met)) for i in met)
    pairs = ", ".join(
        f"{one} and {other} ({count:,})"
        for one, other, count in accuracy.most_confused(classifier.categories)
    )
    odd = len(classifier.odd_labels())
    return Table(
        f"classifier: {classifier_words(classifier, level)}",
        ("given \\ expected", *(names[i] for i in met)),
        rows,
        (
            "documents by label (rows) and by what a classifier trained without them expects (columns)",
            f"hashed words and pairs, ridge {classifier.ridge.kernel.strength:g}",
        ),
        tuple(
            part
            for part in (
                f"most confused: {pairs}" if pairs else "",
                f"{quantity(odd, 'label')} that it finds odd: `corpuscope review`, key m" if odd else "",
            )
            if part
        ),
        (
            (f"{quantity(classifier.lost_texts, 'damaged text')} read as empty.",)
            if classifier.lost_texts
            else ()
        ),
    )


def classifier_words(classifier: Classifier, level: float) -> str:
    """State what it was trained on, and its accuracy for documents that it did not see."""
    accuracy = classifier.accuracy(level)
    labels = ", ".join(
        f"{quantity(len(rows), 'label')} of {corpus}" for corpus, rows in classifier.rows.items()
    )
    low, high = 100 * accuracy.interval.low, 100 * accuracy.interval.high
    share = 100 * accuracy.correct / accuracy.n
    return f"{share:.0f} % right on unseen documents ({low:.0f}-{high:.0f}); trained on {labels}"


def _assisted_cells(corpus: AssistedCorpus, i: int, share: Share) -> tuple[str, str, str]:
    worth = corpus.worth_of(i)
    if worth is None:
        return "", "", NO_GAIN if share.count else ""
    assisted = corpus.assisted
    return share_words(share, assisted), interval_words(share, assisted.n), f"{worth:,}"


def _difference_cells(one: Share, other: Share, first: Distribution, second: Distribution) -> tuple[str, ...]:
    interval = newcombe(
        other.effective_count, other.n_effective, one.effective_count, one.n_effective, first.level
    )
    return (
        one.category,
        share_cell(one, first),
        share_cell(other, second),
        points(other.share - one.share) + " pp",
        f"{points(interval.low)} to {points(interval.high)}",
    )
