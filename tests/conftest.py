"""Environment of the tests: one stand-in of the Hub per process, whose address huggingface_hub reads at import."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from hub.layouts import build_all
from hub.server import StandIn

_folder = tempfile.TemporaryDirectory(prefix="corpuscope-tests-", ignore_cleanup_errors=True)
_home = Path(_folder.name) / "hf"
_hub = StandIn(Path(_folder.name) / "hub")

for _name in (
    "HF_TOKEN",
    "HF_HUB_OFFLINE",
    "HF_HUB_CACHE",
    "HF_TOKEN_PATH",
    "HF_DATASETS_CACHE",
    "COLUMNS",
    "LINES",
):
    os.environ.pop(_name, None)
os.environ["HF_ENDPOINT"] = _hub.endpoint
for _name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
    os.environ[_name] = str(Path(_folder.name) / _name)  # hide the developer's own settings
os.environ["HF_HOME"] = str(_home)
os.environ["HF_HUB_DISABLE_XET"] = "1"  # as publishing sets it; read at import
os.environ["HF_HUB_DOWNLOAD_TIMEOUT"] = "2"  # seconds, so that a silent server times out within a test

# a shell has its background jobs ignore ctrl-c, and so would the programs that tests interrupt
signal.signal(signal.SIGINT, signal.default_int_handler)

# no deadline: the first example imports scipy, and other processes may use the cores
settings.register_profile("unhurried", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=1_000, derandomize=False)
settings.register_profile("fuzz-quick", settings.get_profile("fuzz"))  # with fewer slow ones: fuzz/profiles
settings.load_profile("unhurried")


gc.set_threshold(
    50_000, 20, 50
)  # Python's 700 would go through the objects of all test modules thousands of times


def pytest_collection_finish() -> None:
    """Exempt the modules and tests from garbage collection: hardly any of their objects is garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def _serving() -> StandIn:
    build_all(_hub.root)
    _hub.start()
    return _hub


@pytest.fixture
def hub(_serving: StandIn) -> Iterator[StandIn]:
    """The stand-in of the Hub, without faults, of which the client remembers no address."""
    _hub.reset()
    shutil.rmtree(_home / "hub", ignore_errors=True)
    if "corpuscope.corpora.hub_ranges" in sys.modules:
        from corpuscope.corpora.hub_ranges import ADDRESSES, REFUSALS

        ADDRESSES.clear()
        REFUSALS.clear()
    yield _hub
    _hub.reset()
