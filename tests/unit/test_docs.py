"""Tests of README and docs: links resolve, commands parse, pictures exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from command_lines import calls_in, check, commands
from corpuscope import __version__

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(corpuscope [a-z][^`\n]*)`")


def anchors(document: Path) -> set[str]:
    """Return the anchors of the headings of a document."""
    headings = re.findall(r"^#+ (.*)$", BLOCK.sub("", document.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def relative_name(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative_name)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(document: Path) -> None:
    for target in LINK.findall(BLOCK.sub("", document.read_text("utf-8"))):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = document.parent / path if path else document
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative_name)
def test_every_command_parses(document: Path) -> None:
    text = document.read_text("utf-8")
    for language, block in BLOCK.findall(text):
        if not language:
            for call in calls_in(block):
                check(call)
    command_names = {name.split()[0] for name, _ in commands()}
    for call in INLINE.findall(text):
        assert call.split()[1] in command_names, call


def test_the_citation_names_the_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert (citation["version"], citation["license"]) == (__version__, "Apache-2.0")


def test_the_image_is_built_from_what_the_project_needs_alone() -> None:
    image, ignored = ((ROOT / name).read_text("utf-8") for name in ("Dockerfile", ".dockerignore"))
    copied = {name for line in re.findall(r"^COPY (.*) \S+$", image, re.MULTILINE) for name in line.split()}
    assert copied == {line[1:] for line in ignored.splitlines() if line.startswith("!")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {
        "src",
        "pyproject.toml",
        "constraints.txt",
        project["readme"],
        *project["license-files"],
    } == copied
    (extras,) = re.findall(r"'\.\[(.*)\]'", image)
    assert set(extras.split(",")) <= set(project["optional-dependencies"])


def test_every_document_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / target).resolve() for target in LINK.findall(index.read_text("utf-8"))}
    assert listed >= {document for document in DOCUMENTS[1:] if document != index}


def test_every_picture_is_shown_somewhere() -> None:
    text = "".join(document.read_text("utf-8") for document in DOCUMENTS)
    assert [p.name for p in (ROOT / "docs" / "pictures").iterdir() if f"pictures/{p.name}" not in text] == []


def test_the_moving_picture_is_small_and_needs_nothing_from_elsewhere() -> None:
    picture = ROOT / "docs" / "pictures" / "sequence.svg"
    assert picture.stat().st_size < 400_000
    assert not re.search(r"<script|url\(\"?http|href=", picture.read_text("utf-8"))
    assert "prefers-reduced-motion" in picture.read_text("utf-8")
