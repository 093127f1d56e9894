"""What is known of the insides of well-known datasets, which spares a cold start from looking."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class KnownFiles:
    """The data files of one dataset."""

    columns: tuple[str, ...]
    """Their columns."""
    coarse: bool = False
    """True for Parquet whose row groups are too large to fetch for one row."""
    equal: bool = False
    """True when the files hold equally many rows, so that their sizes would only add noise to the choice."""


_FINEWEB = (
    "text",
    "id",
    "dump",
    "url",
    "date",
    "file_path",
    "language",
    "language_score",
    "token_count",
)

KNOWN_FILES: Mapping[str, KnownFiles] = MappingProxyType(
    {
        "allenai/c4": KnownFiles(("text", "timestamp", "url"), equal=True),
        "HuggingFaceFW/fineweb": KnownFiles(_FINEWEB),
        "HuggingFaceFW/fineweb-edu": KnownFiles((*_FINEWEB, "score", "int_score")),
        "PleIAs/SYNTH": KnownFiles(
            (
                "synth_id",
                "language",
                "exercise",
                "model",
                "query",
                "query_seed_url",
                "query_seed_text",
                "additional_seed_url",
                "seed_license",
                "constraints",
                "script",
                "synthetic_reasoning",
                "synthetic_answer",
                "words",
            ),
            coarse=True,
        ),
    }
)
"""By repository."""
