"""A labelled study of a generated corpus, in which words tell the category of a document more or less well."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from corpuscope.config.settings import Paths
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.sampling.feed.open import draw_lookup, source_for
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_file import save_plan
from ledger_fakes import Scribe
from makers import a_scheme

SEED = 7
TOPICS = ("Educational", "Advertising", "Forum")
SHARES = (0.5, 0.3, 0.2)
"""Share of each topic in the corpus."""


@dataclass(frozen=True)
class LabelledStudy:
    """A labels folder with a plan, and what it is about."""

    folder: Path
    """Folder with `labels`, the corpus and a cache."""
    plan: Plan
    """The plan."""
    truth: dict[str, str]
    """Topic of every text."""

    @property
    def labels(self) -> Path:
        """The labels folder."""
        return self.folder / "labels"

    @property
    def cache(self) -> Path:
        """The cache folder."""
        return self.folder / "cache"

    @property
    def scheme(self) -> CategoryScheme:
        """The scheme of its labels."""
        return a_scheme(*TOPICS)

    @property
    def paths(self) -> Paths:
        """Paths of a workspace in it."""
        folder = self.folder
        return Paths(self.labels, None, folder / "config.toml", self.cache, folder / "log")


def topic_text(random: Random, topic: str, words: int = 40, clarity: float = 0.3) -> str:
    """Return a text in which a word is one of the topic's own twenty with probability `clarity`."""
    own = topic.lower()
    return " ".join(
        f"{own}{random.randrange(20)}" if random.random() < clarity else f"word{random.randrange(400)}"
        for _ in range(words)
    )


def a_corpus(folder: Path, name: str, documents: int, clarity: float = 0.3) -> dict[str, str]:
    """Write a corpus of topics as JSON lines, and return the topic of each text."""
    random = Random(name)
    topics = random.choices(TOPICS, SHARES, k=documents)
    truth = {topic_text(random, topic, clarity=clarity): topic for topic in topics}
    lines = (json.dumps({"text": text}) + "\n" for text in truth)
    (folder / f"{name}.jsonl").write_text("".join(lines))
    return truth


def a_labelled_study(
    folder: Path,
    labels: int = 60,
    documents: int = 400,
    corpora: Iterable[str] = ("web",),
    *,
    target: int | None = None,
    clarity: float = 0.3,
) -> LabelledStudy:
    """Generate corpora and label the first draws of each by topic; by default as many are planned."""
    plan = Plan(SEED)
    truth: dict[str, str] = {}
    with Scribe(folder / "labels") as scribe:
        for name in corpora:
            truth |= a_corpus(folder, name, documents, clarity)
            corpus = corpus_for(str(folder / f"{name}.jsonl"))
            plan = plan.with_corpus(corpus, target=target or labels).with_revision(
                corpus.key, _revision(corpus, folder)
            )
            document = draw_lookup(corpus, seed=SEED, cache_folder=folder / "cache")
            for draw in range(labels):
                drawn = document(draw)
                assert drawn is not None
                scribe.label(drawn, truth[drawn.text])
    save_plan(plan, folder / "labels" / "plan.json")
    return LabelledStudy(folder, plan, truth)


def _revision(corpus: Corpus, folder: Path) -> str:
    return source_for(corpus, None, folder / "cache").manifest().revision
