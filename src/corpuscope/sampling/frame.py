"""What is known of a corpus's files without the network: enough to judge where its draws fell."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from corpuscope.corpora.source import Manifest
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError
from corpuscope.sampling.feed.open import source_for


@dataclass(frozen=True, slots=True)
class Frame:
    """The files that draws fall into."""

    manifest: Manifest
    """All of them."""
    groups: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Rows of each row group, by shard, where every row can be drawn and the file's footer is at hand."""


def known_frame(
    corpus: Corpus, revision: str | None, cache_folder: Path, shards: Collection[str]
) -> Frame | None:
    """The files of `corpus` at `revision`, with the row groups of `shards`; None where the cache has no list.

    Raises CorpusError when local files are gone, or no longer those of that revision.
    """
    if corpus.kind == "hub":
        from corpuscope.corpora.hub_source import HubSource

        kept = HubSource(corpus, revision, cache_folder / "hub")
        manifest = kept.kept()
        return Frame(manifest, kept.kept_groups(shards)) if manifest else None
    manifest = source_for(corpus, revision, cache_folder).manifest()
    if revision not in {None, manifest.revision}:
        raise CorpusError(
            f"{corpus.path} is not what the plan was made for",
            "restore the files that were there, or use another labels folder",
        )
    return Frame(manifest)
