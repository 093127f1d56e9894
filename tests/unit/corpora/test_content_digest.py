"""Tests that a local corpus is its content, wherever the files are."""

from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from corpuscope.corpora.content_digest import (
    DigestRule,
    FileState,
    content_revision,
    differences,
    digested,
    repeated,
    touched,
)
from corpuscope.corpora.local_files import find
from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.parse import corpus_for
from corpuscope.corpora.path_identity import find_as_before, revision_as_before
from corpuscope.domain.document import Address
from corpuscope.errors import CorpusError, PlanError


def lines(count: int, word: str = "document") -> str:
    return "".join(f'{{"text": "{word} {n:05d}"}}\n' for n in range(count))


def source_at(where: Path, cache: Path, revision: str | None = None) -> LocalSource:
    return LocalSource(corpus_for(str(where)), cache / "cache", revision=revision)


def revision_at(where: Path, cache: Path) -> str:
    return source_at(where, cache).manifest().revision


def document_id(revision: str, *, dataset: str, shard: str) -> str:
    return Address(dataset, None, "train", revision, shard, 3).id


def test_copies_of_a_file_and_compressed_copies_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(3))
    (tmp_path / "b.jsonl").write_text(lines(4))
    shutil.copy(tmp_path / "a.jsonl", tmp_path / "a (1).jsonl")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines(4).encode()))
    with TemporaryDirectory() as cache:
        notes = source_at(tmp_path, Path(cache)).manifest().notes
    assert [note.partition(": ")[2] for note in notes] == [
        "2 (b.jsonl.gz as b.jsonl, a (1).jsonl as a.jsonl); documents in both count twice"
    ]


