"""The outcome of summaries, comparisons and agreement, and the limits of their conclusions, in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from corpuscope.analysis.agreement import AgreementGroup
from corpuscope.analysis.comparisons import CorpusComparison
from corpuscope.report.ordinal_tables import mean_words, scale_words
from corpuscope.report.tables import signed_points
from corpuscope.stats.comparison import Verdict
from corpuscope.stats.distribution import Distribution, Share
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.quantities import listed, quantity

MOST_CONFUSED = 2
"""Most confused pairs of categories that a sentence names."""
MOST_ESTABLISHED = 4
"""Most established differences that a sentence names, the largest ones."""
MOST_NAMED = 3
"""Most categories without labels that are named."""
MOST_TIED = 3
"""Largest number of tied categories that are named."""


class Phrase(NamedTuple):
    """A part of a sentence."""

    text: str
    """Its text, not yet made safe for a terminal."""
    role: str = ""
    """"corpus", "category", or "" for plain text."""


def leading_sentence(corpus: CorpusSummary) -> list[Phrase]:
    """State which category is the largest one: "C4: Advertising is the largest category, 36 % (30-43)."

    Categories that the labels do not separate from the largest one are tied with it. On an ordinal scale the mean and
    the share of its upper half are stated instead.
    """
    shares = corpus.distribution
    phrases = [Phrase(corpus.corpus, "corpus"), Phrase(": ")]
    if not shares.n and not shares.pending:
        return [*phrases, Phrase("no labels yet.")]
    if shares.pending:
        return [*phrases, Phrase("only bounds until the labels that await a new reading are given.")]
    if corpus.ordinal is not None:
        return [*phrases, Phrase(f"{scale_words(corpus.ordinal)}.")]
    largest = leaders(shares)
    if len(largest) > MOST_TIED:
        return [*phrases, Phrase(f"no category leads yet: {len(largest)} are tied for the first place.")]
    unit = "" if shares.weighting == "documents" else f" of {shares.weighting}"
    if len(largest) == 1:
        leader = largest[0]
        return [
            *phrases,
            Phrase(leader.category, "category"),
            Phrase(f" is the largest category, {_share_words(leader)}{unit}{_interval(leader)}."),
        ]
    phrases.append(Phrase("no single largest; "))
    for i, leader in enumerate(largest):
        if i:
            phrases.append(Phrase(" and " if i == len(largest) - 1 else ", "))
        phrases += [
            Phrase(leader.category, "category"),
            Phrase(f" {_share_words(leader)}{unit}{_interval(leader)}"),
        ]
    return [*phrases, Phrase(" are tied.")]


def headline(corpora: Sequence[CorpusSummary]) -> str:
    """State which categories lead which corpora: "Forum leads two and News leads one; nothing leads three".

    On an ordinal scale it states the means. "" while nothing is labelled.
    """
    leading: dict[str, list[str]] = {}
    tied, means = [], []
    for corpus in corpora:
        shares = corpus.distribution
        if shares.pending or not shares.n:
            continue
        if corpus.ordinal is not None:
            means.append(f"{corpus.corpus} has a mean of {corpus.ordinal.mean:.2f}")
            continue
        largest = leaders(shares)
        if len(largest) == 1:
            leading.setdefault(largest[0].category, []).append(corpus.corpus)
        else:
            tied.append(corpus.corpus)
    parts = [*(f"{category} leads {listed(names)}" for category, names in leading.items()), *means]
    words = listed(parts)
    if not tied:
        return words
    return f"{words}; nothing leads {listed(tied)}" if words else f"No category leads {listed(tied)}"


def leading_words(corpus: CorpusSummary) -> list[Phrase]:
    """State the same in a few words: "C4: Advertising largest", "FineWeb: a tie"."""
    shares = corpus.distribution
    phrases = [Phrase(corpus.corpus, "corpus"), Phrase(": ")]
    if not shares.n or shares.pending:
        return [*phrases, Phrase("only bounds" if shares.pending else "no labels yet")]
    if corpus.ordinal is not None:
        return [*phrases, Phrase(mean_words(corpus.ordinal))]
    largest = leaders(shares)
    if len(largest) > 1:
        return [*phrases, Phrase("a tie")]
    return [*phrases, Phrase(largest[0].category, "category"), Phrase(" largest")]


def leaders(shares: Distribution) -> list[Share]:
    """Return the categories that may be the largest one, the largest share first."""
    return sorted((share for share in shares.shares if share.ranks[0] == 1), key=lambda share: -share.share)


def _share_words(share: Share) -> str:
    return f"{math.floor(100 * share.share + 0.5)} %"


def _interval(share: Share) -> str:
    low, high = share.interval.low, share.interval.high
    return " (exact)" if low == high else f" ({100 * low:.0f}-{100 * high:.0f})"


def limit_sentences(corpora: Sequence[CorpusSummary]) -> list[list[Phrase]]:
    """State what the shares of these corpora do not say, in sentences."""
    sentences = []
    for corpus in corpora:
        shares = corpus.distribution
        unseen = [share for share in shares.shares if not share.count]
        if shares.n and not shares.pending and not shares.is_census and unseen:
            most = max(share.interval.high for share in unseen)
            one = len(unseen) == 1
            sentence = [Phrase("A category with no labels is not necessarily absent: ")]
            sentence += _listed([share.category for share in unseen])
            verb = "is" if one else "are each"
            sentence += [Phrase(f" {verb} at most {100 * most:.1f} % of "), Phrase(corpus.corpus, "corpus")]
            sentences.append([*sentence, Phrase(".")])
        # where skips matter, a warning says so
        if shares.n and not shares.pending and shares.has_bounds and not corpus.skips_matter:
            skips = (
                f"The {shares.skipped:,} skipped documents of "
                if shares.skipped > 1
                else "The skipped document of "
            )
            sentences.append(
                [
                    Phrase(skips),
                    Phrase(corpus.corpus, "corpus"),
                    Phrase(f" could move a share by at most {100 * shares.skips_move:.1f} points."),
                ]
            )
    sentences.append([Phrase("An interval covers sampling error only, not how another reader would label.")])
    return sentences


def difference_sentence(pair: CorpusComparison) -> list[Phrase]:
    """State which differences of a pair are established: "two and one differ: two holds more News (+11.7 points)."

    Without any it is the outcome of the overall test.
    """
    comparison = pair.comparison
    established = [row for row in comparison.by_size if row.verdict is not Verdict.NOT_ESTABLISHED]
    if not established:
        return [Phrase(comparison.headline)]
    first, second = Phrase(comparison.first, "corpus"), Phrase(comparison.second, "corpus")
    phrases = [Phrase("Provisional: so far, ")] if comparison.provisional else []
    phrases += [second, Phrase(" and "), first, Phrase(" differ: "), second, Phrase(" holds ")]
    shown = established[:MOST_ESTABLISHED]
    for i, row in enumerate(shown):
        if i:
            phrases.append(Phrase(" and " if i == len(established) - 1 else ", "))
        more = "more " if row.verdict is Verdict.HIGHER else "less "
        size = signed_points(row.difference)
        phrases += [
            Phrase(more),
            Phrase(row.category, "category"),
            Phrase(f" ({size}{'' if i else ' points'})"),
        ]
    if hidden := len(established) - len(shown):
        phrases.append(Phrase(f", and {hidden:,} more"))
    others = len(comparison.differences) - len(established)
    word = "significant so far" if comparison.provisional else "established"
    if others:
        rest = f"The other {others:,} differences are" if others > 1 else "The other difference is"
        phrases.append(Phrase(f". {rest} not {word}"))
    phrases.append(Phrase("."))
    if not (pair.first.provenance.random and pair.second.provenance.random):
        phrases.append(Phrase(" This would hold if both were random samples."))
    return phrases


def agreement_sentences(group: AgreementGroup) -> list[list[Phrase]]:
    """State how often the readers gave the same category, and which categories they confuse most."""
    measures = group.measures
    low, high = 100 * measures.percent.low, 100 * measures.percent.high
    how = "the same category" if len(group.readers) == 2 else "all the same category"
    sentences = [
        [
            Phrase(group.name, "corpus"),
            Phrase(f": {how} for {measures.agreeing:,} of {quantity(measures.n, 'document')}, "),
            Phrase(f"{100 * measures.share:.0f} % ({low:.0f}-{high:.0f})."),
        ]
    ]
    pairs = group.confused_pairs
    worst = [pair for pair in pairs if len(pair.documents) == len(pairs[0].documents)][:MOST_CONFUSED]
    if worst:
        phrases = [Phrase("Most confused: ")]
        for i, pair in enumerate(worst):
            phrases += [Phrase(", ")] * (i > 0)
            phrases += [Phrase(pair.one, "category"), Phrase(" with "), Phrase(pair.other, "category")]
        count = len(worst[0].documents)
        documents = f"{quantity(count, 'document')}{' each' * (len(worst) > 1)}"
        sentences.append([*phrases, Phrase(f", {documents}.")])
    return sentences


def _listed(names: Sequence[str]) -> list[Phrase]:
    """List names of categories: "Forum, News and 2 more"."""
    shown = [Phrase(name, "category") for name in names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        shown.append(Phrase(f"{len(names) - MOST_NAMED:,} more"))
    phrases = shown[:1]
    for i, phrase in enumerate(shown[1:], 2):
        phrases += [Phrase(" and " if i == len(shown) else ", "), phrase]
    return phrases
