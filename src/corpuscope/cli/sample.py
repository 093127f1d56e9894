"""Command that draws a sample of a corpus into a file, without the app."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import click

from corpuscope.cli import completion
from corpuscope.cli.app_runner import log_to
from corpuscope.cli.options import corpus_options, on_workspace, output_option
from corpuscope.cli.stderr import say_stderr
from corpuscope.cli.stdout import data_stream, output_stream
from corpuscope.corpora.parse import CorpusOptions
from corpuscope.corpora.source import Manifest, percent
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpuscopeError, UsageError, nearest
from corpuscope.file_cache import writable_folder
from corpuscope.files import is_stream
from corpuscope.sampling.feed.status import FeedStatus
from corpuscope.sampling.plan import ALL
from corpuscope.sampling.sample import Sampled, draw_sample
from corpuscope.sampling.sample_file import FORMATS, SampleFile, SampleStream
from corpuscope.session.study_plan import StudyOptions
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line


@click.command()
@click.argument("corpora", nargs=-1, required=True, metavar="CORPUS", shell_complete=completion.corpora)
@click.option(
    "-n",
    "--count",
    "asked",
    type=click.IntRange(min=1),
    metavar="N",
    help="Documents to draw.  [default: 100]",
)
@click.option(
    "--from",
    "first",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="K",
    help="First draw; draw k is the same document every time.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Output format.  [default: by the extension of FILE, else jsonl]",
)
@output_option("File to write.  [default: -, JSON lines on standard output]")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="N",
    help="Seed of the sample, recorded in labels/plan.json on first use.  [default: a random one]",
)
@corpus_options
@on_workspace()
@click.pass_context
def sample(
    context: click.Context,
    workspace: Workspace,
    corpora: tuple[str, ...],
    asked: int | None,
    first: int,
    form: str | None,
    output: Path | None,
    seed: int | None,
    described: CorpusOptions,
) -> None:
    """Draw a sample of a corpus into a file.

    CORPUS is what `corpuscope label` takes, or - for JSON lines or Parquet from standard input; several files are one
    corpus. The sample holds the documents that labelling the corpus would show, in their order, with address and
    inclusion probability.

    Seed and revision are those of labels/plan.json, which is written on first use; anyone with that file draws the
    same documents. After ctrl-c, the same command resumes where it stopped.

    If files could not be read and there are fewer documents than -n, the exit code is 1.

    Reads the corpus; writes JSON lines to standard output, or the file after -o, messages to standard error, and
    the plan to labels/plan.json.

    \b
    Examples:
      corpuscope sample c4 -n 1000 -o c4.parquet
      corpuscope sample fineweb --from 200 -n 50 | jq -r .text
      corpuscope sample owner/name@v1.0 --text body -o body.jsonl
      zcat crawl.jsonl.gz | corpuscope sample - -n 20
    """
    form = form or _format_of(output)
    streamed = output is None or is_stream(output)
    if streamed and form == "parquet":
        raise UsageError("parquet needs a file", "name one: --output sample.parquet")
    log_to(workspace.paths.log)
    study = workspace.plan.request(corpora, described=described, options=StudyOptions(seed=seed))
    if len(study.corpora) > 1:
        keys = " and ".join(corpus.key for corpus in study.corpora)
        raise UsageError(f"a sample is of one corpus, not of {keys}", "draw one of each")
    key = study.corpora[0].key
    plan = workspace.plan.ensure_planned(study)
    planned = plan.corpora[key]
    count = asked or (ALL if planned.corpus.census else 100)
    corpus = planned.corpus

    def resume(drawn: int) -> str:
        return _how_to_resume(None if streamed else output, first, drawn)

    progress = sample_progress(
        corpus.key, count, screen_is_free=output is not None or not sys.stdout.isatty()
    )

    def pin(manifest: Manifest) -> None:
        if note := workspace.plan.pin_revision(
            plan, key, manifest.revision, manifest.documents, manifest.uniform
        ):
            say_stderr(note)

    try:
        with _target(output, form) as target, progress:
            sampled = draw_sample(
                corpus,
                target,
                seed=plan.seed,
                first=first,
                count=count,
                cache_folder=writable_folder(workspace.paths.cache),
                revision=planned.revision,
                on_manifest=pin,
                on_document=progress.document,
                on_status=progress.status,
            )
    except KeyboardInterrupt:
        say_stderr(
            f"stopped after {progress.drawn:,} of {_wanted(count)} documents; {resume(progress.drawn)}"
        )
        context.exit(130)
    except CorpuscopeError:
        if progress.drawn:
            say_stderr(f"drawn: {progress.drawn:,} of {_wanted(count)} documents; {resume(progress.drawn)}")
        raise
    for line in _closing_lines(sampled, corpus, first, count, output):
        say_stderr(line)
    if target.replaced:
        say_stderr(
            f"{quantity(target.replaced, 'document')} with bytes that are not UTF-8 or half characters "
            "(lone surrogates), written as U+FFFD; text_bytes holds the exact text"
        )
    if sampled.provenance.set_aside and sampled.documents < count:
        context.exit(1)


@contextmanager
def _target(output: Path | None, form: str) -> Iterator[SampleStream | SampleFile]:
    """Yield the target of a sample: a file that grows beside its name, or a stream for what is no file."""
    if output is None:
        yield SampleStream(data_stream())
    elif is_stream(output):
        with output_stream(output) as stream:
            yield SampleStream(stream, str(output))
    else:
        yield SampleFile(output, form)


class SampleProgress:
    """Progress for a pipe: counts the documents, and prints one line each time the corpus becomes unreachable."""

    def __init__(self) -> None:
        self.drawn = 0
        """Documents drawn so far, including those of earlier runs."""
        self._warned = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Release nothing."""

    def document(self, drawn: int) -> None:
        """Take note that `drawn` documents are in the file."""
        self.drawn = drawn
        self._warned = False

    def status(self, status: FeedStatus) -> None:
        """Take note of the status of a feed that has no document ready."""
        if status.state == "offline" and not self._warned:
            self._warned = True
            say_stderr(f"offline; retrying for up to five minutes: {status.message}")