def test_one_file_is_its_content_whatever_its_name_and_folder(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    original, copy = tmp_path / "web.jsonl", tmp_path / "deep" / "er" / "copy.jsonl"
    original.write_text(lines(9))
    shutil.copy(original, copy)
    revision = revision_at(original, tmp_path)
    assert revision_at(copy, tmp_path) == revision
    assert revision_at(tmp_path / "deep", tmp_path) == revision
    assert document_id(revision, dataset="web.jsonl", shard="web.jsonl") == document_id(
        revision, dataset="/elsewhere/copy.jsonl", shard="copy.jsonl"
    )


def test_a_folder_is_its_names_and_contents_wherever_it_is(tmp_path: Path) -> None:
    for folder in ("a", "moved/to/b"):
        (tmp_path / folder).mkdir(parents=True)
        for name in ("x", "y"):
            (tmp_path / folder / f"{name}.jsonl").write_text(lines(3, name))
    revision = revision_at(tmp_path / "a", tmp_path)
    assert revision == revision_at(tmp_path / "moved", tmp_path)
    (tmp_path / "a" / "y.jsonl").rename(tmp_path / "a" / "z.jsonl")
    assert revision != revision_at(tmp_path / "a", tmp_path)
    ids = {document_id(revision, dataset="a", shard=shard) for shard in ("x.jsonl", "y.jsonl")}
    assert len(ids) == 2


def test_an_edit_of_the_same_length_in_the_middle_is_noticed_even_with_its_time_set_back(
    tmp_path: Path,
) -> None:
    path = tmp_path / "web.jsonl"
    path.write_text(lines(2000))
    status = path.stat()
    revision = revision_at(path, tmp_path)
    path.write_text(lines(2000).replace("document 01000", "DOCUMENT 01000"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(PlanError, match=r"web\.jsonl was changed: 54,000 bytes of .* then, 54,000 bytes"):
        source_at(path, tmp_path, revision).manifest()


def test_the_files_that_differ_from_those_of_the_plan_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.jsonl").write_text(lines(3, name))
    revision = revision_at(folder, tmp_path)
    (folder / "a.jsonl").unlink()
    (folder / "b.jsonl").write_text(lines(4, "b"))
    (folder / "d.jsonl").write_text(lines(1))
    with pytest.raises(PlanError) as fault:
        source_at(folder, tmp_path, revision).manifest()
    assert fault.value.message.startswith(
        "web is not what the plan was made for: a.jsonl is missing; d.jsonl is new; b.jsonl was changed: "
    )


def test_a_planned_file_that_is_gone_is_named_with_the_way_to_its_new_place(tmp_path: Path) -> None:
    path, other = tmp_path / "web.jsonl", tmp_path / "crawl.jsonl"
    path.write_text(lines(3))
    (tmp_path / "another.jsonl").write_text(lines(3).replace("document", "DOCUMENT"))
    revision = revision_at(path, tmp_path)
    path.rename(other)
    with pytest.raises(CorpusError) as fault:
        source_at(path, tmp_path, revision).manifest()
    assert fault.value.message == f"there is no file {path}"
    assert fault.value.hint == (
        f"{other} has the same content: to go on with its labels, name it web={other}"
    )
    other.unlink()
    with pytest.raises(CorpusError) as fault:
        source_at(path, tmp_path, revision).manifest()
    assert fault.value.hint == "if it was moved or renamed: to go on with its labels, name it web=NEWPATH"


def test_a_file_that_was_only_touched_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "web.jsonl"
    path.write_text(lines(3))
    revision = revision_at(path, tmp_path)
    os.utime(path, (1, 1))
    assert source_at(path, tmp_path, revision).manifest().notes == ()


@pytest.mark.slow
def test_the_blocks_of_a_large_file_are_spread_from_its_first_byte_to_its_last(tmp_path: Path) -> None:
    rule = DigestRule(whole=100, block=4, blocks=8)
    path = tmp_path / "large.jsonl"

    def digest_with(position: int | None) -> str:
        content = bytearray(b"." * 1000)
        if position is not None:
            content[position] = 0
        path.write_bytes(content)
        return digested(find(str(path)).files[0], tmp_path / "cache", lambda _: None, rule).digest

    noticed = {position for position in range(1000) if digest_with(position) != digest_with(None)}
    assert {0, 3, 996, 999} <= noticed
    assert len(noticed) == 8 * 4


def test_a_large_file_that_was_written_to_is_named_where_its_blocks_are_as_before() -> None:
    before = FileState("large.jsonl", 2 << 30, 10**9, "d1"), FileState("small.jsonl", 9, 10**9, "d2")
    now = FileState("large.jsonl", 2 << 30, 2 * 10**9, "d1"), FileState("small.jsonl", 9, 2 * 10**9, "d2")
    assert touched(before, before) == ()
    (notice,) = touched(before, now)
    assert notice.startswith(
        "large.jsonl was written to since it was first read (2,147,483,648 bytes of 1970-"
    )
    assert notice.endswith("1,024 blocks of it are as before, the rest was not compared")


def test_a_plan_from_before_keeps_its_files_its_revision_and_its_document_ids(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    (folder / "deep" / ".hidden").mkdir(parents=True)
    (folder / "deep" / "a.jsonl").write_text(lines(3))
    (folder / "deep" / ".hidden" / "b.jsonl").write_text(lines(2))
    files = find_as_before(str(folder))
    revision = revision_as_before(files)
    manifest = source_at(folder, tmp_path, revision).manifest()
    assert manifest.revision == revision
    assert [shard.name for shard in manifest.shards] == ["deep/.hidden/b.jsonl", "deep/a.jsonl"]
    assert document_id(revision, dataset="a", shard="x") != document_id(revision, dataset="b", shard="x")


def test_the_same_content_has_the_same_revision_in_every_version(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.jsonl").write_bytes(b'{"text": "a"}\n')
    (folder / "deep" / "B.JSONL.gz").write_bytes(b"x")
    (folder / "long.txt").write_bytes(b"".join(b"%d\n" % n for n in range(3000)))
    for name in (".hidden.txt", "c.arrow", "d.jsonl.bz2", "notes.md"):
        (folder / name).write_bytes(b"no data file then")
    files = find_as_before(str(folder))
    assert [file.name for file in files] == ["deep/B.JSONL.gz", "deep/a.jsonl", "long.txt"]
    assert revision_as_before(files) == "ab4233f65149090b143acd8be1fe55f4310fe26c"
    states = [digested(file, tmp_path / "cache", lambda _: None) for file in files]
    assert content_revision(states) == "files-687c53e4d93030ef9b0658d02fbeedca2bbadc9b"
    assert content_revision(states[:1]) == "file-368477fdcd7e9dc5c995c9f61ea25a4faec0be10"


def test_paths_of_a_plan_from_before_name_files_from_the_folder_they_share(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("deep/a.jsonl", "deep/b.jsonl", "long.txt"):
        (tmp_path / name).write_text("{}")
    for where, names in {
        "deep/a.jsonl": ["a.jsonl"],
        "deep/*": ["a.jsonl", "b.jsonl"],
        "**/*.jsonl": ["a.jsonl", "b.jsonl"],
        "*": ["long.txt"],
        "**": ["deep/a.jsonl", "deep/b.jsonl", "long.txt"],
    }.items():
        assert [file.name for file in find_as_before(str(tmp_path / where))] == names
    with pytest.raises(CorpusError, match=r"\*\.csv holds no data file"):
        find_as_before(str(tmp_path / "*.csv"))


def test_progress_is_the_bytes_read_before_each_block(tmp_path: Path) -> None:
    (tmp_path / "web.txt").write_bytes(b"." * 10)
    progress: list[int] = []
    (file,) = find(str(tmp_path / "web.txt")).files
    digested(file, tmp_path / "cache", progress.append, DigestRule(whole=10, block=4, blocks=2))
    assert progress == [0, 4, 8]
    digested(file, tmp_path / "other", progress.append, DigestRule(whole=9, block=4, blocks=2))
    assert progress == [0, 4, 8, 0, 4]


def state(name: str, digest: str, size: int = 9, modified: int = 10**9) -> FileState:
    return FileState(name, size, modified, digest)


def test_what_differs_is_told_in_the_order_missing_new_changed() -> None:
    before = state("a", "d1"), state("b", "d2"), state("c", "d3")
    now = state("b", "d2", modified=0), state("c", "d4", size=1234), state("d", "d1")
    assert differences(before, now) == (
        "a is missing",
        "d is new",
        "c was changed: 9 bytes of 1970-01-01 00:00:01 then, 1,234 bytes of 1970-01-01 00:00:01 now",
    )
    assert differences(before, before) == ()


def test_of_many_copies_three_are_named() -> None:
    copies = {f"{name}.txt": "same" for name in "bacd"}
    (note,) = repeated(copies)
    assert "file: 3 (b.txt as a.txt, c.txt as b.txt, d.txt as c.txt); documents" in note
    (note,) = repeated(copies | {"z.txt.GZ": "packed", "z.txt": "plain"})
    assert "file: 4 (b.txt as a.txt, c.txt as b.txt, d.txt as c.txt, ...); documents" in note
    assert repeated({"a.txt": "d1", "a.json": "d2", "a.txt.bak": "d3"}) == ()


def test_a_file_of_a_size_that_is_digested_whole_was_compared() -> None:
    at, above = state("web", "d", 1 << 30), state("web", "d", (1 << 30) + 1)
    assert touched([at], [state("web", "d", 1 << 30, 2 * 10**9)]) == ()
    assert len(touched([above], [state("web", "d", (1 << 30) + 1, 2 * 10**9)])) == 1
    assert touched([], [above]) == ()
