"""Choose the documents to ask a model about: those labelled, and those that were drawn ahead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from corpuscope.annotate.prompt import prompt_excerpt
from corpuscope.annotate.run import Question
from corpuscope.domain.document import sha256_of
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.sampling.pool import Pool

BATCH = 256
"""Texts that are read from the ledger at once."""

CHARACTERS_A_TOKEN = 4
"""Characters of a token of web text, roughly."""

TextReader = Callable[[Sequence[str]], Sequence[str | None]]
"""Returns the text of each event; None for one that damage took."""


def labelled_texts(
    decisions: Decisions, corpora: Sequence[str], read_texts: TextReader
) -> Iterator[tuple[Decision, str | None]]:
    """Yield each labelled document once, with its text; None for a text that damage took.

    Documents that were only skipped are left out. The order is that of corpora and draws.
    """
    labelled = {
        decision.document_id: decision
        for decision in decisions.by_draw(corpora)
        if decision.category is not None
    }
    rows = list(labelled.values())
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        yield from zip(batch, read_texts([decision.event_id for decision in batch]), strict=True)


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
