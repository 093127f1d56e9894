"""Command that asks a model for the category of documents: progress and remarks on standard error."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from corpuscope.cli.options import labelled_corpora, on_workspace
from corpuscope.cli.sample import sample_progress
from corpuscope.cli.stderr import say_stderr
from corpuscope.cli.stdout import print_text
from corpuscope.errors import CorpusError, UsageError, nearest
from corpuscope.extras import require_extra
from corpuscope.session.workspace import Workspace

if TYPE_CHECKING:
    from corpuscope.annotate.run import Asking, Outcome, Question
    from corpuscope.sampling.pool import Pool

TOKENS_A_REPLY = 12
"""Tokens of a reply, roughly."""

WORTH = ((67, 1.7), (83, 2.5), (92, 4.4))
"""Percent of documents for which a model is right, and what 200 labels then count as; see docs/statistics.md."""


def documents_option(
    _context: click.Context, option: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, int], ...]:
    """Parse what to read: labelled, pool, or next:N. Raises click.BadParameter."""
    parsed = []
    for value in values:
        kind, colon, number = value.partition(":")
        if kind == "next" and number.isascii() and number.isdigit() and int(number):
            parsed.append((kind, int(number)))
        elif kind in ("labelled", "pool") and not colon:
            parsed.append((kind, 0))
        else:
            raise click.BadParameter(
                f"{value!r} is not labelled, pool or next:N, as in next:2000", param=option
            )
    return tuple(dict.fromkeys(parsed))


documents_to_read = click.option(
    "--documents",
    multiple=True,
    default=("labelled",),
    show_default=True,
    callback=documents_option,
    metavar="WHICH",
    help="labelled, pool (those that `corpuscope estimate` drew), or next:N (the next N of the plan that "
    "nobody labelled). May be repeated.",
)
"""--documents: what a machine reads."""


def json_object(_context: click.Context, option: click.Parameter, value: str | None) -> dict[str, Any]:
    """Parse a JSON object. Raises click.BadParameter."""
    try:
        parsed = json.loads(value or "{}")
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise click.BadParameter(f"{value!r} is not a JSON object", param=option)
    return parsed


@click.command()
@labelled_corpora
@click.option("--model", required=True, metavar="NAME", help="Name of the model, as the server calls it.")
@click.option(
    "--base-url",
    metavar="URL",
    help="Address of an OpenAI-compatible server [default: OPENAI_BASE_URL, else OpenAI's own].",
)
@documents_to_read
@click.option(
    "--concurrency", type=click.IntRange(1, 256), default=8, show_default=True, help="Calls at a time."
)
@click.option(
    "--max-tokens",
    type=click.IntRange(min=1),
    default=64,
    show_default=True,
    help="Tokens of a reply at most.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=120.0,
    show_default=True,
    help="Seconds to wait for a reply.",
)
@click.option(
    "--extra-body",
    callback=json_object,
    metavar="JSON",
    help="Further fields of every request, for example to switch reasoning off.",
)
@click.option(
    "--price-in", type=click.FloatRange(min=0), metavar="X", help="Price of a million prompt tokens."
)
@click.option(
    "--price-out", type=click.FloatRange(min=0), metavar="X", help="Price of a million reply tokens."
)
@click.option("--dry-run", is_flag=True, help="Print the first prompt and what it would cost; ask nothing.")
@on_workspace(annotator=False)
@click.pass_context
def annotate(
    context: click.Context,
    workspace: Workspace,
    corpora: tuple[str, ...],
    model: str,
    base_url: str | None,
    documents: tuple[tuple[str, int], ...],
    concurrency: int,
    max_tokens: int,
    timeout: float,
    extra_body: dict[str, Any],
    price_in: float | None,
    price_out: float | None,
    dry_run: bool,
) -> None:
    """Let a language model label documents, as a second reader.

    The prompt holds your categories word for word. The answers are kept in labels/models, apart from the labels of
    people: they count in no share, and nobody sees one before labelling the document. `corpuscope agreement --model`
    says how far they can be trusted, `corpuscope estimate --llm` what they are worth.

    Works with every server that speaks OpenAI's protocol: vLLM, SGLang, llama.cpp, ollama, TGI, and hosted ones. The
    key comes from OPENAI_API_KEY. No question is asked twice. Stopped with ctrl-c, the same command goes on where it
    was.

    Needs the extra: pip install 'corpuscope[llm]'. Reads the labels folder and, for `next:N`, the corpus; writes
    answers to labels/models, remarks to standard error, and with --dry-run the prompt to standard output.

    \b
    Examples:
      corpuscope annotate --model qwen3-8b --base-url http://localhost:8000/v1
      corpuscope annotate c4 --model qwen3-8b --documents next:2000
      corpuscope annotate --model gpt-5-mini --price-in 0.25 --dry-run
    """
    require_extra("llm", "corpuscope annotate")
    from corpuscope.annotate.answers import AnswerLog, all_answers
    from corpuscope.annotate.prompt import Prompt
    from corpuscope.annotate.run import Asking, parameters_json

    asking = Asking(Prompt.of(workspace.scheme), model, parameters_json(max_tokens, extra_body))
    try:
        questions = _questions(workspace, corpora, documents)
    except KeyboardInterrupt:
        say_stderr("stopped; the documents drawn are kept, and the same command goes on from there")
        context.exit(130)
    if dry_run:
        answered_before = {answer.question for answer in all_answers(workspace.paths.labels, model)}
        due = [question for question in questions if asking.key(question) not in answered_before]
        _say_cost(due, asking, price_in, price_out)
        _print_prompt(questions, asking)
        return
    with AnswerLog(workspace.paths.labels, model, clock=workspace.clock) as log:
        due = [question for question in questions if asking.key(question) not in log]
        if answered := len(questions) - len(due):
            say_stderr(f"{answered:,} of {len(questions):,} documents are answered already")
        if not due:
            return
        _say_cost(due, asking, price_in, price_out)
        from corpuscope.annotate.client import Client, Parameters
        from corpuscope.annotate.run import ask_all

        client = Client(
            Parameters(model, asking.prompt.categories, max_tokens, extra_body),
            base_url=base_url,
            timeout=timeout,
        )
        stop = Event()
        progress = sample_progress(model, len(due), screen_is_free=True)
        try:
            with progress, _stopping(stop, client.close):
                outcome = ask_all(
                    due,
                    asking,
                    client,
                    log,
                    concurrency=concurrency,
                    stop=stop,
                    on_answer=lambda outcome: progress.document(outcome.asked),
                )
        finally:
            client.close()
    _say_outcome(outcome, len(due), price_in, price_out)
    if outcome.stopped:
        context.exit(130 if stop.is_set() and outcome.stopped == "stopped" else 1)
    if outcome.failed:
        context.exit(1)


def _questions(
    workspace: Workspace, corpora: Sequence[str], documents: Sequence[tuple[str, int]]
) -> list[Question]:
    """Return a question per document, each document once. Raises UsageError when there are none."""
    from corpuscope.annotate.documents import labelled_questions, pool_questions

    decisions = workspace.ledger.decisions()
    keys = corpora_to_read(workspace, corpora)
    decided = {decision.document_id for decision in decisions.by_draw(keys)}
    questions: list[Question] = []
    for kind, count in documents:
        if kind == "labelled":
            labelled, lost = labelled_questions(decisions, keys, workspace.ledger.texts)
            questions += labelled
            if lost:
                say_stderr(f"{lost:,} labelled documents are left out: damage took their texts")
            continue
        for key in keys:
            rest = count or None
            for pool in drawn_ahead(workspace, key, kind, count):
                more = pool_questions(key, pool, decided, rest)
                questions += more
                rest = None if rest is None else rest - len(more)
    for problem in workspace.ledger.problems:
        say_stderr(problem)
    distinct = list({question.document_id: question for question in questions}.values())
    if not distinct:
        raise UsageError("there is no document to read", "label some, or name others: --documents next:200")
    return distinct


def corpora_to_read(workspace: Workspace, corpora: Sequence[str]) -> tuple[str, ...]:
    """Return the corpora named, or all with labels. Raises CorpusError for one without labels and plan."""
    labelled, plan = workspace.ledger.decisions().corpora(), workspace.plan.read()
    known = dict.fromkeys((*labelled, *(plan.corpora if plan else ())))
    for name in corpora:
        if name not in known:
            hint = nearest(name, known) if known else f"open it once: corpuscope label {name}"
            raise CorpusError(f"{name!r} is neither labelled nor planned", hint)
    return tuple(corpora) or labelled


def drawn_ahead(workspace: Workspace, corpus: str, kind: str, count: int) -> tuple[Pool, ...]:
    """Return the pool of a corpus, or for `next` what holds its next `count` documents, drawn if they are not yet.

    Raises UsageError when there is no pool.
    """
    from corpuscope.sampling.pool import find_pool, pool_path
    from corpuscope.session.study_pools import draw_next

    if kind == "pool":
        pool = find_pool(pool_path(workspace.paths.labels, corpus))
        if pool is None:
            raise UsageError(
                f"{corpus} has no pool yet",
                f"draw one: corpuscope estimate {corpus}, or say --documents next:2000",
            )
        return (pool,)
    progress = sample_progress(f"next of {corpus}", count, screen_is_free=True)
    with progress:
        return draw_next(
            workspace.ledger.decisions(),
            workspace.plan.read(),
            corpus,
            labels=workspace.paths.labels,
            cache=workspace.paths.cache,
            count=count,
            on_document=progress.document,
            on_status=progress.status,
        )


def _say_cost(
    questions: Sequence[Question],
    asking: Asking,
    price_in: float | None,
    price_out: float | None,
) -> None:
    """Say what the questions cost, and what the answers buy."""
    from corpuscope.annotate.documents import tokens_of

    tokens = tokens_of(questions, asking.prompt.task)
    n = len(questions)
    cost = money(tokens, n * TOKENS_A_REPLY, price_in, price_out)
    say_stderr(
        f"{n:,} document{'s' * (n != 1)}, about {_millions(tokens)} tokens, "
        f"{f'at a price of about {cost}' if cost else 'at a price that --price-in and --price-out would tell'}"
    )
    worth = ", ".join(
        f"{round(200 * gain, -1):,.0f} where it is right for {share} %" for share, gain in WORTH
    )
    say_stderr(f"with its answers on a pool, 200 labels can be worth {worth}: corpuscope estimate --llm")


def money(tokens_in: int, tokens_out: int, price_in: float | None, price_out: float | None) -> str:
    """Return the price of tokens, "" when no price is known; prices are those of a million."""
    if price_in is None and price_out is None:
        return ""
    cost = (tokens_in * (price_in or 0) + tokens_out * (price_out or 0)) / 1e6
    return f"{cost:,.2f}" if cost >= 0.1 else f"{cost:.4f}"


def _millions(count: int) -> str:
    return f"{count / 1e6:,.1f} M" if count >= 1e6 else f"{round(count, -2):,}"


def _print_prompt(questions: Sequence[Question], asking: Asking) -> None:
    for message in asking.prompt.messages(questions[0].excerpt):
        print_text(f"[{message['role']}]\n{message['content']}\n\n")


def _say_outcome(outcome: Outcome, due: int, price_in: float | None, price_out: float | None) -> None:
    """Say what was answered, what was not and why, and what it cost."""
    cost = money(outcome.tokens_in, outcome.tokens_out, price_in, price_out)
    tokens = f"{outcome.tokens_in:,} tokens in, {outcome.tokens_out:,} out"
    say_stderr(
        f"{outcome.answered:,} of {due:,} documents have an answer ({tokens}{f', {cost}' if cost else ''})"
    )
    if outcome.unanswered:
        say_stderr(
            f"{outcome.unanswered:,} got none, and are not asked again; the last one: {outcome.last_error}"
            if not outcome.failed
            else f"{outcome.unanswered:,} got none, and are not asked again"
        )
    if outcome.cut_off:
        say_stderr(
            f"{outcome.cut_off:,} of these were cut off: more --max-tokens, or no reasoning by --extra-body"
        )
    if outcome.failed:
        say_stderr(
            f"{outcome.failed:,} failed, and the same command asks them again; the last one: {outcome.last_error}"
        )
    if outcome.stopped == "stopped":
        say_stderr(f"stopped with {due - outcome.asked:,} to go; the same command goes on from there")
    elif outcome.stopped:
        say_stderr(f"ended early: {outcome.stopped}")


@contextmanager
def _stopping(stop: Event, abort: Any) -> Iterator[None]:  # noqa: ANN401  any function without parameters
    """Let the first ctrl-c set `stop`, and the second one call `abort` and interrupt."""

    def interrupted(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            abort()
            raise KeyboardInterrupt
        stop.set()
        say_stderr("ending after the calls in flight; ctrl-c again ends at once")

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
