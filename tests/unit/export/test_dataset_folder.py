"""Tests of the dataset folder: the labels and a card that says how they were drawn, or nothing."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner, Result

from corpuscope.cli import main
from corpuscope.config.category_file import load_scheme
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.label import EventKind
from corpuscope.errors import UsageError
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_file import save_plan
from ledger_fakes import Scribe
from makers import a_document


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    folder = tmp_path / "labels"
    plan = Plan(7)
    for key in ("c4", "fineweb"):
        plan = plan.with_corpus(KNOWN[key].corpus, target=20)
    with Scribe(folder, "s1") as scribe:
        for draw in range(20):
            scribe.label(a_document(draw, f"text {draw}", corpus="c4"), "News" if draw % 2 else "Forum")
            scribe.label(a_document(draw, f"text {draw}", corpus="fineweb"), "News")
        scribe.write(EventKind.BOOKMARK, a_document(2, "text 2", corpus="c4"))
    save_plan(plan.with_revision("c4", "c0ffee" * 6), folder / "plan.json")
    return folder


def export(labels: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, ["export", "--labels", str(labels), "--format", "dataset", *arguments])
    if isinstance(result.exception, UsageError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def card(folder: Path) -> tuple[dict[str, object], str]:
    _, header, body = (folder / "README.md").read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(header), body


def test_the_folder_holds_the_labels_and_a_card_with_a_header_the_hub_reads(
    labels: Path, tmp_path: Path
) -> None:
    export(labels, "-o", str(tmp_path / "out"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["labels", "out"]
    assert pq.read_table(tmp_path / "out" / "data" / "labels.parquet").num_rows == 40
    header, _ = card(tmp_path / "out")
    assert header["pretty_name"] == "Labels of c4, fineweb"
    assert header["size_categories"] == ["n<1K"]
    assert header["configs"] == [
        {"config_name": "default", "data_files": [{"split": "train", "path": "data/labels.parquet"}]}
    ]


def test_datasets_reads_the_folder_by_its_card(labels: Path, tmp_path: Path) -> None:
    from datasets import load_dataset

    export(labels, "--text", "-o", str(tmp_path / "out"))
    rows = load_dataset(str(tmp_path / "out"), split="train", cache_dir=str(tmp_path / "cache"))
    assert rows["text"][3] == "text 3"


def test_categories_are_class_labels_in_the_order_of_the_scheme_used_or_not(
    labels: Path, tmp_path: Path
) -> None:
    from datasets import load_dataset

    export(labels, "-o", str(tmp_path / "out"))
    rows = load_dataset(str(tmp_path / "out"), split="train", cache_dir=str(tmp_path / "cache"))
    names = rows.features["category"].names
    assert names == list(load_scheme(None).names)
    assert {names[code] for code in rows["category"]} == {"News", "Forum"}
    assert set(rows["final"]) == {None}
    header, _ = card(tmp_path / "out")
    assert header["source_datasets"] == ["extended|allenai/c4", "extended|HuggingFaceFW/fineweb"]
    assert header["annotations_creators"] == ["expert-generated"]
    assert header["license"] == "odc-by"


def test_the_card_says_plan_definitions_shares_licences_and_what_is_uniform(
    labels: Path, tmp_path: Path
) -> None:
    export(labels, "-o", str(tmp_path / "out"))
    _, body = card(tmp_path / "out")
    for statement in (
        "seed 7",
        "| c4 | allenai/c4 | en |",
        "c0ffeec0ffee",
        "one of its first 48 rows",
        "Teaches something",
        "| News | 10 | 50.0 % | 29.9 to 70.1 % |",
        "c4: odc-by",
        "95 % intervals (Wilson)",
        "## Comparisons",
        "addresses only",
    ):
        assert statement.lower() in body.lower(), statement
    assert "not a random sample" not in body


def test_a_card_of_selected_labels_says_that_they_are_no_sample(labels: Path, tmp_path: Path) -> None:
    export(labels, "--bookmarked", "-o", str(tmp_path / "out"))
    _, body = card(tmp_path / "out")
    assert "only bookmarked ones: the rows are not a random sample" in body
    assert body.startswith("\n# Labels of c4, fineweb\n\n1 label,")


def test_the_same_labels_give_the_same_folder(labels: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(labels, "-o", str(tmp_path / name))
    for file in ("README.md", "data/labels.parquet"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_dataset_needs_a_new_or_empty_folder(labels: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        export(labels)
    before = sorted((labels).rglob("*"))
    with pytest.raises(UsageError, match="is not empty"):
        export(labels, "-o", str(labels))
    assert sorted(labels.rglob("*")) == before
