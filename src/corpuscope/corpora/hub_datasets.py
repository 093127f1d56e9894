"""The parts of `datasets` that this app relies on, among them the names that its documentation does not list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpuscope.corpora import hub_files, hub_requests
from corpuscope.corpora.hub_settings import log_to_root, require_online
from corpuscope.corpora.rows import Record
from corpuscope.corpora.source import Shard


def stream(
    builder: str,
    dataset: str,
    revision: str,
    shard: Shard,
    cache: Path,
    options: Mapping[str, Any],
    *,
    read_ahead: int,
    patient: bool = False,
    most: int | None = None,
) -> Iterator[Record]:
    """Yield the examples of one file from a packaged builder of `datasets`, streaming it.

    `read_ahead`, `patient` and `most` are those of `file_address`. Raises our own errors for faults of the Hub.
    """
    require_online(f"{shard.name} of {dataset}")
    datasets = _imported()
    from datasets.data_files import DataFilesDict, DataFilesList

    address = hub_files.file_address(
        dataset,
        revision,
        shard,
        decompressed=builder == "text" and not shard.name.lower().endswith(hub_files.ARCHIVE),
        read_ahead=read_ahead,
        patient=patient,
        most=most,
    )
    # A resolved list, since names may hold characters of a pattern.
    files = DataFilesDict({"train": DataFilesList([address], [(dataset, revision)])})
    examples = datasets.load_dataset(
        builder,
        data_files=files,
        split="train",
        streaming=True,
        cache_dir=str(cache / "datasets"),
        **options,
    )
    if examples.features is not None:
        examples = examples.decode(False)  # images and sound would need libraries of their own
    yield from examples


def splits_of(data_files: Any) -> dict[str, list[str]]:  # noqa: ANN401  as a card has it
    """Return the patterns of `data_files` in a card by split. Raises ValueError when it has another form."""
    _imported()
    from datasets.data_files import sanitize_patterns

    return {
        split: [str(pattern) for pattern in patterns]
        for split, patterns in sanitize_patterns(data_files).items()
    }


def default_splits(base: str) -> dict[str, list[str]]:
    """Return the patterns by split of a folder without a card, from the names of its files.

    Raises FileNotFoundError when it has no data files.
    """
    _imported()
    from datasets.data_files import get_data_patterns

    return {str(split): list(patterns) for split, patterns in get_data_patterns(base).items()}


def matching_files(patterns: Sequence[str], base: str) -> list[str]:
    """Return the files below `base`, an address or path, that match: pattern by pattern, sorted and none twice.

    Draws depend on this order, so no version of `datasets` may change it.
    """
    _imported()
    from datasets.data_files import resolve_pattern

    files: dict[str, None] = {}
    for pattern in patterns:
        try:
            files |= dict.fromkeys(sorted(resolve_pattern(pattern, base)))
        except FileNotFoundError:
            continue
    return list(files)


def _imported() -> Any:  # noqa: ANN401  a module
    hub_requests.configure_hub_client()
    import datasets

    log_to_root("datasets")
    return datasets
