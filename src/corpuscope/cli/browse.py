"""Command that opens the app to browse a corpus without labelling."""

from __future__ import annotations

import click

from corpuscope.cli import completion
from corpuscope.cli.app_runner import need_terminal, open_app
from corpuscope.cli.options import corpus_options, on_workspace
from corpuscope.config.actions import BROWSE
from corpuscope.corpora.parse import CorpusOptions
from corpuscope.session.workspace import Workspace


@click.command()
@click.argument("corpus", metavar="CORPUS", shell_complete=completion.corpora)
@corpus_options
@on_workspace()
def browse(workspace: Workspace, corpus: str, described: CorpusOptions) -> None:
    """Browse a corpus without labelling.

    For a first hour with a corpus, before you decide on categories: next, back, find, bookmarks and notes, with facts
    and source in sight. The same sampler draws the documents with another seed, so that those of your study stay
    unread; for a corpus on this machine this is checked. Nothing counts. The next start resumes where this one ended.

    Reads the corpus, over the network where it is on the Hub. Writes bookmarks, notes and the current position to
    labels/browsing.

    \b
    Examples:
      corpuscope browse c4
      corpuscope browse crawl/*.jsonl.gz --text content
    """
    need_terminal("corpuscope browse")
    study = workspace.plan.request((corpus,), described=described)
    open_app(workspace, screen=BROWSE.name, writes=False, corpus=study.corpora[0])
