"""Command that opens the app to look around in a corpus without labelling."""

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
    """Look around in a corpus without labelling.

    As one does for an hour before deciding on categories: next, back, find, bookmarks, notes, facts and source in
    sight. The documents are drawn by the same sampler with a seed of their own, so that those of the study stay
    unread; of a corpus on this machine that is made sure of. Nothing counts. The next start goes on where this
    one ended.

    Reads the corpus, over the network where it is on the Hub. Writes bookmarks, notes and the place reached into
    labels/browsing.

    \b
    Examples:
      corpuscope browse c4
      corpuscope browse crawl/*.jsonl.gz --text content
    """
    need_terminal("corpuscope browse")
    study = workspace.plan.request((corpus,), described=described)
    open_app(workspace, screen=BROWSE.name, writes=False, corpus=study.corpora[0])
