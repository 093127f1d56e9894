"""What models and filters say about a document, for the line shown once it is labelled."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from corpuscope.annotate.answers import FILE, FOLDER, models_of, read_answers
from corpuscope.annotate.verdicts import VerdictCache, Verdicts, verdict_words
from corpuscope.domain.answer import ModelAnswers
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import DocumentKey
from corpuscope.errors import CorpuscopeError


class SecondOpinions:
    """Reader of the answers of all models and the verdicts of filters, which it reads again after a run has added some.

    Safe to use from any thread.
    """

    def __init__(self, labels: Path, cache: Path, scheme: CategoryScheme) -> None:
        """Take the labels folder and the cache folder; nothing is read yet."""
        self._labels = labels
        self._cache = VerdictCache.in_folder(cache)
        self._scheme = scheme
        self._lock = Lock()
        self._version: object = None
        self._models: tuple[ModelAnswers, ...] = ()
        self._verdicts: dict[str, Verdicts] = {}

    def about(self, document: DocumentKey, sha256: str, category: str | None) -> tuple[str, ...]:
        """Summarise the answers and verdicts on a document labelled `category`, in a few words each.

        Answers that cannot be read are passed over here; the commands that need them say why. `sha256` is the hash of
        the document's text, "" when unknown: an answer about another text is named, but not as one about this text.
        """
        with self._lock:
            self._refresh()
            models = self._models
            verdicts = self._verdicts.get(sha256, {})
        opinions = [self._opinion(model, document, sha256, category) for model in models]
        return tuple(filter(None, [*opinions, verdict_words(verdicts)]))

    def _opinion(
        self, answers: ModelAnswers, document: DocumentKey, sha256: str, category: str | None
    ) -> str:
        answer = answers.about(document, sha256) if sha256 else answers.by_document.get(document)
        if answer is None:
            return f"{answers.model} answered about another text" if document in answers.by_document else ""
        given = self._scheme.today(answer.category) if answer.category else None
        if given is None:
            return ""
        return f"{answers.model} agrees" if given == category else f"{answers.model}: {given}"

    def _refresh(self) -> None:
        files = [*sorted((self._labels / FOLDER).glob(f"*/{FILE}")), self._cache.path]
        version = [(file, file.stat().st_mtime_ns) for file in files if file.exists()]
        if version == self._version:
            return
        self._version = version
        self._verdicts = self._cache.read()
        try:
            self._models = tuple(
                read_answers(self._labels, model, self._scheme) for model in models_of(self._labels)
            )
        except CorpuscopeError:
            self._models = ()
