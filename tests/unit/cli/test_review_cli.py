"""Tests of `corpuscope review` and `corpuscope adjudicate` up to the first screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from corpuscope.cli import main
from corpuscope.errors import CorpusError, UsageError
from ledger_fakes import Scribe
from makers import a_document


@pytest.mark.parametrize("command", ["review", "adjudicate"])
def test_without_a_terminal_it_is_refused(command: str, tmp_path: Path) -> None:
    for annotator, category in (("ann", "News"), ("ben", "Forum")):
        with Scribe(tmp_path, annotator, annotator) as scribe:
            scribe.label(a_document(), category)
    result = CliRunner().invoke(main, [command, "--labels", str(tmp_path)])
    assert isinstance(result.exception, UsageError)
    assert f"corpuscope {command} needs an interactive terminal" in str(result.exception)


def test_without_a_disagreement_there_is_nothing_to_open(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(a_document(), "News")
    result = CliRunner().invoke(main, ["adjudicate", "--labels", str(tmp_path)])
    assert result.exit_code == 0
    assert "no document on which readers do not agree" in result.stderr


def test_a_corpus_without_labels_is_named(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(a_document(), "News")
    result = CliRunner().invoke(main, ["adjudicate", "wep", "--labels", str(tmp_path)])
    assert isinstance(result.exception, CorpusError)
    assert "there are no labels of 'wep'" in str(result.exception)
