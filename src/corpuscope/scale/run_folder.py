"""The folder of a run over a whole corpus: its files, its classifier and the results of its ranks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from datatrove.io import DataFolder, get_datafolder

from corpuscope.corpora.corpus_files import CorpusFile, CorpusFiles
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.files import Files, replacing, stream_of, whole_folder
from corpuscope.learning.model_file import Model
from corpuscope.learning.model_file import from_bytes as model_from_bytes
from corpuscope.learning.model_file import to_bytes as model_to_bytes
from corpuscope.scale import counts
from corpuscope.scale.counts import FileCounts
from corpuscope.stats.selection import KeepRule, parse_rule
from corpuscope.text.quantities import quantity
from corpuscope.version import __version__

RUN, MODEL, LOGS = "run.json", "model.safetensors", "logs"
"""Names in the folder: what is read, the classifier, and the logs and marks of datatrove."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run reads and writes; a run that is resumed keeps it."""

    key: str
    """Key of the corpus whose labels the run belongs to."""
    listed: CorpusFiles
    """The files that are read."""
    tasks: int
    """Number of ranks: rank r reads the files r, r + tasks, r + 2 tasks ..."""
    keep: str | None
    """The rule by which texts are kept; None to keep none."""
    place: str | None = None
    """Where the files were said to be; None for where the corpus of the plan is."""

    def files_of(self, rank: int, ranks: int | None = None) -> tuple[CorpusFile, ...]:
        """Return the files that a rank reads."""
        return self.listed.files[rank :: ranks or self.tasks]

    def to_json(self) -> bytes:
        """Return the run as JSON."""
        value = {
            "corpuscope": __version__,
            "key": self.key,
            "tasks": self.tasks,
            "keep": self.keep,
            "place": self.place,
        }
        return json.dumps(value | self.listed.to_json(), indent=1).encode()


class RunFolder:
    """A folder of a run. It may lie wherever fsspec can write, since ranks run on other machines."""

    def __init__(self, where: str | Path) -> None:
        self.where = str(where)
        self._folder: DataFolder = get_datafolder(self.where)

    @classmethod
    def begin(cls, folder: Path, run: Run, model: Model) -> Self:
        """Make the folder of a new run. Raises UsageError for one that has content, CorpuscopeError when it fails."""
        with whole_folder(folder) as temporary:
            for name, data in ((MODEL, model_to_bytes(model)), (RUN, run.to_json())):
                with replacing(temporary / name) as descriptor, stream_of(descriptor) as stream:
                    stream.write(data)
        return cls(folder)

    @property
    def exists(self) -> bool:
        """Whether a run was begun in the folder."""
        return bool(self._folder.isfile(RUN))

    def run(self) -> Run:
        """Return what the run reads. Raises UsageError for a folder without a run, or a damaged one."""
        try:
            value = json.loads(self._read(RUN))
            listed = CorpusFiles.from_json(value)
            tasks, keep, place = int(value["tasks"]), value["keep"], value["place"]
            if not 1 <= tasks <= len(listed.files):
                raise ValueError(f"{tasks} ranks for {len(listed.files)} files")  # noqa: TRY301  one message for all
            return Run(str(value["key"]), listed, tasks, keep and str(keep), place and str(place))
        except FileNotFoundError:
            raise UsageError(
                f"{self.where} has no {RUN}: no run was started there", "start one: corpuscope classify"
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(
                f"{self.where}/{RUN} is damaged: {error}", "restore it, or start in a new folder"
            ) from error

    def model(self) -> Model:
        """Return the classifier of the run. Raises UsageError when it is missing or damaged."""
        try:
            return model_from_bytes(self._read(MODEL))
        except FileNotFoundError:
            raise UsageError(f"{self.where} has no {MODEL}", "restore it, or start in a new folder") from None

    def rule(self) -> KeepRule | None:
        """Return the rule by which texts are kept; None when none are."""
        keep = self.run().keep
        return parse_rule(keep, self.model().categories) if keep else None

    def is_finished(self, rank: int) -> bool:
        """Tell whether all that a rank found is in the folder: its counts are written last."""
        return bool(self._folder.isfile(_counts_name(rank)))

    def has_output(self, rank: int) -> bool:
        """Tell whether the rows of a rank are there, and the texts that it kept if the run keeps any."""
        names = [rows_name(rank), *([kept_name(rank)] if self.run().keep else [])]
        return all(self._folder.isfile(name) for name in names)

    def finished_ranks(self) -> list[int]:
        """Return the numbers of the ranks that are finished."""
        names = self._folder.list_files("counts") if self._folder.isdir("counts") else []
        return sorted(int(Path(name).stem) for name in names if Path(name).stem.isdigit())

    def counts(self) -> list[FileCounts]:
        """Return the counts of every file of the finished ranks. Raises UsageError when some are damaged."""
        return [file for rank in self.finished_ranks() for file in self.counts_of(rank)]

    def counts_of(self, rank: int) -> list[FileCounts]:
        """Return the counts of a finished rank's files. Raises UsageError when they are damaged."""
        name = _counts_name(rank)
        try:
            return counts.from_bytes(self._read(name))
        except (ValueError, OSError) as error:
            raise UsageError(
                f"{self.where}/{name} cannot be read: {error}",
                f"remove it and {LOGS}/completions/{rank:05d}; the same command does that rank again",
            ) from error

    def write_counts(self, rank: int, files: list[FileCounts]) -> None:
        """Write the counts of a rank, which makes it a finished one."""
        with self.writing(_counts_name(rank)) as stream:
            stream.write(counts.to_bytes(files))

    @contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        """Yield a stream whose content gets the name as a whole and durably, or not at all. Raises OSError."""
        if not self._folder.is_local():
            with self._folder.open(name, "wb") as stream:  # other stores publish a file when it is closed
                yield stream
            return
        path = Path(self._folder.resolve_paths(name))
        Files().make_folder(path.parent)
        # of one name for every attempt, so that one that was killed leaves nothing for good
        temporary = path.with_name(f".{path.name}.partial")
        with replacing(path, temporary=temporary) as descriptor, stream_of(descriptor) as stream:
            yield stream

    def _read(self, name: str) -> bytes:
        data: bytes = self._folder.cat_file(name)
        return data


def whole_counts(folder: RunFolder, run: Run) -> list[FileCounts]:
    """Return the counts of every file of the corpus.

    Raises UsageError while files are missing, and CorpuscopeError when one was counted twice, as after a change of the
    number of ranks.
    """
    files = folder.counts()
    times = Counter(file.name for file in files)
    missing = [file.name for file in run.listed.files if not times[file.name]]
    if missing:
        raise UsageError(
            f"{folder.where} is not finished: it lacks {len(missing):,} of {quantity(len(run.listed.files), 'file')}, "
            f"the first of them {missing[0]}",
            "run the same `corpuscope classify` again; it resumes from there",
        )
    twice = [name for name, number in times.items() if number > 1]
    if twice:
        raise CorpuscopeError(
            f"{folder.where} has {twice[0]} {times[twice[0]]} times: it was read with different numbers of ranks",
            "start in a new folder",
        )
    return files


def _counts_name(rank: int) -> str:
    return f"counts/{rank:05d}.json"


def rows_name(rank: int) -> str:
    """Return the name of the file of a rank's rows."""
    return f"rows/{rank:05d}.parquet"


def kept_name(rank: int) -> str:
    """Return the name of the file of the texts that a rank kept."""
    return f"kept/{rank:05d}.parquet"
