"""Tests of what is loaded at each early moment, since every import delays it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HELP = """
from corpuscope.cli import run
assert run(["--help"]) == 0
moment()
"""

FIRST_FRAME = """
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
workspace = Workspace.at()
study = workspace.plan.request(["c4"])
with workspace.ledger.opened():
    CorpuscopeApp(workspace, study).get_default_screen()
    moment()
    workspace.plan.ensure_planned(study)
"""

FIRST_DOCUMENT = """
import time
from corpuscope.session.factories import Labelling
from corpuscope.session.workspace import Workspace
workspace = Workspace.at()
study = workspace.plan.request(["demo-edu"])
with workspace.ledger.opened():
    live = Labelling(workspace, study).begin(lambda: None)
    live.queue.start()
    while not live.session.advance():
        time.sleep(0.001)
    moment()
    live.session.painted()
    live.session.assign("News")
    live.queue.close()
"""

MOMENT = """
import sys
def moment():
    print("loaded", *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""

HEAVY = frozenset(
    (
        *(
            "aiohttp",
            "datasets",
            "datatrove",
            "fsspec",
            "hashlib",
            "huggingface_hub",
            "numpy",
            "openai",
            "pandas",
        ),
        *(
            "pyarrow",
            "pydantic",
            "pydantic_core",
            "rich",
            "safetensors",
            "scipy",
            "sklearn",
            "spacy",
            "textual",
            "yaml",
        ),
        "zstandard",
    )
)
"""Libraries that take longer to load than the program may take to start."""


def loaded(program: str, folder: Path) -> frozenset[str]:
    """Run a program in `folder` as a fresh process and return the heavy libraries it had loaded at its moment."""
    environment = {**os.environ, "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    result = subprocess.run(
        [sys.executable, "-c", MOMENT + program],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    (line,) = (line for line in result.stderr.splitlines() if line.startswith("loaded "))
    return HEAVY & set(line.split())


CATEGORIES = frozenset(("hashlib", "pydantic", "pydantic_core", "yaml"))
"""Loaded at a first start only, which validates the category file and caches that it is valid."""

APP = frozenset(("rich", "textual"))
"""Loaded by every app."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "first", "later"),
    [
        pytest.param(HELP, set(), set(), id="--help"),
        pytest.param(FIRST_FRAME, APP | CATEGORIES, APP, id="first frame"),
        # pyarrow and numpy read the labels of earlier sessions
        pytest.param(FIRST_DOCUMENT, CATEGORIES, {"hashlib", "numpy", "pyarrow"}, id="first document"),
    ],
)
def test_each_early_moment_loads_only_what_it_needs(
    tmp_path: Path, program: str, first: set[str], later: set[str]
) -> None:
    assert loaded(program, tmp_path) - {"hashlib"} == first - {
        "hashlib"
    }  # before Python 3.14 pydantic loads it
    loaded(program, tmp_path)  # the plan of the first start is checked here
    assert loaded(program, tmp_path) == later
