"""A plan as its file says it, and back; loaded only when there is a file to read or write."""

from dataclasses import replace
from types import MappingProxyType

from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.parse import title_of
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.sampling.plan import Plan, PlannedCorpus
from corpuscope.sampling.plan_file import VERSION, CorpusEntry, PlanFile


def to_entry(plan: Plan) -> PlanFile:
    """What the file says of a plan."""
    corpora = {key: _corpus_entry(planned) for key, planned in plan.corpora.items()}
    division = plan.division
    return {
        "version": VERSION,
        "seed": plan.seed,
        "scheme": plan.scheme,
        "second_looks": plan.second_looks,
        "annotators": list(division.annotators) if division else None,
        "overlap": division.overlap if division else None,
        "corpora": corpora,
    }


def from_entry(entry: PlanFile) -> Plan:
    """The plan that a file describes."""
    corpora = {key: _planned(key, corpus) for key, corpus in entry["corpora"].items()}
    division = None
    if annotators := entry["annotators"]:
        from corpuscope.sampling.division import Division  # most plans have none, and their first frame waits

        division = Division(tuple(annotators), entry["overlap"] or 0)
    return Plan(entry["seed"], MappingProxyType(corpora), entry["scheme"], entry["second_looks"], division)


def _corpus_entry(planned: PlannedCorpus) -> CorpusEntry:
    corpus = planned.corpus
    return {
        "kind": corpus.kind,
        "path": corpus.path,
        "name": corpus.name,
        "split": corpus.split,
        "files": corpus.files,
        "text": [{"column": text.column, "title": text.title} for text in corpus.text],
        "tokens": corpus.tokens,
        "revision": planned.revision,
        "target": planned.target,
        "blind": planned.blind,
        "replanned": [list(change) for change in planned.replanned],
    }


def _planned(key: str, entry: CorpusEntry) -> PlannedCorpus:
    """What decides its draws is in the plan; its title and licence are looked up by its key."""
    known = KNOWN.get(key)
    kind, path, name = entry["kind"], entry["path"], entry["name"]
    base = known.corpus if known else Corpus(key, title_of(kind, path, name), kind, path)
    corpus = replace(
        base,
        kind=kind,
        path=path,
        name=name,
        split=entry["split"],
        files=entry["files"],
        text=tuple(TextColumn(text["column"], text["title"]) for text in entry["text"]),
        tokens=entry["tokens"],
    )
    replanned = tuple((target, labels) for target, labels in entry["replanned"])
    return PlannedCorpus(corpus, entry["target"], entry["blind"], entry["revision"], replanned)