class SampleProgressBar(SampleProgress):
    """Progress bar on standard error of a terminal, removed at the end."""

    def __init__(self, name: str, count: int) -> None:
        super().__init__()
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[state]}", markup=False),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        self._task = self._progress.add_task(name, total=None if count == ALL else count, state="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def document(self, drawn: int) -> None:
        """Move the bar."""
        super().document(drawn)
        self._progress.update(self._task, completed=drawn, state="")

    def status(self, status: FeedStatus) -> None:
        """Show beside the bar what the feed is waiting for."""
        state = status.message or ("finding the files" if status.state == "opening" else "")
        self._progress.update(self._task, state=one_line(state, 60))


def sample_progress(name: str, count: int, *, screen_is_free: bool) -> SampleProgress:
    """Return a bar on a terminal that the sample itself is not written to, else progress for a pipe."""
    return SampleProgressBar(name, count) if sys.stderr.isatty() and screen_is_free else SampleProgress()


def _wanted(count: int) -> str:
    return "all" if count == ALL else f"{count:,}"


def _format_of(output: Path | None) -> str:
    """Infer the format from the file's extension, jsonl without one. Raises UsageError for an unknown extension."""
    ending = output.suffix.removeprefix(".").lower() if output else ""
    if ending in {"", "json", "ndjson"}:
        return "jsonl"
    if ending not in FORMATS:
        hint = f"{nearest(ending, FORMATS)}; or choose with --format"
        raise UsageError(f"{output}: cannot write {output.suffix} files" if output else "", hint)
    return ending


def _how_to_resume(output: Path | None, first: int, drawn: int) -> str:
    """Return the clause that says how to continue a stopped sample."""
    if output is not None:
        partial_file = f"; they are in {output}.partial" if drawn else ""
        return f"the same command resumes from there{partial_file}"
    return f"--from {first + drawn} goes on from there"


def _closing_lines(
    sampled: Sampled, corpus: Corpus, first: int, count: int, output: Path | None
) -> Iterator[str]:
    """Yield the closing lines: warnings, the share set aside, how many documents and where, what is uniform."""
    provenance = sampled.provenance
    yield from (note for note in provenance.notes if note not in provenance.uniform)
    yield from provenance.warnings
    if provenance.set_aside:
        share = percent(provenance.set_aside)
        yield f"set aside: {share} of {corpus.key}, which this sample says nothing about"
    n = sampled.documents
    if n > 1:
        drawn = f"draws {first:,} to {first + n - 1:,}"
    else:
        drawn = f"draw {first:,}" if n else f"no document from draw {first:,} on"
    rest = "the others were set aside" if provenance.set_aside else "no more can be drawn"
    is_short = n < count and (count != ALL or provenance.set_aside)
    fewer = f"; {_wanted(count)} were asked for, {rest}" if is_short else ""
    place = f" in {output}" if output else ""
    yield f"{quantity(n, 'document')} of {corpus.key}{place}: {drawn}{fewer}. {provenance.uniform}"
