"""Tests of which files a path, a folder, a glob or a list of them means."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpuscope.corpora.local_files import check_paths_exist, find, local_paths
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError


def write(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'{{"text": "{path.name}"}}\n')


def names_at(*paths: Path | str) -> list[str]:
    return [file.name for file in find(*map(str, paths)).files]


def fault_at(*paths: Path | str) -> str:
    with pytest.raises(CorpusError) as fault:
        find(*map(str, paths))
    return str(fault.value)


def test_hidden_and_underscored_names_are_left_out_and_counted(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", tmp_path / ".ipynb_checkpoints" / "a.jsonl", tmp_path / ".git" / "b.jsonl")
    write(tmp_path / "_temporary" / "c.jsonl", tmp_path / ".hidden.jsonl", tmp_path / "_SUCCESS")
    assert names_at(tmp_path) == names_at(tmp_path / "**" / "*.jsonl") == ["a.jsonl"]
    (notice,) = find(str(tmp_path)).notes
    assert notice == (
        "left out, with a dot or an underscore first: 5 (.git, .hidden.jsonl, .ipynb_checkpoints, ...)"
    )
    assert (
        ": 4 (.git, .hidden.jsonl, .ipynb_checkpoints, ...)"
        in find(str(tmp_path / "**" / "*.jsonl")).notes[0]
    )


@pytest.mark.parametrize(
    "pattern", ["_raw/x.jsonl", "_raw", "_raw/*.jsonl", "_*/x.jsonl", ".cache/x/*.jsonl"]
)
def test_a_name_that_is_spelled_out_is_read(tmp_path: Path, pattern: str) -> None:
    write(tmp_path / "_raw" / "x.jsonl", tmp_path / ".cache" / "x" / "x.jsonl")
    assert names_at(tmp_path / pattern) == ["x.jsonl"]


def test_a_list_leaves_out_what_a_glob_leaves_out(tmp_path: Path) -> None:
    write(
        tmp_path / "a.jsonl",
        tmp_path / "_SUCCESS",
        tmp_path / "_temporary" / "b.jsonl",
        tmp_path / "c" / "d.jsonl",
    )
    (tmp_path / "README.md").write_text("twelve bytes")
    expanded = sorted(os.fspath(path) for path in tmp_path.iterdir())
    assert names_at(*expanded) == names_at(tmp_path / "*") == ["a.jsonl", "c/d.jsonl"]
    assert find(*expanded).notes == find(str(tmp_path / "*")).notes
    assert find(*expanded).notes[1] == "left out, no known data: 1 of 12 bytes (README.md)"


def test_nothing_but_ignored_names_says_how_to_read_one(tmp_path: Path) -> None:
    write(tmp_path / "_raw" / "x.jsonl")
    assert "_raw begins with a dot or an underscore: name it alone to read it" in fault_at(tmp_path)


def test_existing_folders_are_taken_literally_before_brackets_are_a_pattern(tmp_path: Path) -> None:
    write(
        tmp_path / "crawl [2024]" / "x.jsonl",
        tmp_path / "crawl [2024]" / "y[1].jsonl",
        tmp_path / "crawl 2" / "z.jsonl",
    )
    assert names_at(tmp_path / "crawl [2024]") == ["x.jsonl", "y[1].jsonl"]
    assert names_at(tmp_path / "crawl [2024]" / "*.jsonl") == ["x.jsonl", "y[1].jsonl"]
    assert names_at(tmp_path / "crawl [2024]" / "**" / "*.jsonl") == ["x.jsonl", "y[1].jsonl"]
    assert names_at(tmp_path / "crawl [2024]" / "y[1].jsonl") == ["y[1].jsonl"]
    assert names_at(tmp_path / "crawl [[]2024]" / "*.jsonl") == ["x.jsonl", "y[1].jsonl"]
    assert names_at(tmp_path / "crawl [0-9]" / "*.jsonl") == ["z.jsonl"]


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl")
    (tmp_path / "b.jsonl").symlink_to("/nonexistent/b.jsonl")
    (tmp_path / "note").symlink_to("/nonexistent/note")
    for where in (tmp_path, tmp_path / "b.jsonl", tmp_path / "*.jsonl", tmp_path / "**" / "*.jsonl"):
        assert "b.jsonl is a link to /nonexistent/b.jsonl, which is not there" in fault_at(where)
    (tmp_path / "b.jsonl").unlink()
    assert names_at(tmp_path) == ["a.jsonl"]


def test_a_link_to_itself_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").symlink_to(tmp_path / "a.jsonl")
    for where in (tmp_path, tmp_path / "a.jsonl"):
        assert "a.jsonl is a link that leads back to itself" in fault_at(where)


def test_linked_folders_are_followed_once_however_they_loop(tmp_path: Path) -> None:
    write(tmp_path / "loop" / "a.jsonl", tmp_path / "real" / "b.jsonl", tmp_path / "loop" / "z" / "c.jsonl")
    for number in range(3):
        (tmp_path / "loop" / "z" / f"up{number}").symlink_to("..")
    (tmp_path / "loop" / "linked").symlink_to(tmp_path / "real")
    expected = ["a.jsonl", "linked/b.jsonl", "z/c.jsonl"]
    assert names_at(tmp_path / "loop") == names_at(tmp_path / "loop" / "**" / "*.jsonl") == expected


def test_a_file_that_several_names_lead_to_counts_once(tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl")
    (tmp_path / "c.jsonl").symlink_to(tmp_path / "b.jsonl")
    assert names_at(tmp_path) == ["b.jsonl"]
    assert find(str(tmp_path)).notes == ("left out, other names of the same files: 1 (c.jsonl)",)
    assert names_at(tmp_path / "b.jsonl", tmp_path / "b.jsonl") == ["b.jsonl"]


def test_a_file_without_an_end_is_named_and_never_opened(tmp_path: Path) -> None:
    write(tmp_path / "f" / "a.jsonl")
    os.mkfifo(tmp_path / "f" / "b.jsonl")
    for where in (tmp_path / "f", tmp_path / "f" / "b.jsonl", tmp_path / "f" / "*.jsonl"):
        assert "b.jsonl is a FIFO, which cannot be read twice" in fault_at(where)
    assert "/dev/zero is a device" in fault_at("/dev/zero")


def test_a_name_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    bad = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jsonl")
    Path(bad).write_text('{"text": "a"}\n')
    for where in (tmp_path, bad, tmp_path / "*.jsonl"):
        assert "caf\\xe9.jsonl has a name that is not UTF-8\nrename it" in fault_at(where)


def test_a_path_that_no_file_can_have_is_missing(tmp_path: Path) -> None:
    assert "there is no file" in fault_at(tmp_path / ("x" * 300))
    assert "there is no file" in fault_at("a\0b.jsonl")
    write(tmp_path / "a.jsonl")
    assert "there is no file" in fault_at(tmp_path / "a.jsonl" / "b.jsonl")


def test_two_files_of_one_name_in_different_folders_are_one_corpus(tmp_path: Path) -> None:
    write(tmp_path / "a" / "web.jsonl", tmp_path / "b" / "web.jsonl")
    assert names_at(tmp_path / "b" / "web.jsonl", tmp_path / "a" / "web.jsonl") == [
        "a/web.jsonl",
        "b/web.jsonl",
    ]


def test_a_folder_a_glob_and_a_list_name_the_same_files_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "data" / "x" / "b.jsonl", tmp_path / "data" / "x" / "a.jsonl")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    forms = [
        ("../data",),
        ("../data/x/*.jsonl",),
        ("../data/**/*.jsonl",),
        ("../data/x/b.jsonl", "../data/x/a.jsonl"),
    ]
    assert {tuple(names_at(*form)) for form in forms} == {("a.jsonl", "b.jsonl")}


def test_a_file_whose_name_looks_like_a_pattern_is_there(tmp_path: Path) -> None:
    write(tmp_path / "a[1].jsonl")
    for there in ("a[1].jsonl", "*.jsonl", "."):
        check_paths_exist(Corpus("web", "web", "local", str(tmp_path / there)))
    for missing in ("a[2].jsonl", "*.csv"):
        with pytest.raises(CorpusError, match="there is no file"):
            check_paths_exist(Corpus("web", "web", "local", str(tmp_path / missing)))


def test_a_path_from_the_folder_of_a_study_leads_where_it_leads_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "disk" / "web.jsonl", tmp_path / "here" / "mine.jsonl")
    (tmp_path / "disk" / "study").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "study")
    monkeypatch.chdir(tmp_path / "here")
    for path, folder, leads_to in (
        ("../web.jsonl", tmp_path / "link", tmp_path / "disk" / "web.jsonl"),
        ("../disk/web.jsonl", tmp_path / "new", tmp_path / "disk" / "web.jsonl"),
        ("mine.jsonl", tmp_path / "link", tmp_path / "here" / "mine.jsonl"),  # as in earlier versions
        ("mine.jsonl", "", tmp_path / "here" / "mine.jsonl"),
        ("mine.jsonl", tmp_path / "here", tmp_path / "here" / "mine.jsonl"),
    ):
        (where,) = local_paths(Corpus("web", "web", "local", path, folder=str(folder)))
        assert Path(where).samefile(leads_to)
    for fixed in ("/data/web.jsonl", "-", "https://example.org/web.jsonl"):
        assert local_paths(Corpus("web", "web", "local", fixed, folder=str(tmp_path / "link"))) == (fixed,)
    (nowhere,) = local_paths(Corpus("web", "web", "local", "gone.jsonl", folder=str(tmp_path / "link")))
    assert nowhere == str(tmp_path / "link" / "gone.jsonl")
