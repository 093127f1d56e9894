"""The outcome of a summary in one sentence per corpus."""

from __future__ import annotations

import math
from typing import NamedTuple

from corpuscope.stats.distribution import Distribution, Share
from corpuscope.stats.summary import CorpusSummary

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

    Categories that the labels do not separate from the largest one are tied with it.
    """
    shares = corpus.distribution
    phrases = [Phrase(corpus.corpus, "corpus"), Phrase(": ")]
    if not shares.n and not shares.pending:
        return [*phrases, Phrase("no labels yet.")]
    if shares.pending:
        return [*phrases, Phrase("only bounds until the labels that await a new reading are given.")]
    leaders = _leaders(shares)
    if len(leaders) > MOST_TIED:
        return [*phrases, Phrase(f"no category leads yet: {len(leaders)} are tied for the first place.")]
    unit = "" if shares.weighting == "documents" else f" of {shares.weighting}"
    if len(leaders) == 1:
        leader = leaders[0]
        return [
            *phrases,
            Phrase(leader.category, "category"),
            Phrase(f" is the largest category, {_share_words(leader)}{unit}{_interval(leader)}."),
        ]
    phrases.append(Phrase("no single largest; "))
    for i, leader in enumerate(leaders):
        if i:
            phrases.append(Phrase(" and " if i == len(leaders) - 1 else ", "))
        phrases += [
            Phrase(leader.category, "category"),
            Phrase(f" {_share_words(leader)}{unit}{_interval(leader)}"),
        ]
    return [*phrases, Phrase(" are tied.")]


def leading_words(corpus: CorpusSummary) -> list[Phrase]:
    """State the same in a few words: "C4: Advertising largest", "FineWeb: a tie"."""
    shares = corpus.distribution
    phrases = [Phrase(corpus.corpus, "corpus"), Phrase(": ")]
    if not shares.n or shares.pending:
        return [*phrases, Phrase("only bounds" if shares.pending else "no labels yet")]
    leaders = _leaders(shares)
    if len(leaders) > 1:
        return [*phrases, Phrase("a tie")]
    return [*phrases, Phrase(leaders[0].category, "category"), Phrase(" largest")]


def _leaders(shares: Distribution) -> list[Share]:
    """Return the categories that may be the largest one, the largest share first."""
    return sorted((share for share in shares.shares if share.ranks[0] == 1), key=lambda share: -share.share)


def _share_words(share: Share) -> str:
    return f"{math.floor(100 * share.share + 0.5)} %"


def _interval(share: Share) -> str:
    low, high = share.interval.low, share.interval.high
    return " (exact)" if low == high else f" ({100 * low:.0f}-{100 * high:.0f})"
