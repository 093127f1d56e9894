"""Test that full disks and unwritable folders are reported in time and lose no acknowledged label."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpuscope.errors import LedgerError
from faults.processes import environment, python
from ledger_fakes import FailingFiles, Scribe, journals, labels, parts, read
from makers import a_document

LIMITED = """
import resource, sys
from pathlib import Path
from corpuscope.domain.label import EventKind
from corpuscope.errors import LedgerError
from ledger_fakes import Scribe
from makers import a_document

folder = Path(sys.argv[1])
scribe = Scribe(folder)
scribe.label(0)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
draw = 1
try:
    while True:
        event = scribe.event(EventKind.LABEL, a_document(draw, "x" * 3000), category="News")
        scribe.writer.append(event)
        draw += 1
except LedgerError as error:
    print(draw, "|", error.message, "|", error.hint)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
scribe.writer.append(event)
scribe.label(draw + 1)
scribe.writer.close()
"""


def test_a_full_disk_refuses_the_label_and_labelling_goes_on_when_there_is_room(tmp_path: Path) -> None:
    refused, message, hint = python(LIMITED, str(tmp_path)).split("|")
    assert "not saved: " in message
    assert "make room" in hint
    assert sorted(labels(read(tmp_path))) == list(range(int(refused) + 2))
    assert journals(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting a small disk takes root")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_on_a_real_full_disk_every_acknowledged_label_stays(small_disk: Path) -> None:
    folder = small_disk / "labels"
    filler = small_disk / "filler"
    filler.write_bytes(bytes(100_000))
    scribe = Scribe(folder, events_a_journal=4)
    acknowledged = []
    with pytest.raises(LedgerError, match="No space left"):
        for draw in range(1000):
            scribe.label(a_document(draw, str(draw) * 4000))
            acknowledged.append(draw)
    assert sorted(labels(read(folder))) == acknowledged
    with pytest.raises(LedgerError):
        scribe.label(a_document(5000, "y" * 50_000))
    filler.unlink()
    scribe.label(2000)
    scribe.writer.close()
    assert sorted(labels(read(folder))) == [*acknowledged, 2000]


def test_a_journal_that_cannot_be_compacted_on_a_full_disk_stays_for_the_next_session(tmp_path: Path) -> None:
    files = FailingFiles()
    scribe = Scribe(tmp_path, files=files)
    scribe.label(1)
    files.failing["rename"] = errno.ENOSPC
    scribe.writer.close()
    assert any("No space left" in notice for notice in scribe.writer.notices)
    assert len(journals(tmp_path)) == 1
    assert parts(tmp_path) == []
    assert labels(read(tmp_path)) == {1: "News"}
    with Scribe(tmp_path, "next"):
        pass
    assert (len(journals(tmp_path)), len(parts(tmp_path))) == (0, 1)
    assert list(tmp_path.glob("*/*.tmp")) == []


def test_a_half_written_line_is_cut_off_before_the_next_one(tmp_path: Path) -> None:
    files = FailingFiles()
    with Scribe(tmp_path, files=files) as scribe:
        scribe.label(1)
        size = journals(tmp_path)[0].stat().st_size
        files.failing["write"] = errno.ENOSPC
        for _ in range(3):
            with pytest.raises(LedgerError, match="No space left"):
                scribe.label(2)
            assert journals(tmp_path)[0].stat().st_size == size
        files.failing.clear()
        scribe.label(2)
        assert len(journals(tmp_path)) == 1
    assert sorted(labels(read(tmp_path))) == [1, 2]


def test_a_half_written_line_that_cannot_be_cut_off_ends_its_journal(tmp_path: Path) -> None:
    files = FailingFiles()
    with Scribe(tmp_path, files=files) as scribe:
        scribe.label(1)
        files.failing |= {"write": errno.ENOSPC, "truncate": errno.EIO}
        with pytest.raises(LedgerError):
            scribe.label(2)
        files.failing.clear()
        scribe.label(3)
    assert sorted(labels(read(tmp_path))) == [1, 3]


def test_a_file_in_place_of_the_folder_is_reported_before_the_first_document(tmp_path: Path) -> None:
    place = tmp_path / "labels"
    place.write_text("mine")
    with pytest.raises(LedgerError, match="labels cannot be kept here") as refused:
        Scribe(place)
    assert "file is in the way" in refused.value.hint
    assert place.read_text() == "mine"


UNPRIVILEGED = """
import os, sys
from pathlib import Path
from corpuscope.errors import LedgerError
from corpuscope.ledger.check import compact
from ledger_fakes import Scribe, read

folder = Path(sys.argv[1])
read(folder)  # loads whatever reading needs, which may lie where only this user may look
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    Scribe(folder, "other")
except LedgerError as error:
    print(error.message, "|", error.hint)
try:
    compact(folder)
except LedgerError as error:
    print(error.message)
print(len(read(folder)))
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's, which every run of pytest closes to them."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_read_only_folder_is_reported_before_the_first_document_and_can_be_read(open_folder: Path) -> None:
    folder = open_folder / "labels"
    with Scribe(folder) as scribe:
        scribe.label(1)
    (folder / ".lock").unlink()
    folder.chmod(0o555)
    try:
        refusal, uncompacted, count = python(UNPRIVILEGED, str(folder)).splitlines()
    finally:
        folder.chmod(0o755)
    message, hint = refusal.split("|")
    assert "labels cannot be kept here" in message
    assert "Permission denied" in message
    assert "make the folder writable" in hint
    assert "Permission denied" in uncompacted
    assert count == "1"


def test_a_disk_mounted_read_only_is_reported_before_the_first_document(small_disk: Path) -> None:
    folder = small_disk / "labels"
    with Scribe(folder) as scribe:
        scribe.label(1)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(LedgerError, match="Read-only file system"):
        Scribe(folder, "other")
    assert labels(read(folder)) == {1: "News"}


def test_a_process_without_file_descriptors_left_explains_it(tmp_path: Path) -> None:
    code = """
import resource, sys
from pathlib import Path
from corpuscope.errors import LedgerError
from ledger_fakes import Scribe
resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
keep = []
try:
    while True:
        keep.append(open("/dev/null"))
except OSError:
    pass
try:
    Scribe(Path(sys.argv[1]))
except LedgerError as error:
    sys.stdout.write(error.hint)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "too many files are open" in done.stdout, done.stderr
