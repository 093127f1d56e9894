"""The published labels of three corpora, written through a ledger as an annotator would give them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest
from pathlib import Path

from corpuscope.config.category_file import load_scheme
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.label import EventKind
from corpuscope.sampling.plan_file import open_plan, save_plan
from corpuscope.stats.reference import REFERENCES
from ledger_fakes import Scribe
from makers import a_document

SEED = 7


def write_published(
    labels: Path, *, blind: bool = True, in_turns: bool = True, planned: int | None = None
) -> None:
    """Write 604 labels in two sessions, with a plan of `planned` labels per corpus, by default as many as there are.

    With `in_turns` they are interleaved, otherwise one corpus follows the other. Documents of C4 have no token counts.
    """
    shutil.copytree(_written(blind, in_turns, planned), labels, dirs_exist_ok=True)


_folder = tempfile.TemporaryDirectory(prefix="corpuscope-published-", ignore_cleanup_errors=True)


@cache
def _written(blind: bool, in_turns: bool, planned: int | None) -> Path:
    """Return a labels folder with these labels, which is written once in a process."""
    labels = Path(tempfile.mkdtemp(dir=_folder.name))
    plan = open_plan(labels / "plan.json", seed=SEED)
    for reference in REFERENCES:
        plan = plan.with_corpus(corpus_for(reference.key), target=planned or sum(reference.counts))
        plan = plan.with_revision(reference.key, "0123456789abcdef")
    save_plan(plan, labels / "plan.json")
    queue = list(_queue(in_turns))
    scheme = load_scheme(None).hash
    for session, part in (("s1", queue[:300]), ("s2", queue[300:])):
        with Scribe(labels, session) as scribe:
            for corpus, draw, category in part:
                tokens = None if corpus == "c4" else 100 + draw * 37 % 900
                document = a_document(draw, "word " * (draw + 1), corpus=corpus, tokens=tokens)
                scribe.write(
                    EventKind.LABEL, document, category=category, reading_ms=9_000, blind=blind, scheme=scheme
                )
    return labels


def _queue(in_turns: bool) -> Iterator[tuple[str, int, str]]:
    """Yield corpus, draw and category of each label in the order in which it is given."""
    by_corpus = [
        [
            (reference.key, category)
            for category, count in zip(reference.categories, reference.counts, strict=True)
            for _ in range(count)
        ]
        for reference in REFERENCES
    ]
    rounds = zip_longest(*by_corpus) if in_turns else by_corpus
    draws = dict.fromkeys((reference.key for reference in REFERENCES), 0)
    for labels in rounds:
        for label in labels:
            if label is not None:
                corpus, category = label
                yield corpus, draws[corpus], category
                draws[corpus] += 1
