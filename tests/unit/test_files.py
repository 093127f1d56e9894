"""Tests that files and folders are written whole or not at all, and never replace a user's work."""

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
from corpuscope.errors import (
    CategoryFileError,
    ConfigError,
    CorpuscopeError,
    LedgerError,
    LedgerNotWritable,
    UsageError,
)
from corpuscope.files import (
    MOST_WRITTEN_BY_HAND,
    Files,
    advice,
    digest,
    explained,
    is_stream,
    is_writable,
    locked,
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


def test_a_file_of_exactly_the_size_that_a_person_may_write_is_read(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as stream:
        stream.truncate(MOST_WRITTEN_BY_HAND)
    assert len(read_written_by_hand(tmp_path / "file")) == 4 * 1024 * 1024


def test_new_files_and_locks_are_readable_by_others_and_writable_by_their_owner(tmp_path: Path) -> None:
    files = Files()
    for descriptor in (files.create(tmp_path / "new"), files.open_lock(tmp_path / "lock")):
        files.close(descriptor)
    before = os.umask(0)
    os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("new", "lock")] == [0o644 & ~before] * 2


def test_a_file_is_cut_to_a_size(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"line\nli")
    files = Files()
    descriptor = files.open(tmp_path / "log")
    files.truncate(descriptor, 5)
    files.close(descriptor)
    assert (tmp_path / "log").read_bytes() == b"line\n"


def test_what_is_written_after_opening_again_comes_at_the_end(tmp_path: Path) -> None:
    files = Files()
    for descriptor in (files.create(tmp_path / "log"), files.open(tmp_path / "log")):
        os.lseek(descriptor, 0, os.SEEK_SET)
        files.write(descriptor, b"line\n")
        files.close(descriptor)
    assert (tmp_path / "log").read_bytes() == b"line\nline\n"


@pytest.mark.parametrize("error", [errno.EINVAL, errno.EBADF])
def test_a_file_system_that_cannot_sync_folders_is_no_fault(tmp_path: Path, error: int) -> None:
    FailingFiles(sync=error).sync_folder(tmp_path)
    with pytest.raises(OSError, match="Input/output"):
        FailingFiles(sync=errno.EIO).sync_folder(tmp_path)


def test_a_second_name_that_fails_for_another_reason_than_the_file_system_is_an_error(tmp_path: Path) -> None:
    class FullDisk(Files):
        def make_second_name(self, old: Path, new: Path) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(old), None, str(new))

    (tmp_path / "old").touch()
    with pytest.raises(OSError, match="No space"):
        FullDisk().rename_new(tmp_path / "old", tmp_path / "new")
    assert names(tmp_path) == ["old"]


def test_a_lock_that_another_has_is_not_waited_for(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "lock", "it is busy"),
        pytest.raises(UsageError, match="it is busy"),
        locked(tmp_path / "lock", "it is busy"),
    ):
        pass
    with locked(tmp_path / "lock", "it is busy"):
        pass


def test_a_cache_file_is_not_flushed_to_the_disk(tmp_path: Path) -> None:
    class Counting(Files):
        synced = 0

        def sync(self, descriptor: int) -> None:
            self.synced += 1
            super().sync(descriptor)

    counted = []
    for durable in (False, True):
        files = Counting()
        with replacing(tmp_path / "file", files, durable=durable):
            pass
        counted.append(files.synced)
    assert counted == [0, 2]


def test_permissions_are_those_asked_for_or_those_of_the_file_replaced(tmp_path: Path) -> None:
    with replacing(tmp_path / "secret", mode=0o600):
        pass
    (tmp_path / "shared").touch()
    (tmp_path / "shared").chmod(0o666)
    with whole_file(tmp_path / "shared") as stream:
        stream.write(b"")
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("secret", "shared")] == [0o600, 0o666]


def test_a_name_as_long_as_a_file_system_allows_can_be_replaced(tmp_path: Path) -> None:
    with whole_file(tmp_path / ("n" * 255)) as stream:
        stream.write(b"content")
    assert names(tmp_path) == ["n" * 255]


@pytest.mark.parametrize(
    ("path", "streamed"),
    [
        ("file", False),
        ("missing", False),
        (".", False),
        ("pipe", True),
        ("/dev/null", True),
        ("/dev/stdout", True),
        ("/dev/fd/7", True),
        ("/proc/self/fd/7", True),
        ("/dev/fd/seven", False),
    ],
)
def test_devices_pipes_and_descriptors_are_written_to_as_they_are(
    path: str, streamed: bool, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    assert is_stream(tmp_path / path) is streamed


def test_a_place_is_writable_where_a_file_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    writable = {name: is_writable(tmp_path / name) for name in ("", "file", "new", "new/deeper", "file/in")}
    assert writable == {"": True, "file": True, "new": True, "new/deeper": True, "file/in": False}


@pytest.mark.parametrize(
    ("number", "kind", "hint"),
    [
        (errno.ENOSPC, LedgerError, "make room on that disk"),
        (errno.EDQUOT, LedgerError, "make room on that disk"),
        (errno.EROFS, LedgerNotWritable, "make the folder writable"),
        (errno.EACCES, LedgerNotWritable, "make the folder writable"),
        (errno.ENOTDIR, LedgerError, "a file is in the way"),
        (errno.ENOLCK, LedgerError, "this file system knows no locks"),
        (errno.EIO, LedgerError, "the disk reports errors"),
        (errno.EMFILE, LedgerError, "too many files are open"),
        (errno.ENAMETOOLONG, LedgerError, "check the disk, then try again"),
    ],
)
def test_an_error_of_the_system_says_what_failed_where_and_what_to_do(
    number: int, kind: type[LedgerError], hint: str
) -> None:
    error = explained(OSError(number, "not shown"), Path("labels/x"), "the label could not be saved")
    assert type(error) is kind
    assert error.message == f"the label could not be saved: {os.strerror(number)} (labels/x)"
    assert error.hint.startswith(hint)


def test_an_error_without_a_number_is_given_in_its_own_words() -> None:
    assert explained(OSError("it is no file"), Path("x"), "failed").message == "failed: it is no file (x)"
    assert advice(OSError("it is no file")).startswith("check the disk")


def test_a_digest_is_the_same_on_every_machine_and_takes_any_text() -> None:
    assert digest("web", 7).hex() == "93b448065a3e387cb65594f5dd716fbcb8da06243afa34b427094a4fd1ceea2b"
    assert len(digest("half a character \ud83d")) == 32
    assert digest("a", "b") != digest("ab")
