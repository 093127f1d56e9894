"""What a model says about documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import DocumentKey


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one model to one question: which category a document belongs to."""

    id: str
    """UUIDv7; answers are ordered by id."""
    at: str
    """UTC time, ISO 8601."""
    corpus: str
    """Key of the corpus."""
    document_id: str
    """Id of the document."""
    sha256: str
    """Hex digest of the document's exact text."""
    model: str
    """Name of the model, as asked for."""
    reported_model: str
    """Name of the model, as the server reports it; "" when it does not."""
    prompt: str
    """Hash of the prompt without the document."""
    parameters: str
    """Parameters of the call, as JSON with sorted keys."""
    scheme: str
    """Hash of the category scheme in the prompt."""
    category: str | None
    """Name of the category; None where the reply named none or the server refused the document."""
    probabilities: Mapping[str, float] | None = None
    """Probability of each category that the reply could have begun with; None when the server gives none."""
    form: str = ""
    """How the answer was asked for, a name in `annotate.request.FORMS`."""
    truncated: bool = False
    """Whether the model saw only the beginning and the end of the document."""
    tokens_in: int | None = None
    """Tokens of the prompt, as the server counts them; None when it does not."""
    tokens_out: int | None = None
    """Tokens of the reply, as the server counts them; None when it does not."""
    seconds: float = 0.0
    """Seconds from question to answer, retries included."""
    error: str = ""
    """Why the server refused the document, or what the reply said in place of a category; "" for neither."""

    @property
    def question(self) -> tuple[str, str, str, str, str]:
        """Document, its text, prompt, model and parameters: what is never asked twice."""
        return self.document_id, self.sha256, self.prompt, self.model, self.parameters


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """The answers of one model to one prompt with the same parameters."""

    model: str
    """Name of the model, as asked for."""
    by_document: Mapping[DocumentKey, Answer]
    """Last answer about each document; one without a category is an answer too."""
    by_text: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    """Last answer about each text, by document id and hash of the text."""

    @classmethod
    def latest(
        cls, model: str, answers: Iterable[Answer], scheme: CategoryScheme | None = None
    ) -> ModelAnswers:
        """Take the answers of the prompt and parameters that were asked last, out of all that a model gave.

        Prompts with the categories of `scheme` come before all others. Answers to different prompts are those of
        different readers, and are never mixed.
        """
        ordered = sorted(answers, key=lambda answer: answer.id)
        if scheme is not None:
            ordered = [answer for answer in ordered if answer.scheme == scheme.hash] or ordered
        if not ordered:
            return cls(model, {})
        last = ordered[-1].prompt, ordered[-1].parameters
        same = [answer for answer in ordered if (answer.prompt, answer.parameters) == last]
        return cls(
            model,
            {(answer.corpus, answer.document_id): answer for answer in same},
            {(answer.document_id, answer.sha256): answer for answer in same},
        )

    def about(self, document: DocumentKey, sha256: str) -> Answer | None:
        """Return the answer about a text with this hash, or about any text where the answer has no hash.

        It may have been asked for another corpus that reads the same row: nothing is asked twice.
        """
        answer = self.by_document.get(document)
        if answer is not None and answer.sha256 in ("", sha256):
            return answer
        return self.by_text.get((document[1], sha256))

    def about_texts(self, hashes: Mapping[DocumentKey, str]) -> ModelAnswers:
        """Return the answers about the texts in `hashes`, without those about other texts of the same documents.

        `hashes` has the hex digests of texts; answers about documents that it lacks stay.
        """
        own = {document: answer for document, answer in self.by_document.items() if document not in hashes}
        for document, digest in hashes.items():
            if (answer := self.about(document, digest)) is not None:
                own[document] = answer
        return replace(self, by_document=own)

    def category_of(self, document: DocumentKey, scheme: CategoryScheme) -> str | None:
        """Return the category under today's name; None for a document without an answer or a category."""
        answer = self.by_document.get(document)
        return scheme.today(answer.category) if answer and answer.category else None
