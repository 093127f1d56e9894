"""Mixtures in words: the sentence above a chart, its caption, and the cells of amounts and shares."""

from __future__ import annotations

from corpuscope.analysis.mixtures import Mixture, MixturePart, MixtureShare
from corpuscope.report.sentences import Phrase
from corpuscope.report.tables import range_words

_SCALES = ((1e12, " T"), (1e9, " B"), (1e6, " M"), (1e3, " k"), (1.0, ""))


def amount_words(amount: float) -> str:
    """Format a number of tokens or documents with three digits at most: "8.5 B", "20 B", "750 M", "12"."""
    digits, unit = scale_of(amount)
    value = amount / digits
    return f"{value:.0f}{unit}" if value >= 99.95 or not unit else f"{value:.1f}".removesuffix(".0") + unit


def scale_of(amount: float) -> tuple[float, str]:
    """Return the scale in which an amount is written: its factor, and its unit, such as " B" for billions."""
    return next(scale for scale in _SCALES if amount >= 0.9995 * scale[0] or scale[0] == 1.0)


def mixture_headline(mixture: Mixture, most: int = 2, *, short: bool = False) -> list[Phrase]:
    """State the largest shares in a sentence: "Of 20 B tokens, 8.5 B (7.8-9.2) would be Educational ..."."""
    largest = sorted(mixture.shares, key=lambda share: -share.most)[:most]
    budget = mixture.mix.budget
    if not mixture.n:
        return [Phrase("No labels of these corpora yet: nothing is known of the mixture.")]
    phrases = [Phrase(f"Of {'the' if budget is None else amount_words(budget)} {mixture.mix.by}")]
    phrases.append(Phrase(": " if short else ", "))
    for i, share in enumerate(largest):
        if budget is None:
            amount, interval = (
                mixture_share_words(share),
                mixture_interval_words(share),
            )
        else:
            amount, interval = amount_cell(share, budget), amount_range(share, budget)
        unit = amount.lstrip("0123456789. ")
        interval = interval.removesuffix(unit).rstrip() if " to " not in amount else interval
        between = (", " if short else " and ") * (i > 0)
        if short:
            phrases += [
                Phrase(f"{between}{amount} "),
                Phrase(share.category, "category"),
                Phrase(f" ({interval})"),
            ]
        else:
            would_be = " would be " if i == 0 else " "
            phrases += [
                Phrase(f"{between}{amount} ({interval}){would_be}"),
                Phrase(share.category, "category"),
            ]
    return [*phrases, Phrase(".")]


def mixture_headline_words(mixture: Mixture) -> str:
    """Return `mixture_headline` as a text."""
    return "".join(phrase.text for phrase in mixture_headline(mixture))


def mixture_caption(mixture: Mixture) -> tuple[str, ...]:
    """Return the parts of the caption: n per corpus, level and method."""
    labelled = [
        f"{part.corpus} {part.summary.distribution.n:,}"
        for part in mixture.parts
        if part.summary and part.weight
    ]
    readers = sorted(
        {name for part in mixture.parts if part.summary for name in part.summary.provenance.annotators}
    )
    return (
        f"n = {mixture.n:,}" + (f" ({', '.join(labelled)})" if labelled else ""),
        f"{100 * mixture.level:g} % intervals ({mixture_method(mixture)})",
        unit_words(mixture),
        *((f"as read by {', '.join(readers)}",) if readers else ()),
    )


def unit_words(mixture: Mixture) -> str:
    """State the unit of the shares: "shares of tokens", "shares of documents in place of tokens"."""
    units = dict.fromkeys(part.summary.distribution.weighting for part in mixture.parts if part.summary)
    others = [unit for unit in units if unit != mixture.mix.by]
    if not others:
        return f"shares of {mixture.mix.by}"
    return f"shares of {' and '.join(units)} in place of {mixture.mix.by}"


def mixture_method(mixture: Mixture) -> str:
    """Name the method of the intervals of a mixture."""
    words = f"stratified sum, MOVER of each corpus's interval: {', '.join(mixture.methods) or 'no labels'}"
    pools = [f"{part.corpus} by {part.pool:,}" for part in mixture.parts if part.pool and part.weight]
    return words + (f"; assisted, {', '.join(pools)} documents that a classifier read" if pools else "")


def size_words(mixture: Mixture) -> tuple[str, ...]:
    """State the sizes behind the epochs with their sources; empty without a budget."""
    if mixture.mix.budget is None:
        return ()
    sizes = [
        f"{part.corpus} has {amount_words(part.size)} {mixture.mix.by} ({part.size_source})"
        for part in mixture.parts
        if part.size
    ]
    unknown = [part.corpus for part in mixture.parts if not part.size]
    if unknown:
        sizes.append(f"size of {', '.join(unknown)} not known (--size NAME=75B)")
    return tuple(sizes)


def weights_words(mixture: Mixture) -> str:
    """Format the weights of a mixture: "30 % c4, 70 % fineweb"."""
    return ", ".join(f"{100 * part.weight:.3g} % {part.corpus}" for part in mixture.parts if part.weight)


def mixture_share_words(share: MixtureShare) -> str:
    """Format the share of a mixture in percent: "42.6 %", "30.1 to 50.1 %" where only bounds are known."""
    return range_words(share.least, share.most) if share.share is None else f"{100 * share.share:.1f} %"


def mixture_interval_words(share: MixtureShare) -> str:
    """Format the interval of a share of a mixture in percent: "39.1 to 45.9 %", "exact" without a width."""
    return "exact" if share.interval.is_exact else range_words(share.interval.low, share.interval.high)


def amount_cell(share: MixtureShare, budget: float) -> str:
    """Format the amount of a category: "8.5 B", "6 B to 10 B" where only bounds are known."""
    if share.share is None:
        return f"{amount_words(share.least * budget)} to {amount_words(share.most * budget)}"
    return amount_words(share.share * budget)


def amount_range(share: MixtureShare, budget: float) -> str:
    """Format the interval of an amount, with the unit once where both ends have the same: "7.8-9.2 B"."""
    low, high = share.interval.low * budget, share.interval.high * budget
    if scale_of(low) == scale_of(high):
        return f"{_bare(amount_words(low))}-{amount_words(high)}"
    return f"{amount_words(low)}-{amount_words(high)}"


def epochs_words(part: MixturePart) -> str:
    """Format the epochs of a corpus: "0.08", "2.5"; "?" where its size is not known."""
    epochs = part.epochs
    if epochs is None:
        return "?"
    return f"{epochs:,.1f}" if epochs >= 1 else f"{epochs:.2g}"


def _bare(words: str) -> str:
    """Return a number without its unit."""
    return words.rstrip(" %TBMk")
