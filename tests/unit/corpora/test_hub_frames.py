"""Tests of what becomes the sampling frame of a Hub dataset: its config, split and files, and what is left out."""

from __future__ import annotations

import gzip
import io
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from corpuscope.corpora import hub_datasets
from corpuscope.corpora.hub_parquet import RowGroups
from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError
from hub.server import StandIn

LINE = b'{"text": "t"}\n'


def publish(hub: StandIn, name: str, files: dict[str, bytes], card: str = "") -> Corpus:
    for path, content in (files | ({"README.md": card.encode()} if card else {})).items():
        file = hub.root / "tester" / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return Corpus(name, name, "hub", f"tester/{name}")


def names(corpus: Corpus, cache: Path) -> list[str]:
    return [shard.name for shard in HubSource(corpus, None, cache).manifest().shards]


def refusal(corpus: Corpus, cache: Path) -> CorpusError:
    with pytest.raises(CorpusError) as caught:
        HubSource(corpus, None, cache).manifest()
    assert corpus.path in caught.value.message
    return caught.value


def card(*configs: str) -> str:
    entries = "".join(f"- config_name: {name}\n  data_files: {name}/*\n" for name in configs)
    return f"---\nconfigs:\n{entries}---\n# A card\n"


def test_files_of_every_compression_are_one_frame(hub: StandIn, tmp_path: Path) -> None:
    files = {f"{number:02}.jsonl.zstd": zstandard.compress(LINE) for number in range(20)}
    corpus = publish(hub, "zstd", files | {"a.jsonl.zst": zstandard.compress(LINE), "b.jsonl": LINE})
    manifest = HubSource(corpus, None, tmp_path).manifest()
    assert (len(manifest.shards), manifest.left_out) == (22, "")


def test_what_is_left_out_is_said_with_its_share_of_the_bytes(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "avro", {"a.jsonl": LINE, "b.avro": LINE * 2, "c.avro": LINE * 5})
    manifest = HubSource(corpus, None, tmp_path).manifest()
    assert manifest.left_out == "Left out: 2 files of another kind (.avro) with 87.5 % of the bytes."
    assert manifest.uniform.endswith(manifest.left_out)
    assert manifest.left_out in manifest.notes
    cached = HubSource(corpus, manifest.revision, tmp_path).cached_manifest()
    assert cached is not None
    assert cached.left_out == manifest.left_out


def test_the_kind_with_the_most_bytes_is_the_corpus(hub: StandIn, tmp_path: Path) -> None:
    notices = {f"notice-{number}.txt": b"n" for number in range(5)}
    corpus = publish(hub, "notices", {"a.jsonl": LINE, **notices})
    assert names(corpus, tmp_path) == ["a.jsonl"]


def test_a_plan_of_the_first_frame_draws_from_the_files_it_knew(hub: StandIn, tmp_path: Path) -> None:
    files = {"a.jsonl.gz": gzip.compress(LINE), "b.jsonl.zstd": zstandard.compress(LINE)}
    corpus = publish(hub, "first", files)
    assert names(corpus, tmp_path) == list(files)
    assert names(replace(corpus, frame=1), tmp_path) == ["a.jsonl.gz"]


def test_a_plan_of_the_second_frame_draws_from_the_heads_of_small_files(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "heads", {"a.jsonl": LINE * 70})
    manifest = HubSource(replace(corpus, frame=2), None, tmp_path).manifest()
    assert (manifest.prefix_rows, manifest.shards[0].rows) == (48, None)
    assert HubSource(corpus, None, tmp_path).manifest().shards[0].rows == 70


def test_files_come_pattern_by_pattern_sorted_and_none_twice(hub: StandIn, tmp_path: Path) -> None:
    files = {f"{folder}/{name}.jsonl": LINE for folder in ("a", "b") for name in ("2", "10", "1")}
    text = "---\nconfigs:\n- config_name: c\n  data_files: [b/1*, a/*, b/*]\n---\n"
    corpus = publish(hub, "order", files, text)
    assert names(corpus, tmp_path) == [
        "b/1.jsonl",
        "b/10.jsonl",
        "a/1.jsonl",
        "a/10.jsonl",
        "a/2.jsonl",
        "b/2.jsonl",
    ]


def test_several_configs_are_offered_with_their_number(hub: StandIn, tmp_path: Path) -> None:
    configs = [f"lang-{number:02}" for number in range(30)]
    corpus = publish(hub, "configs", {f"{name}/a.jsonl": LINE for name in configs}, card(*configs))
    fault = refusal(corpus, tmp_path)
    assert "30 configs and no default among them" in fault.message
    assert fault.hint == f"choose a config with --name: {', '.join(configs[:10])} and 20 more"
    typo = refusal(replace(corpus, name="lang07"), tmp_path)
    assert typo.hint.startswith("did you mean lang-07? choose a config with --name: lang-07, ")
    assert names(replace(corpus, name="lang-07"), tmp_path) == ["lang-07/a.jsonl"]


