"""Dataset folder for Hugging Face `datasets`: the labels as Parquet, and a dataset card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from corpuscope.analysis.study_results import CorpusProvenance, StudyResults
from corpuscope.export.label_records import ExportOptions, LabelRecord
from corpuscope.export.tabular import label_schema, write_parquet
from corpuscope.files import whole_file
from corpuscope.report.markdown import page_markdown
from corpuscope.report.page import Block, Bullets, Heading, Page, Paragraph
from corpuscope.report.sections import (
    assisted_section,
    comparisons_section,
    definitions_section,
    limits_section,
    mixtures_section,
    sample_section,
    shares_section,
)
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:  # loads scikit-learn
    from corpuscope.analysis.assisted import AssistedStudy
    from corpuscope.ledger.read.decisions import Decision

DATA = Path("data") / "labels.parquet"
"""Path of the labels inside the folder."""
CARD = Path("README.md")
"""Path of the dataset card inside the folder."""

_LABELS = ("category", "final")
"""Columns that `datasets` gives as `ClassLabel`, with every category in the order of the scheme, used or not."""
_NAMES = {"double": "float64", "float": "float32"}
"""Types that `datasets` and pyarrow name differently."""
_LICENCES = {
    "odc-by": "odc-by",
    "odc-by-1.0": "odc-by",
    "odc-by 1.0": "odc-by",
    "cdla-permissive-2.0": "cdla-permissive-2.0",
}
"""Licences of corpora by the identifiers that the Hub has for them."""
_LANGUAGES = {"HuggingFaceFW/fineweb": "en", "HuggingFaceFW/fineweb-edu": "en"}
"""Languages of corpora that have one."""
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
"""Upper limit of each size category and the name the Hub gives it."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Description of the Parquet file, for the card."""

    labels: int
    """Number of labels, one per row."""
    columns: tuple[str, ...]
    """Column names in order."""
    text: bool
    """Whether texts and urls are among the columns."""
    types: Mapping[str, str]
    """Type of each column by its name, as `datasets` calls it."""
    selection: str
    """Which labels were selected, in words; "" when none was left out."""
    without_text: int = 0
    """Number of labels whose text was lost to damage."""


def write_dataset(
    folder: Path,
    records: Iterable[LabelRecord],
    options: ExportOptions,
    study: StudyResults,
    selection: str,
    assisted: AssistedStudy | None = None,
    lost: Sequence[Decision] = (),
) -> int:
    """Write labels and card into an empty folder and return the number of labels.

    `selection` says in words which labels of the corpora the records are, "" for all of them. `assisted` adds assisted
    shares to the card. `lost` are the labels whose text was lost to damage, known once `records` are read.
    """
    (folder / DATA).parent.mkdir()
    with whole_file(folder / DATA) as stream:
        count = write_parquet(records, options, stream)
    with whole_file(folder / CARD) as stream:
        contents = Contents(count, options.columns, options.text, _types(options), selection, len(lost))
        stream.write(dataset_card(study, contents, assisted).encode("utf-8", "replace"))
    return count


def dataset_card(study: StudyResults, contents: Contents, assisted: AssistedStudy | None = None) -> str:
    """Return the dataset card in Markdown, with the YAML header that the Hub reads.

    It states how the documents were sampled, definitions, shares, comparisons, licences and limits.
    """
    names = ", ".join(source.key for source in study.sources) or "no corpus"
    title = f"Labels of {names}"
    return f"---\n{_header(title, contents, study)}---\n\n" + page_markdown(
        Page(
            title,
            (
                *_contents(contents),
                *sample_section(study),
                *definitions_section(study),
                *shares_section(study),
                *assisted_section(assisted),
                *comparisons_section(study),
                *mixtures_section(study),
                *_licences(study.sources, contents),
                *limits_section(),
            ),
        )
    )


def _types(options: ExportOptions) -> dict[str, str]:
    return {field.name: _NAMES.get(str(field.type), str(field.type)) for field in label_schema(options)}


def _header(title: str, contents: Contents, study: StudyResults) -> str:
    """Return the YAML header: what the Hub shows and checks, and the types that `datasets` gives the columns."""
    hub = [source.corpus for source in study.sources if source.corpus and source.corpus.kind == "hub"]
    licences = {
        _LICENCES.get((source.corpus.licence or "").lower()) if source.corpus else None
        for source in study.sources
    }
    languages = {_LANGUAGES.get(source.corpus.path) if source.corpus else None for source in study.sources}
    fields: dict[str, object] = {"pretty_name": title}
    if len(licences) == 1 and None not in licences:
        fields["license"] = licences.pop()
    else:
        fields |= {"license": "other", "license_name": "as-the-sources", "license_link": "README.md"}
    if languages and None not in languages:
        fields["language"] = sorted(language for language in languages if language)
    if hub:
        fields["source_datasets"] = list(dict.fromkeys(f"extended|{corpus.path}" for corpus in hub))
    names = dict(enumerate(study.scheme.names))
    label = {"class_label": {"names": {str(code): name for code, name in names.items()}}}
    fields |= {
        "annotations_creators": ["expert-generated"],
        "task_categories": ["text-classification"],
        "size_categories": [_size(contents.labels)],
        "tags": ["corpuscope"],
        "configs": [{"config_name": "default", "data_files": [{"split": "train", "path": DATA.as_posix()}]}],
        "dataset_info": {
            "features": [
                {"name": name, "dtype": label if name in _LABELS else kind}
                for name, kind in contents.types.items()
            ]
        },
    }
    header: str = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True)
    return header


def _size(labels: int) -> str:
    return next((name for limit, name in _SIZES if labels < limit), "1M<n<10M")


def _contents(contents: Contents) -> tuple[Block, ...]:
    texts = (
        "with texts and urls"
        if contents.text
        else "addresses only: anyone with them can fetch the same texts"
    )
    count = quantity(contents.labels, "label")
    blocks: list[Block] = [Paragraph(f"{count}, one a row, given by people who read the documents; {texts}.")]
    if contents.selection:
        blocks.append(
            Paragraph(
                f"Not all labels are here, only {contents.selection}: the rows are not a random sample of the corpora. "
                "The shares below are of all labels."
            )
        )
    if contents.without_text:
        blocks.append(
            Paragraph(
                f"{quantity(contents.without_text, 'row')} without a text: it was lost to damage; the address is there."
            )
        )
    blocks.append(Paragraph(f"Columns: {', '.join(contents.columns)}."))
    return tuple(blocks)


def _licences(sources: Sequence[CorpusProvenance], contents: Contents) -> tuple[Block, ...]:
    subject = "Texts are quoted from the corpora" if contents.text else "Addresses point into the corpora"
    return (
        Heading("Licences"),
        Paragraph(f"{subject}, whose publishers state these licences; the texts may belong to others still."),
        Bullets(tuple(_licence(source) for source in sources)),
    )


def _licence(source: CorpusProvenance) -> str:
    corpus = source.corpus
    if corpus is None:
        return f"{source.key}: not known"
    stated = corpus.licence or "not recorded"
    page = f", see https://huggingface.co/datasets/{corpus.path}" if corpus.kind == "hub" else ""
    return f"{source.key}: {stated}{page}"
