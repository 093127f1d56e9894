"""A folder that Hugging Face datasets reads: the labels as Parquet, and a card that says what they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpuscope.analysis.study import CorpusProvenance, Study
from corpuscope.export.label_records import ExportOptions, LabelRecord
from corpuscope.export.tabular import write_parquet
from corpuscope.files import whole_file
from corpuscope.report.markdown import page_markdown
from corpuscope.report.page import Block, Bullets, Heading, Page, Paragraph
from corpuscope.report.report import (
    comparisons_section,
    definitions_section,
    limits_section,
    sample_section,
    shares_section,
)

DATA = Path("data") / "labels.parquet"
"""The labels inside the folder."""
CARD = Path("README.md")
"""The card inside the folder."""

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass(frozen=True, slots=True)
class Contents:
    """What the Parquet file of a folder holds."""

    labels: int
    """Rows."""
    columns: tuple[str, ...]
    """Names, in order."""
    text: bool
    """Whether texts and urls are among them."""
    chosen: str
    """Which labels were chosen, in words; "" when all of these corpora are there."""


def write_dataset(
    folder: Path, records: Iterable[LabelRecord], options: ExportOptions, study: Study, chosen: str
) -> int:
    """Fills an empty folder; how many labels. `chosen` says in words which were, "" for all of these corpora."""
    (folder / DATA).parent.mkdir()
    with whole_file(folder / DATA) as stream:
        count = write_parquet(records, options, stream)
    with whole_file(folder / CARD) as stream:
        contents = Contents(count, options.columns, options.text, chosen)
        stream.write(dataset_card(study, contents).encode("utf-8", "replace"))
    return count


def dataset_card(study: Study, contents: Contents) -> str:
    """The card: a YAML header for the Hub, then sample, definitions, shares, licences and limits in Markdown."""
    names = ", ".join(source.key for source in study.sources) or "no corpus"
    title = f"Labels of {names}"
    return f"---\n{_header(title, contents)}---\n\n" + page_markdown(
        Page(
            title,
            (
                *_contents(contents),
                *sample_section(study),
                *definitions_section(study),
                *shares_section(study),
                *comparisons_section(study),
                *_licences(study.sources, contents),
                *limits_section(),
            ),
        )
    )


def _header(title: str, contents: Contents) -> str:
    import yaml

    fields = {
        "pretty_name": title,
        "license": "other",
        "license_name": "as-the-sources",
        "license_link": "README.md",
        "task_categories": ["text-classification"],
        "size_categories": [_size(contents.labels)],
        "tags": ["corpuscope"],
        "configs": [{"config_name": "default", "data_files": [{"split": "train", "path": DATA.as_posix()}]}],
    }
    header: str = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True)
    return header


def _size(labels: int) -> str:
    return next((words for size, words in _SIZES if labels < size), "1M<n<10M")


def _contents(contents: Contents) -> tuple[Block, ...]:
    texts = (
        "with texts and urls"
        if contents.text
        else "addresses only: whoever has them can fetch the same texts"
    )
    count = f"{contents.labels:,} label{'s' * (contents.labels != 1)}"
    said: list[Block] = [Paragraph(f"{count}, one a row, given by people who read the documents; {texts}.")]
    if contents.chosen:
        said.append(
            Paragraph(
                f"Not all labels are here, only {contents.chosen}: the rows are no random sample of the corpora. "
                "The shares below are of all labels."
            )
        )
    said.append(Paragraph(f"Columns: {', '.join(contents.columns)}."))
    return tuple(said)


def _licences(sources: Sequence[CorpusProvenance], contents: Contents) -> tuple[Block, ...]:
    words = "Texts are quoted from the corpora" if contents.text else "Addresses point into the corpora"
    return (
        Heading("Licences"),
        Paragraph(f"{words}, whose publishers state these licences; the texts may belong to others still."),
        Bullets(tuple(_licence(source) for source in sources)),
    )


def _licence(source: CorpusProvenance) -> str:
    corpus = source.corpus
    if corpus is None:
        return f"{source.key}: not known"
    stated = corpus.licence or "not recorded"
    page = f", see https://huggingface.co/datasets/{corpus.path}" if corpus.kind == "hub" else ""
    return f"{source.key}: {stated}{page}"
