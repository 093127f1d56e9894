"""Tests of the dataset folder: the labels and a card that says how they were drawn, or nothing."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner, Result

from corpuscope.analysis.study_results import study_of
from corpuscope.cli import main
from corpuscope.config.category_file import load_scheme
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.label import EventKind
from corpuscope.errors import UsageError
from corpuscope.export.dataset_folder import Contents, dataset_card
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_file import open_plan, save_plan
from ledger_fakes import Scribe, read
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


def header_and_body(labels: Path, contents: Contents) -> tuple[dict[str, object], str]:
    decisions, plan = read(labels), open_plan(labels / "plan.json", seed=7)
    _, header, body = dataset_card(study_of(decisions, load_scheme(None), plan), contents).split("---\n", 2)
    return yaml.safe_load(header), body


@pytest.mark.parametrize(
    ("count", "size"),
    [
        (999, "n<1K"),
        (1_000, "1K<n<10K"),
        (9_999, "1K<n<10K"),
        (10_000, "10K<n<100K"),
        (99_999, "10K<n<100K"),
        (100_000, "100K<n<1M"),
        (999_999, "100K<n<1M"),
        (1_000_000, "1M<n<10M"),
    ],
)
def test_the_size_category_of_a_card_is_that_of_the_hub(count: int, size: str, labels: Path) -> None:
    header, body = header_and_body(labels, Contents(count, ("category",), False, {"category": "string"}, ""))
    assert header["size_categories"] == [size]
    assert f"{count:,} labels, one a row" in body
    assert "without a text" not in body
    assert "Not all labels are here" not in body
    assert body.count("side by side") == 1


def test_texts_that_were_lost_and_texts_that_are_quoted_are_said(labels: Path) -> None:
    contents = Contents(40, ("category", "text"), True, {"category": "string", "text": "string"}, "", 1)
    header, body = header_and_body(labels, contents)
    assert "with texts and urls" in body
    assert "1 row without a text: it was lost to damage; the address is there." in body
    assert "Texts are quoted from the corpora" in body
    assert "Columns: category, text." in body
    assert header["tags"] == ["corpuscope"]


def test_corpora_of_no_known_licence_or_language_leave_both_to_their_publishers(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(a_document(0), "News")
    contents = Contents(1, ("category",), False, {"category": "string"}, "")
    study = study_of(read(tmp_path), load_scheme(None), None)
    _, header, body = dataset_card(study, contents).split("---\n", 2)
    fields = yaml.safe_load(header)
    assert (fields["license"], fields["license_name"], fields["license_link"]) == (
        "other",
        "as-the-sources",
        "README.md",
    )
    assert not {"language", "source_datasets"} & fields.keys()
    assert "- web: not known" in body
    assert "side by side" not in body


def test_a_dataset_needs_a_new_or_empty_folder(labels: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        export(labels)
    before = sorted((labels).rglob("*"))
    with pytest.raises(UsageError, match="is not empty"):
        export(labels, "-o", str(labels))
    assert sorted(labels.rglob("*")) == before
