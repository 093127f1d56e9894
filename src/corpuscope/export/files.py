"""Files and folders of results that are there whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from corpuscope.errors import CorpuscopeError, UsageError, need_folder
from corpuscope.ledger.files import Files


@contextmanager
def whole_file(file: Path) -> Iterator[BinaryIO]:
    """What is written becomes `file` at the end, through a temporary name beside it.

    Raises UsageError when there is no folder for it, CorpuscopeError naming the file when it cannot be written;
    what was there before stays then.
    """
    _check_parent(file)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
        Files().sync_folder(file.parent)
    except OSError as fault:
        raise CorpuscopeError(f"{file}: cannot be written: {fault.strerror or fault}") from fault
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """What is put into the folder given becomes `folder` at the end.

    Raises UsageError when something is there already or there is no folder for it, CorpuscopeError when it cannot
    be written.
    """
    _check_parent(folder)
    _check_free(folder)
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        temporary.mkdir()
        yield temporary
        temporary.replace(folder)
        Files().sync_folder(folder.parent)
    except OSError as fault:
        raise CorpuscopeError(f"{folder}: cannot be written: {fault.strerror or fault}") from fault
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _check_parent(path: Path) -> None:
    need_folder(path.parent, f"{path.name} needs a folder to be in: make it, or name another")


def _check_free(folder: Path) -> None:
    """An empty folder may be replaced; anything else may be somebody's work."""
    try:
        taken = any(folder.iterdir())
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise UsageError(f"{folder}: is a file", "name a folder that is not there yet") from None
    except OSError as fault:
        raise CorpuscopeError(f"{folder}: cannot be read: {fault.strerror or fault}") from fault
    if taken:
        raise UsageError(f"{folder}: is not empty", "name a folder that is not there yet")
