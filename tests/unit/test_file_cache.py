"""What was found valid is known again by its whole content, and a memory in disorder does no harm."""

from pathlib import Path
from zlib import crc32

from corpuscope.files import cache_json, cached_json


def test_a_value_comes_back_for_exactly_what_it_was_remembered_of(tmp_path: Path) -> None:
    cache_json(tmp_path, {"seed": 7}, b"seed: 7", ["taken"])
    assert cached_json(tmp_path, b"seed: 7", ["taken"]) == {"seed": 7}
    assert cached_json(tmp_path, b"seed: 7", []) is None
    assert cached_json(tmp_path, "seed: 7", ["taken"]) is None


def test_contents_of_the_same_short_sum_are_told_apart(tmp_path: Path) -> None:
    assert crc32(b"plumless") == crc32(b"buckeroo")
    cache_json(tmp_path, 1, b"plumless")
    assert cached_json(tmp_path, b"buckeroo") is None
    cache_json(tmp_path, 2, b"buckeroo")
    assert len(list(tmp_path.iterdir())) == 1
    assert cached_json(tmp_path, b"buckeroo") == 2


def test_any_bytes_can_be_remembered_of(tmp_path: Path) -> None:
    cache_json(tmp_path, "kept", b"\xff\x00", "\ud800")
    assert cached_json(tmp_path, b"\xff\x00", "\ud800") == "kept"


def test_a_damaged_memory_is_none_and_one_that_cannot_be_written_is_given_up(tmp_path: Path) -> None:
    cache_json(tmp_path, 1, "it")
    for kept in tmp_path.iterdir():
        for content in ("", "[]", '{"of": 1}', "null", "\udcff"):
            kept.write_bytes(content.encode(errors="surrogateescape"))
            assert cached_json(tmp_path, "it") is None
    (tmp_path / "file").touch()
    cache_json(tmp_path / "file", 1, "it")
    assert cached_json(tmp_path / "file", "it") is None