def test_a_missing_split_offers_those_that_exist(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "splits", {"test.jsonl": LINE, "validation.jsonl": LINE})
    assert "choose a split with --split: validation, test" in refusal(corpus, tmp_path).hint
    assert names(replace(corpus, split="test"), tmp_path) == ["test.jsonl"]


def test_norwegian_is_a_config_and_not_false(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "norwegian", {"no/a.jsonl": LINE, "en/a.jsonl": LINE}, card("en", "no"))
    assert names(replace(corpus, name="no"), tmp_path) == ["no/a.jsonl"]


def test_a_damaged_card_is_named_with_the_way_around_it(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "card", {"a.jsonl": LINE}, "---\nconfigs: [\n---\n")
    fault = refusal(corpus, tmp_path)
    assert "not valid YAML" in fault.message
    assert "--data-files" in fault.hint
    assert names(replace(corpus, files="*.jsonl"), tmp_path) == ["a.jsonl"]


def test_a_dataset_script_is_not_run_and_its_files_can_be_chosen(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "script", {"script.py": b"raise SystemExit", "data/a.jsonl": LINE})
    fault = refusal(corpus, tmp_path)
    assert "script.py, which is not run here" in fault.message
    assert "--data-files" in fault.hint
    assert names(replace(corpus, files="data/*"), tmp_path) == ["data/a.jsonl"]


def test_an_array_among_json_lines_is_read_whole_or_named_when_it_is_drawn(
    hub: StandIn, tmp_path: Path
) -> None:
    corpus = publish(hub, "array", {"a.json": b'[{"text": "t"}, {"text": "u"}]', "b.json": LINE * 9})
    assert [shard.rows for shard in HubSource(corpus, None, tmp_path).manifest().shards] == [2, 9]
    corpus = replace(corpus, frame=2)
    with pytest.raises(CorpusError, match=r"a\.json .* JSON array, unlike the largest file"):
        HubSource(corpus, None, tmp_path).rows(0)


def test_an_empty_dataset_is_named(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "empty", {"README.md": b"# Nothing"})
    assert "has no data files" in refusal(corpus, tmp_path).message


def test_a_dataset_without_rows_is_named(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "rowless", {"train.parquet": parquet([], 1)})
    assert refusal(corpus, tmp_path).message == f"dataset {corpus.path} holds no documents"


def parquet(texts: list[str], rows_in_group: int) -> bytes:
    file = io.BytesIO()
    pq.write_table(
        pa.table({"text": texts}),
        file,
        row_group_size=rows_in_group,
        compression="none",
        data_page_size=256 << 10,
        write_batch_size=8,
    )
    return file.getvalue()


def test_row_groups_are_judged_by_the_footers_of_all_files(hub: StandIn, tmp_path: Path) -> None:
    page = "x" * 40_000
    many = parquet([f"{number} {page}" for number in range(500)], 100)
    coarse = parquet([f"{number} {page}" for number in range(450)], 450)
    corpus = publish(hub, "coarse", {"a.parquet": many, "b.parquet": coarse})
    assert len(coarse) < len(many)
    source = HubSource(corpus, None, tmp_path)
    assert source.manifest().prefix_rows == 256
    assert HubSource(replace(corpus, frame=1), None, tmp_path).manifest().prefix_rows is None
    hub.reset()
    assert source.fetch(1, 3).text[0][1].startswith("3 x")
    assert hub.sent < 6_000_000


def test_a_document_of_a_coarse_row_group_needs_only_the_rows_before_it(hub: StandIn, tmp_path: Path) -> None:
    coarse = parquet([f"{number} {'x' * 40_000}" for number in range(900)], 450)
    corpus = publish(hub, "unlike", {"a.parquet": coarse})
    reader = RowGroups(corpus, hub.commit(corpus.path), tmp_path)
    hub.reset()
    assert str(reader.read(Shard("a.parquet", len(coarse)), 452)["text"]).startswith("452 x")
    assert hub.sent < 6_000_000


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("datasets.data_files", "DataFilesDict"),
        ("datasets.data_files", "DataFilesList"),
        ("datasets.data_files", "get_data_patterns"),
        ("datasets.data_files", "resolve_pattern"),
        ("datasets.data_files", "sanitize_patterns"),
    ],
)
def test_datasets_still_has_the_names_that_it_does_not_document(module: str, name: str) -> None:
    hub_datasets._imported()
    imported = __import__(module, fromlist=[name])
    assert hasattr(imported, name), (
        f"this version of datasets has no {module}.{name}: hub_datasets has to change"
    )
