"""Test that files and folders are written whole or not at all, and never replace a user's work."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from corpuscope.analysis.references import load_reference
from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import load_settings
from corpuscope.errors import CategoryFileError, ConfigError, CorpuscopeError, UsageError
from corpuscope.files import (
    MOST_WRITTEN_BY_HAND,
    Files,
    read_written_by_hand,
    replacing,
    whole_file,
    whole_folder,
)
from ledger_fakes import FailingFiles


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("before")
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "a.csv") as stream:
        stream.write(b"half")
        raise KeyboardInterrupt
    assert (tmp_path / "a.csv").read_text() == "before"
    assert names(tmp_path) == ["a.csv"]


def test_a_kill_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("before")
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom corpuscope.files import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as stream:\n"
        "    stream.write(b'half' * 100_000)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    process = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.csv")], timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert (tmp_path / "a.csv").read_text() == "before"
    with whole_file(tmp_path / "a.csv") as stream:
        stream.write(b"after")
    assert (tmp_path / "a.csv").read_text() == "after"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with (
        pytest.raises(CorpuscopeError, match=r"a.csv: cannot be written"),
        whole_file(tmp_path / "a.csv"),
    ):
        pass
    assert names(tmp_path) == ["a.csv"]


def test_a_link_is_written_through_and_the_permissions_stay(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "real.csv").write_text("before")
    (tmp_path / "shared" / "real.csv").chmod(0o664)
    (tmp_path / "link.csv").symlink_to("shared/real.csv")
    with whole_file(tmp_path / "link.csv") as stream:
        stream.write(b"after")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "shared" / "real.csv").read_text() == "after"
    assert (tmp_path / "shared" / "real.csv").stat().st_mode & 0o777 == 0o664
    assert names(tmp_path / "shared") == ["real.csv"]


def test_a_link_in_a_circle_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to("a.csv")
    with pytest.raises(CorpuscopeError, match=r"a.csv: cannot be written"), whole_file(tmp_path / "a.csv"):
        pass


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE)
    with whole_file(tmp_path / "pipe") as stream:
        stream.write(b"labels")
    assert reader.communicate(timeout=60)[0] == b"labels"
    assert (tmp_path / "pipe").is_fifo()


def test_an_open_descriptor_is_written_to_after_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("before, ")
    with (tmp_path / "log").open("ab") as log, whole_file(Path(f"/dev/fd/{log.fileno()}")) as stream:
        stream.write(b"after")
    assert (tmp_path / "log").read_text() == "before, after"


@pytest.mark.parametrize("operation", ["write", "sync", "rename"])
def test_a_failing_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, operation: str) -> None:
    (tmp_path / "a").write_text("before")
    files = FailingFiles(**{operation: errno.ENOSPC})
    with pytest.raises(OSError, match="No space"), replacing(tmp_path / "a", files) as descriptor:
        files.write(descriptor, b"after")
    assert (tmp_path / "a").read_text() == "before"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("error", [None, errno.EPERM])
def test_a_file_that_is_there_stays_unless_it_may_be_overwritten(tmp_path: Path, error: int | None) -> None:
    class NoSecondNames(Files):
        def make_second_name(self, old: Path, new: Path) -> None:
            if error is not None:
                raise OSError(error, "Operation not permitted")
            super().make_second_name(old, new)

    for content in (b"first", b"second"):
        with replacing(tmp_path / "a", NoSecondNames(), overwrite=False) as descriptor:
            Files().write(descriptor, content)
    assert (tmp_path / "a").read_bytes() == b"first"
    assert names(tmp_path) == ["a"]


def test_a_missing_parent_folder_or_a_file_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for whole in (whole_file, whole_folder):
        with (
            pytest.raises(UsageError, match=r"there is no folder .*nowhere"),
            whole(tmp_path / "nowhere" / "a"),
        ):
            pass
        with pytest.raises(UsageError, match="file is a file"), whole(tmp_path / "file" / "a"):
            pass


def test_a_folder_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "out") as folder:
        (folder / "half").write_text("")
        raise KeyboardInterrupt
    assert names(tmp_path) == []
    (tmp_path / "out").mkdir()
    with whole_folder(tmp_path / "out") as folder:
        (folder / "a").write_text("a")
    assert names(tmp_path / "out") == ["a"]
    assert names(tmp_path) == ["out"]


def test_a_folder_with_content_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "work").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for taken in ("out", "file"):
        with pytest.raises(UsageError, match=taken), whole_folder(tmp_path / taken):
            pass
    assert (tmp_path / "out" / "work").read_text() == "mine"


def test_a_corpus_named_where_a_person_writes_is_not_read_into_memory(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x" * 10)
    assert read_written_by_hand(small) == b"x" * 10
    with large.open("wb") as stream:
        stream.truncate(MOST_WRITTEN_BY_HAND + 1)
    with pytest.raises(OSError, match="more than 4 MB"):
        read_written_by_hand(large)
    with pytest.raises(UsageError, match="large: cannot be read: it has more than 4 MB"):
        load_reference(large)
    with pytest.raises(CategoryFileError, match="large: cannot be read: it has more than 4 MB"):
        load_scheme(large)
    with pytest.raises(ConfigError, match="large: cannot be read: it has more than 4 MB"):
        load_settings(large)
