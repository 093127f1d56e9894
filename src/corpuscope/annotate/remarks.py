"""What second readers say about a document, for the line that is shown once it is labelled."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from corpuscope.annotate.answers import FILE, FOLDER, models_of, read_answers
from corpuscope.domain.answer import ModelAnswers
from corpuscope.domain.category import CategoryScheme
from corpuscope.errors import CorpuscopeError


class Remarks:
    """Reads the answers of all models, and again when a run has added some. Safe to use from any thread."""

    def __init__(self, labels: Path, scheme: CategoryScheme) -> None:
        """Take the labels folder; nothing is read yet."""
        self._labels = labels
        self._scheme = scheme
        self._lock = Lock()
        self._version: object = None
        self._models: tuple[ModelAnswers, ...] = ()

    def about(self, document_id: str, category: str | None) -> str:
        """Say in a few words what the models say about a document that was given `category`; "" when nothing.

        Answers that cannot be read are none here; the commands that need them say why.
        """
        with self._lock:
            self._refresh()
            answers = [(model.model, model.category_of(document_id, self._scheme)) for model in self._models]
        said = [
            f"{model} agrees" if answer == category else f"{model}: {answer}"
            for model, answer in answers
            if answer is not None
        ]
        return ", ".join(said)

    def _refresh(self) -> None:
        files = sorted((self._labels / FOLDER).glob(f"*/{FILE}"))
        version = [(file, file.stat().st_mtime_ns) for file in files if file.exists()]
        if version != self._version:
            self._version = version
            try:
                self._models = tuple(read_answers(self._labels, model) for model in models_of(self._labels))
            except CorpuscopeError:
                self._models = ()
