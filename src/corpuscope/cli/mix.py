"""Command that prints what is in a mixture of corpora."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from corpuscope.cli.estimate import study_reading
from corpuscope.cli.options import (
    assisted_option,
    check_assisted,
    format_option,
    level_option,
    mine_option,
    on_workspace,
    reference_option,
)
from corpuscope.cli.stderr import say_problems, say_stderr
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.mix import MIX_UNITS, Mix, MixUnit, parsed_amount, parsed_share
from corpuscope.errors import UsageError, nearest
from corpuscope.sampling.plan import Plan
from corpuscope.session.study_plan import named_mix
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:
    from corpuscope.analysis.mixture_source import MixtureSource

_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")
_WEIGHT_HINT = "give each corpus its weight, as in: corpuscope mix c4=30 fineweb=70"


class Amount(click.ParamType[float]):
    """A positive number with an optional unit: 750M, 20B, 1.3T."""

    name = "amount"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number. Raises click.BadParameter."""
        if isinstance(value, float):
            return value
        amount = parsed_amount(value)
        if amount is None:
            self.fail(f"{value!r} is not a positive number, as in 750M, 20B or 1.3T", param, ctx)
        return amount


def parsed_weights(words: Sequence[str]) -> dict[str, float]:
    """Parse NAME=WEIGHT words. Raises UsageError, which names the word at fault."""
    weights: dict[str, float] = {}
    for word in words:
        name, separator, value = word.rpartition("=")
        if not (separator and name):
            raise UsageError(f"{word!r} has no weight, and no mix is kept under that name", _WEIGHT_HINT)
        digits = value.strip().removesuffix("%").strip()
        if not _NUMBER.fullmatch(digits) or not math.isfinite(float(digits)):
            raise UsageError(f"{word!r}: the weight {value!r} is not a number of 0 or more", _WEIGHT_HINT)
        if name in weights:
            raise UsageError(f"{name} has two weights", _WEIGHT_HINT)
        weights[name] = float(digits)
    if not 0 < math.fsum(weights.values()) < math.inf:
        raise UsageError("every weight is 0", _WEIGHT_HINT)
    return weights


def chosen_mix(words: Sequence[str], plan: Plan | None) -> tuple[str, Mix]:
    """Return the mix of NAME=WEIGHT words, or the one kept under a single name, with that name.

    Raises UsageError and PlanError.
    """
    if len(words) == 1 and "=" not in words[0] and plan and plan.mixes:
        return words[0], named_mix(plan, words[0])
    return "", Mix(MappingProxyType(parsed_weights(words)))


def parsed_aim(text: str) -> tuple[str, float]:
    """Parse CATEGORY=PERCENT into the category and a fraction. Raises UsageError."""
    aim = parsed_share(text)
    if aim is None:
        raise UsageError(
            f"--reach {text!r} is not a category with a percentage", "as in: --reach Educational=60"
        )
    return aim


def _sizes(_context: click.Context, option: click.Parameter, words: tuple[str, ...]) -> dict[str, float]:
    """Parse NAME=AMOUNT words. Raises click.BadParameter, and UsageError for a corpus that has two."""
    sizes = {}
    for word in words:
        name, _, value = word.rpartition("=")
        amount = parsed_amount(value)
        if not name or amount is None:
            raise click.BadParameter(f"{word!r} is not a size, as in mine=75B", param=option)
        if name in sizes:
            raise UsageError(f"{name} has two sizes", "give each corpus one --size")
        sizes[name] = amount
    return sizes


