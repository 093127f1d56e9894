"""Tests of the JSON cache: a value is kept by the whole content of its key, and damage does no harm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zlib import crc32

import pytest

from corpuscope.file_cache import cache_json, cached_json, keep_cached


def test_a_value_is_cached_for_exactly_its_key(tmp_path: Path) -> None:
    cache_json(tmp_path, {"seed": 7}, b"seed: 7", ["taken"])
    assert cached_json(tmp_path, b"seed: 7", ["taken"]) == {"seed": 7}
    assert cached_json(tmp_path, b"seed: 7", []) is None
    assert cached_json(tmp_path, "seed: 7", ["taken"]) is None


def test_contents_with_the_same_checksum_are_distinguished(tmp_path: Path) -> None:
    assert crc32(b"plumless") == crc32(b"buckeroo")
    cache_json(tmp_path, 1, b"plumless")
    assert cached_json(tmp_path, b"buckeroo") is None
    cache_json(tmp_path, 2, b"buckeroo")
    assert len(list(tmp_path.iterdir())) == 1
    assert cached_json(tmp_path, b"buckeroo") == 2


def test_any_bytes_can_be_a_key(tmp_path: Path) -> None:
    cache_json(tmp_path, "kept", b"\xff\x00", "\ud800")
    assert cached_json(tmp_path, b"\xff\x00", "\ud800") == "kept"


def test_a_damaged_or_unwritable_cache_is_ignored(tmp_path: Path) -> None:
    cache_json(tmp_path, 1, "it")
    for cached in tmp_path.iterdir():
        for content in ("", "[]", '{"of": 1}', "null", "\udcff"):
            cached.write_bytes(content.encode(errors="surrogateescape"))
            assert cached_json(tmp_path, "it") is None
    (tmp_path / "file").touch()
    cache_json(tmp_path / "file", 1, "it")
    assert cached_json(tmp_path / "file", "it") is None


def test_what_cannot_be_cached_is_logged_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    keep_cached(tmp_path / "file" / "entry", b"content")
    assert f"{tmp_path / 'file' / 'entry'} was not cached: " in caplog.text


def test_only_the_owner_can_read_what_was_cached_in_a_new_folder(tmp_path: Path) -> None:
    keep_cached(tmp_path / "new" / "folder" / "entry", b"content")
    assert (tmp_path / "new" / "folder" / "entry").read_bytes() == b"content"
    assert (tmp_path / "new" / "folder" / "entry").stat().st_mode & 0o777 == 0o600


def test_a_folder_in_place_of_the_cache_that_cannot_be_written_is_gone_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    program = (
        "import sys; from pathlib import Path; from corpuscope.file_cache import writable_folder\n"
        "folder = writable_folder(Path(sys.argv[1])); (folder / 'entry').touch(); print(folder)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "file" / "cache")]
    folder = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
    assert "corpuscope-cache-" in folder
    assert not Path(folder).exists()
