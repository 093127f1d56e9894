"""Command that asks a model for the category of documents: progress and remarks on standard error."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from corpuscope.annotate.request import FORMS
from corpuscope.cli.documents_to_read import (
    corpora_to_read,
    documents_to_read,
    nothing_to_read,
    read_ahead,
)
from corpuscope.cli.options import STDOUT, NumberRange, OutputPath, labelled_corpora, on_workspace
from corpuscope.cli.sample import sample_progress
from corpuscope.cli.stderr import say_problems, say_stderr
from corpuscope.cli.stdout import output_stream, print_text
from corpuscope.errors import UsageError
from corpuscope.extras import require_extra
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:
    from corpuscope.annotate.client import Client
    from corpuscope.annotate.request import Parameters
    from corpuscope.annotate.run import AnnotationTask, Outcome, Question

LONGEST_TIMEOUT = 86_400
"""Seconds that a reply may be waited for at most."""


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
    help="Address of an OpenAI-compatible server.  [default: OPENAI_BASE_URL, else OpenAI's own]",
)
@documents_to_read
@click.option(
    "--concurrency",
    type=click.IntRange(1, 256),
    metavar="N",
    default=8,
    show_default=True,
    help="Number of calls at the same time.",
)
@click.option(
    "--max-tokens",
    type=click.IntRange(min=1),
    metavar="N",
    default=64,
    show_default=True,
    help="Maximum number of tokens of a reply.",
)
@click.option(
    "--timeout",
    type=NumberRange(1, LONGEST_TIMEOUT),
    metavar="SECONDS",
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
    "--price-in", type=NumberRange(min=0), metavar="PRICE", help="Price of a million prompt tokens."
)
@click.option(
    "--price-out", type=NumberRange(min=0), metavar="PRICE", help="Price of a million reply tokens."
)
@click.option(
    "--export-batch",
    type=OutputPath(dir_okay=False),
    metavar="FILE",
    help="Write the questions as a file of requests in OpenAI's batch format; ask nothing.",
)
@click.option(
    "--import-batch",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=False),
    metavar="FILE",
    help="Read the answers from a file of results in OpenAI's batch format; ask nothing.",
)
@click.option(
    "--form",
    type=click.Choice(list(FORMS)),
    default="schema",
    show_default=True,
    help="Form of the requests in a batch; calls to a server use the first form that it accepts.",
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
    export_batch: Path | None,
    import_batch: Path | None,
    form: str,
    dry_run: bool,
) -> None:
    """Let a language model label documents, as a second reader.

    The prompt holds your categories word for word. The answers are kept in labels/models, apart from the labels of
    people: they count in no share, and nobody sees one before labelling the document. `corpuscope agreement --model`
    shows how well they agree with people, `corpuscope estimate --llm` how many labels they are worth.

    Works with every server that speaks OpenAI's protocol: vLLM, SGLang, llama.cpp, ollama, TGI, and hosted ones. The
    key comes from OPENAI_API_KEY. No question is asked twice. After ctrl-c, the same command resumes where it
    stopped.

    Some servers sell batches at half the price: --export-batch writes the requests, --import-batch takes the results.

    Needs the extra: pip install 'corpuscope[llm]'. Reads the labels folder and, for `next:N`, the corpus; writes
    answers to labels/models, messages to standard error, with --dry-run the prompt to standard output, and the file
    after --export-batch.

    \b
    Examples:
      corpuscope annotate --model qwen3-8b --base-url http://localhost:8000/v1
      corpuscope annotate c4 --model qwen3-8b --documents next:2000
      corpuscope annotate --model gpt-5-mini --price-in 0.25 --dry-run
      corpuscope annotate --model gpt-5-mini --export-batch requests.jsonl
    """
    if not model:
        raise UsageError("--model is empty", "name the model as the server calls it")
    if sum((export_batch is not None, import_batch is not None, dry_run)) > 1:
        raise UsageError(
            "--export-batch, --import-batch and --dry-run exclude each other", "name one of them"
        )
    from corpuscope.annotate.answers import all_answers
    from corpuscope.annotate.prompt import Prompt
    from corpuscope.annotate.request import Parameters, parameters_json
    from corpuscope.annotate.run import STOPPED, AnnotationTask
    from corpuscope.cli.annotate_messages import say_cost, say_outcome

    task = AnnotationTask(Prompt.of(workspace.scheme), model, parameters_json(max_tokens, extra_body))
    if import_batch:
        context.exit(_import(workspace, corpora, task, form, import_batch))
    try:
        questions = _questions(workspace, corpora, documents)
    except KeyboardInterrupt:
        say_stderr("stopped; the documents drawn are kept, and the same command resumes from there")
        context.exit(130)
    answered = {answer.question for answer in all_answers(workspace.paths.labels, model)}
    due = [question for question in questions if task.key(question) not in answered]
    if len(due) < len(questions):
        say_stderr(
            f"already answered: {len(questions) - len(due):,} of {quantity(len(questions), 'document')}"
        )
    if not due:
        return
    say_cost(due, task, price_in, price_out)
    parameters = Parameters(model, task.prompt.categories, max_tokens, extra_body)
    if dry_run:
        _print_prompt(due, task)
    elif export_batch:
        _export(due, task, parameters, form, export_batch)
    else:
        require_extra("llm", "corpuscope annotate")
        from corpuscope.annotate.client import Client

        client = Client(parameters, base_url=base_url, timeout=timeout)
        stop = Event()
        outcome = _ask(workspace, due, task, client, concurrency, stop)
        say_outcome(outcome, len(due), price_in, price_out)
        if outcome.stopped == STOPPED:
            context.exit(130)
        if outcome.stopped or outcome.failed:
            context.exit(1)


def _ask(
    workspace: Workspace,
    questions: Sequence[Question],
    task: AnnotationTask,
    client: Client,
    concurrency: int,
    stop: Event,
) -> Outcome:
    """Ask the questions with a progress bar; ctrl-c ends the run after those in flight."""
    from corpuscope.annotate.answer_log import AnswerLog
    from corpuscope.annotate.run import ask_all

    progress = sample_progress(task.model, len(questions), screen_is_free=True)
    try:
        with (
            AnswerLog(workspace.paths.labels, task.model, clock=workspace.clock) as log,
            progress,
            _stopping(stop, client.close),
        ):
            for notice in log.notices:
                say_stderr(notice)
            return ask_all(
                questions,
                task,
                client,
                log,
                concurrency=concurrency,
                stop=stop,
                on_answer=lambda outcome: progress.document(outcome.asked),
            )
    finally:
        client.close()


def _export(
    questions: Sequence[Question], task: AnnotationTask, parameters: Parameters, form: str, file: Path
) -> None:
    """Write the questions as a batch, and say what to do with it."""
    from corpuscope.annotate.batch import write_requests

    with output_stream(None if file == STDOUT else file) as stream:
        write_requests(stream, questions, task, parameters, form)
    say_stderr(f"{quantity(len(questions), 'request')} in {file}; read the results with --import-batch")


def _import(workspace: Workspace, corpora: Sequence[str], task: AnnotationTask, form: str, file: Path) -> int:
    """Keep the answers in a file of results, and return the exit code: 1 where some of it was left out."""
    from corpuscope.annotate.answer_log import AnswerLog
    from corpuscope.annotate.batch import read_results

    questions = _questions(workspace, corpora, (("labelled", 0), ("drawn", 0)))
    with (
        AnswerLog(workspace.paths.labels, task.model, clock=workspace.clock) as log,
        file.open("rb") as lines,
    ):
        outcome = read_results(lines, questions, task, form, log)
    if not outcome.results:
        raise UsageError(
            f"--import-batch {file}: holds no results", "name the file that the server gave back"
        )
    say_stderr(f"{quantity(outcome.answered, 'document')} answered")
    for count, words in (
        (outcome.known, "answered before"),
        (outcome.unanswered, "without a category, not to be asked again"),
        (outcome.failed, f"failed, to be asked again; the last one: {outcome.last_error}"),
        (
            outcome.foreign,
            "left out: of other documents or texts, or of another prompt, model or --max-tokens",
        ),
        (outcome.broken, "left out: not in OpenAI's format of results"),
    ):
        if count:
            say_stderr(f"{count:,} {words}")
    return 1 if outcome.failed or outcome.foreign or outcome.broken else 0


def _questions(
    workspace: Workspace, corpora: Sequence[str], documents: Sequence[tuple[str, int]]
) -> list[Question]:
    """Return a question per document and text, each once. Raises UsageError when there are none."""
    from corpuscope.annotate.documents import labelled_questions
    from corpuscope.annotate.prompt import prompt_excerpt
    from corpuscope.annotate.run import Question

    decisions = workspace.ledger.decisions()
    keys = corpora_to_read(workspace, corpora)
    questions: list[Question] = []
    for kind, count in documents:
        if kind == "labelled":
            labelled, lost = labelled_questions(decisions, keys, workspace.ledger.texts)
            questions += labelled
            if lost:
                say_stderr(f"{quantity(lost, 'labelled document')} left out because of a damaged text")
            continue
        for key in keys:
            for document_id, sha256, text in read_ahead(workspace, key, kind, count):
                questions.append(Question(key, document_id, sha256, *prompt_excerpt(text)))
    say_problems(workspace.ledger)
    distinct = list({(question.document_id, question.sha256): question for question in questions}.values())
    if not distinct:
        raise nothing_to_read()
    return distinct


def _print_prompt(questions: Sequence[Question], task: AnnotationTask) -> None:
    for message in task.prompt.messages(questions[0].excerpt):
        print_text(f"[{message['role']}]\n{message['content']}\n\n")


@contextmanager
def _stopping(stop: Event, abort: Any) -> Iterator[None]:  # noqa: ANN401  any function without parameters
    """Let the first ctrl-c set `stop`, and the second one call `abort` and interrupt."""

    def interrupted(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            abort()
            raise KeyboardInterrupt
        stop.set()
        click.echo(err=True)  # the bar and ^C have the line
        say_stderr("ending after the calls in flight; ctrl-c again ends at once")

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