@click.command()
@click.argument("weights", nargs=-1, required=True, metavar="CORPUS=WEIGHT...|NAME")
@click.option("--budget", type=Amount(), metavar="AMOUNT", help="Size of the mixture, as in 20B.")
@click.option(
    "--by",
    type=click.Choice(list(MIX_UNITS)),
    help=f"Unit of weights, budget and shares.  [default: {MIX_UNITS[0]}]",
)
@click.option(
    "--size",
    "sizes",
    multiple=True,
    metavar="CORPUS=AMOUNT",
    callback=_sizes,
    help="Size of a corpus, for its epochs. May be repeated.",
)
@reference_option(
    "Use published labels for corpora without labels of your own: c4, fineweb, fineweb-edu, or a YAML or JSON file; "
    "without a value, the first three."
)
@click.option(
    "--next",
    "more",
    type=click.IntRange(1, 100_000),
    metavar="N",
    help="Divide the next N labels over the corpora so that the intervals become narrowest.",
)
@click.option(
    "--narrow", metavar="CATEGORY", help="With --next: the category whose interval is to become narrow."
)
@click.option(
    "--against",
    metavar="MIX",
    help='Another mix to compare with: the name of one, or its weights in quotes, as in "c4=50 fineweb=50".',
)
@click.option(
    "--reach",
    metavar="CATEGORY=PERCENT",
    help="Find the weights at which a category has at least this share, at the lower end of its interval.",
)
@click.option(
    "--save", metavar="NAME", help="Keep the mix in labels/plan.json; summary and report then show it."
)
@click.option("--forget", is_flag=True, help="Remove the mix NAME from labels/plan.json.")
@format_option
@level_option
@assisted_option
@mine_option
@on_workspace()
def mix(
    workspace: Workspace,
    weights: tuple[str, ...],
    budget: float | None,
    by: MixUnit | None,
    sizes: dict[str, float],
    references: tuple[str, ...],
    more: int | None,
    narrow: str | None,
    against: str | None,
    reach: str | None,
    save: str | None,
    forget: bool,
    form: str,
    level: float,
    assisted: bool,
    mine: bool,
) -> None:
    """Print what is in a mixture of corpora, with intervals.

    Each CORPUS has its weight in the mixture; weights that do not add up to 100 are taken in proportion. Shares are of
    tokens where the labels carry token counts, else of characters, else of documents, and a warning says which. A
    corpus without labels is not left out: it can hold anything, and the shares become bounds.

    Reads the labels folder, categories.yaml and reference files; writes tables to standard output and messages to
    standard error, and with --save or --forget labels/plan.json.

    \b
    Examples:
      corpuscope mix c4=30 fineweb=20 fineweb-edu=50 --budget 20B
      corpuscope mix c4=30 fineweb-edu=70 --next 100 --narrow Educational
      corpuscope mix c4=30 fineweb=20 fineweb-edu=50 --reference
      corpuscope mix c4=30 fineweb-edu=70 --budget 20B --save first
      corpuscope mix first
      corpuscope mix first --against "c4=50 fineweb-edu=50"
      corpuscope mix first --reach Educational=60
      corpuscope mix first --assisted
      corpuscope mix mine=60 c4=40 --budget 5B --size mine=2.5B --format json
    """
    from corpuscope.analysis.mixture_source import mixture_source
    from corpuscope.analysis.references import samples_by_name
    from corpuscope.cli.output import print_result
    from corpuscope.report.mixture_result import MixtureResult
    from corpuscope.report.mixture_tables import reach_words

    check_assisted(assisted=assisted, mine=mine)
    if forget:
        if len(weights) > 1 or "=" in weights[0]:
            raise UsageError("--forget takes the name of a mix", "as in: corpuscope mix NAME --forget")
        workspace.plan.forget_mix(weights[0])
        say_stderr(f"{weights[0]} is no longer in {workspace.plan.path}")
        return
    plan = workspace.plan.read()
    name, chosen = chosen_mix(weights, plan)
    aim = None if reach is None else parsed_aim(reach)
    chosen = Mix(
        chosen.weights,
        budget or chosen.budget,
        by or chosen.by,
        MappingProxyType(dict(chosen.sizes) | sizes),
    )
    if narrow is not None and more is None:
        raise UsageError("--narrow says what the next labels are for", "add their number: --next 100")
    decisions = workspace.ledger.decisions()
    published = samples_by_name(references)
    other_name, other = ("", None) if against is None else chosen_mix(against.split(), plan)
    names = {*KNOWN, *(plan.corpora if plan else ()), *decisions.corpora(), *published}
    check_names(chosen, names)
    if other is not None:
        other = replace(other, by=by or other.by)
        check_names(other, names)
    source = mixture_source(
        decisions,
        workspace.scheme,
        plan,
        annotator=workspace.annotator if mine else None,
        published=published,
        corpora=dict.fromkeys((*chosen.weights, *(other.weights if other else ()))),
        units=(chosen.by,),
        level=level,
    )
    if assisted:
        source = _assisted(workspace, source, chosen.by)
    mixture = source.mixture(chosen, save or name)
    say_problems(workspace.ledger)
    if round(chosen.total, 6) not in (1, 100):
        say_stderr(f"the weights add up to {chosen.total:g}; they are taken in proportion")
    divided = {} if more is None else source.next_labels(chosen, narrow, more)
    if more is not None and not divided:
        say_stderr("no corpus of the mixture can get labels: published ones do not grow")
    elif more is not None and (left := sum(divided.values())) < more:
        say_stderr(f"these corpora have only {quantity(left, 'more document')} to label, not {more:,}")
    comparison = None if other is None else source.compared(chosen, other, (save or name, other_name))
    reached = None if aim is None else source.reaching(chosen, *aim)
    if reached and form == "csv":
        say_stderr(reach_words(reached))
    if save is not None:
        former = plan.mixes.get(save) if plan else None
        workspace.plan.keep_mix(save, chosen)
        if former not in (None, chosen):
            weights_before = " ".join(f"{key}={weight:g}" for key, weight in former.weights.items())
            say_stderr(f"{save} was another mix before: {weights_before}")
        say_stderr(f"{save} is saved in {workspace.plan.path}")
    print_result(MixtureResult(mixture, divided, narrow or "", comparison, reached), form)


def _assisted(workspace: Workspace, source: MixtureSource, by: MixUnit) -> MixtureSource:
    """Return the source with assisted shares. Raises UsageError where no corpus can be assisted."""
    reading = study_reading(workspace, source.own)
    from corpuscope.analysis.assisted_mixtures import with_assistance

    decisions = workspace.ledger.decisions()
    assisted = with_assistance(source.summaries, source.own, decisions, reading, source.level)
    for sentence in assisted[by].refused:
        say_stderr(sentence)
    if not assisted[by].pools:
        raise UsageError(
            "no corpus of the mixture has assisted shares",
            "see the reasons above; corpuscope estimate draws pools",
        )
    return replace(source, assisted=assisted)


def check_names(chosen: Mix, known: Collection[str]) -> None:
    """Raise UsageError for a corpus that is nowhere known, and for the size of one that is not in the mix."""
    for name in chosen.sizes:
        if name not in chosen.weights:
            raise UsageError(f"--size names {name!r}, which has no weight", nearest(name, chosen.weights))
    for name in chosen.weights:
        if name not in known and name not in chosen.sizes:
            raise UsageError(
                f"there is no corpus called {name!r}, labelled, planned or built in",
                f"{nearest(name, sorted(known))}; of a corpus that you do not have yet, give the size: "
                f"--size {name}=75B",
            )
