"""Choose the documents to ask a model about: those labelled, and those that were drawn ahead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence

from corpuscope.annotate.prompt import prompt_excerpt
from corpuscope.annotate.run import Question
from corpuscope.domain.answer import ModelAnswers
from corpuscope.domain.document import sha256_of
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.sampling.pool import Pool
from corpuscope.text.quantities import inflected, quantity

BATCH = 256
"""Texts that are read from the ledger at once."""

CHARACTERS_A_TOKEN = 4
"""Characters of a token of web text, roughly."""

TextReader = Callable[[Sequence[str]], Sequence[str | None]]
"""Returns the text of each event; None for one that damage took."""


def labelled_texts(
    decisions: Decisions,
    corpora: Sequence[str],
    read_texts: TextReader,
    among: Container[str] | None = None,
) -> Iterator[tuple[Decision, str | None]]:
    """Yield each labelled document of each corpus once, with its text; None for a text that damage took.

    Documents that were only skipped are left out, and so are those not `among` these ids. The order is that of
    corpora and draws.
    """
    labelled = {
        decision.document_key: decision
        for decision in decisions.by_draw(corpora)
        if decision.category is not None and (among is None or decision.document_id in among)
    }
    rows = list(labelled.values())
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        yield from zip(batch, read_texts([decision.event_id for decision in batch]), strict=True)


def answers_about_labelled(
    answers: ModelAnswers, decisions: Decisions, read_texts: TextReader, corpora: Sequence[str] = ()
) -> ModelAnswers:
    """Return the answers without those about another text than the one that was labelled."""
    answered = {document_id for _, document_id in answers.by_document}
    texts = labelled_texts(decisions, corpora, read_texts, answered)
    return answers.about_texts(
        {decision.document_key: sha256_of(text) for decision, text in texts if text is not None}
    )


def answers_about_pools(answers: ModelAnswers, pools: Mapping[str, Pool]) -> ModelAnswers:
    """Return the answers without those about another text than the one in the pool of a corpus."""
    for corpus, pool in pools.items():
        ids, digests = (pool.facts[name].to_pylist() for name in ("document_id", "sha256"))
        keys = ((corpus, document_id) for document_id in ids)
        answers = answers.about_texts(dict(zip(keys, digests, strict=True)))
    return answers


def other_texts_words(before: ModelAnswers, after: ModelAnswers) -> str:
    """Say how many answers are about other texts, which `after` leaves out; "" for none."""
    count = len(before.by_document.keys() - after.by_document.keys())
    about = inflected(count, "is about another text", "are about other texts")
    return f"{quantity(count, 'answer')} of {before.model} {about} of the same documents" if count else ""


def labelled_questions(
    decisions: Decisions, corpora: Sequence[str], read_texts: TextReader
) -> tuple[list[Question], int]:
    """Return a question for each labelled document, and the number of those whose text damage took."""
    questions, lost = [], 0
    for decision, text in labelled_texts(decisions, corpora, read_texts):
        if text is None:
            lost += 1
            continue
        questions.append(
            Question(decision.corpus, decision.document_id, sha256_of(text), *prompt_excerpt(text))
        )
    return questions, lost


def pool_texts(pool: Pool, decided: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Yield id, text hash and text of the documents of a pool that are not `decided`, in the order of the draws."""
    facts = pool.facts
    ids = zip(facts["document_id"].to_pylist(), facts["sha256"].to_pylist(), strict=True)
    for texts in pool.texts():
        for text in texts:
            document_id, digest = next(ids)
            if document_id not in decided:
                yield document_id, digest, text


def prompt_tokens(questions: Sequence[Question], system: str) -> int:
    """Estimate the tokens of the prompts of these questions, each below the message `system`."""
    characters = sum(len(question.excerpt) for question in questions) + len(questions) * (len(system) + 150)
    return characters // CHARACTERS_A_TOKEN
