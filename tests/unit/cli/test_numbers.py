"""Tests of the whole program where a number could mislead: splits, skips, censuses, tiny counts, spent plans."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from corpuscope.cli import main
from corpuscope.config.category_file import load_scheme
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.label import EventKind
from corpuscope.sampling.plan_file import open_plan, save_plan
from ledger_fakes import Scribe
from makers import a_document

SCHEME = load_scheme(None)
SKIP = None


def write_study(
    labels: Path,
    corpora: Mapping[str, Sequence[str | None]],
    *,
    planned: int | None = None,
    documents: int | None = None,
    tokens: Sequence[int | None] = (),
) -> None:
    """Write blind labels, one per draw, with a plan; None is a skip.

    `planned` is by default as many as there are labels, `documents` the size of every corpus.
    """
    plan = open_plan(labels / "plan.json", seed=7)
    for key, categories in corpora.items():
        corpus = Corpus(key, key, "local", f"{key}.jsonl")
        plan = plan.with_corpus(corpus, target=planned or len(categories)).with_revision(key, "r", documents)
    save_plan(plan, labels / "plan.json")
    with Scribe(labels) as scribe:
        for draw in range(max(map(len, corpora.values()))):
            for key, categories in corpora.items():
                if draw < len(categories):
                    size = tokens[draw] if tokens else None
                    document = replace(a_document(draw, corpus=key, tokens=size), probability=1e-9)
                    if (category := categories[draw]) is SKIP:
                        scribe.write(EventKind.SKIP, document, blind=True)
                    else:
                        fields = {"scheme": SCHEME.hash, "reading_ms": 9_000}
                        scribe.label(document, category, blind=True, **fields)  # type: ignore[arg-type]


def run(*arguments: str, labels: Path) -> str:
    result = CliRunner().invoke(main, [*arguments, "--labels", str(labels)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def as_json(*arguments: str, labels: Path) -> Any:  # noqa: ANN401 - what a test picks from
    return json.loads(run(*arguments, "--format", "json", labels=labels))


def as_csv(*arguments: str, labels: Path) -> list[dict[str, str]]:
    result = CliRunner().invoke(main, [*arguments, "--format", "csv", "--labels", str(labels)])
    return list(csv.DictReader(io.StringIO(result.stdout)))


def share(corpus: Mapping[str, Any], category: str) -> Mapping[str, Any]:
    return next(entry for entry in corpus["shares"] if entry["category"] == category)


def test_labels_of_a_category_that_was_split_up_leave_bounds_and_no_comparison(tmp_path: Path) -> None:
    mix = ["Advertising"] * 72 + ["Forum"] * 60 + ["News"] * 68
    write_study(tmp_path, {"web": mix, "other": mix})
    text = Path("src/corpuscope/config/categories.yaml").read_text("utf-8")
    split = tmp_path / "categories.yaml"
    split.write_text(
        text.replace("name: Advertising", "name: Promotion") + "\nsplit: [Advertising]\n", "utf-8"
    )
    option = ("--categories", str(split))
    printed = run("summary", "web", *option, labels=tmp_path)
    assert "72 of 200 labelled documents of web await a new reading" in printed
    assert "Promotion 0 0.0 to 36.0 % " in printed
    assert "Forum 60 30.0 to 66.0 % " in printed
    (web, _) = as_json("summary", *option, labels=tmp_path)["corpora"]
    assert (web["pending"], share(web, "Forum")["share"], share(web, "Forum")["bounds"]) == (
        72,
        None,
        [0.3, 0.66],
    )
    assert share(web, "Forum")["low"] < 0.3 and share(web, "Forum")["high"] > 0.66
    assert as_csv("summary", *option, labels=tmp_path)[2]["share"] == "30.0 to 66.0 %"
    compared = CliRunner().invoke(main, ["compare", *option, "--labels", str(tmp_path)])
    assert "72 labels of web await a new reading" in compared.output
    assert compared.exit_code != 0
    mixed = run("mix", "web=50", "other=50", *option, labels=tmp_path)
    assert "labels that await a new reading can be bounded in documents only" in mixed
    exported = CliRunner().invoke(main, ["export", *option, "--labels", str(tmp_path)])
    assert "144 labels of a category that was split up await a new reading; left out" in exported.stderr
    page = tmp_path / "report.md"
    run("report", str(page), *option, labels=tmp_path)
    assert "0.0 to 36.0 %" in page.read_text("utf-8")
    assert "await a new reading" in page.read_text("utf-8")


def test_skips_state_the_estimand_the_rate_and_the_worst_case(tmp_path: Path) -> None:
    mix = ["Advertising"] * 72 + ["Forum"] * 123 + [SKIP] * 65
    write_study(tmp_path, {"web": mix})
    printed = run("summary", labels=tmp_path)
    assert "65 of 260 documents of web were skipped (25.0 %)" in printed
    assert "of the documents that were not skipped" in printed
    assert "Advertising 72 36.9 % 30.5 to 43.9 % 27.7 to 52.7 % 2" in printed
    (web,) = as_json("summary", labels=tmp_path)["corpora"]
    assert share(web, "Advertising")["bounds"] == [72 / 260, 137 / 260]
    assert as_csv("summary", labels=tmp_path)[1]["bounds"] == "27.7 to 52.7 %"


def test_skips_of_several_corpora_are_one_sentence_of_each_pair_and_one_of_a_report(tmp_path: Path) -> None:
    mix = ["Forum"] * 30 + ["News"] * 30 + [SKIP] * 6
    write_study(tmp_path, {"one": mix, "two": mix, "three": mix})
    assert run("compare", labels=tmp_path).count("were skipped") == 3
    page = tmp_path / "report.md"
    run("report", str(page), labels=tmp_path)
    care, numbers = page.read_text("utf-8").split("## The numbers")
    assert care.count("were skipped") == 1
    assert "6 of 66 documents of one (9.1 %), 6 of 66 of two (9.1 %) and 6 of 66 of three (9.1 %)" in care
    assert numbers.count("were skipped") == 6


def test_a_few_skips_are_stated_without_bounds(tmp_path: Path) -> None:
    write_study(tmp_path, {"web": ["Forum"] * 99 + ["News"] * 99 + [SKIP]})
    printed = run("summary", labels=tmp_path)
    assert "of the documents not skipped (1 skipped)" in printed
    assert "bounds" not in printed


def test_a_corpus_read_whole_is_a_result_and_not_a_sample(tmp_path: Path) -> None:
    mix = ["Educational"] * 9 + ["Forum"] * 35
    write_study(tmp_path, {"web": mix, "other": mix[::-1]}, planned=200, documents=44)
    printed = run("summary", "--to", "5", labels=tmp_path)
    assert "Educational 9 20.5 % exact 2" in printed
    assert "every document was read (44): shares are exact" in printed
    assert "no label can be added" in printed
    assert "more label" not in printed
    assert "provisional" not in run("compare", labels=tmp_path)
    assert "have the same mix: every document of both was read." in run("compare", labels=tmp_path)
    (web, _) = as_json("summary", labels=tmp_path)["corpora"]
    assert (web["census"], web["population"], web["complete"]) == (True, 44, True)


def test_half_of_a_corpus_needs_at_most_the_other_half(tmp_path: Path) -> None:
    write_study(tmp_path, {"web": ["Forum"] * 11 + ["News"] * 11}, documents=44)
    printed = run("summary", "--to", "1", labels=tmp_path)
    assert "hypergeometric mid-p, N = 44" in printed
    assert "to ±1 pp: 22 more, all 44 documents" in printed


def test_a_few_documents_decide_no_verdict(tmp_path: Path) -> None:
    write_study(tmp_path, {"small": ["Nonsensical"] + ["Forum"] * 39, "large": ["Forum"] * 400})
    printed = run("compare", labels=tmp_path)
    assert "none of 7 differences is established" in printed
    (pair,) = as_json("compare", labels=tmp_path)["comparisons"]
    verdicts = {row["category"]: row["verdict"] for row in pair["differences"]}
    assert verdicts["Nonsensical"] == "not established"
    p_values = {row["category"]: row["p"] for row in pair["differences"]}
    assert p_values["Nonsensical"] == pytest.approx(0.04545, abs=5e-6)


def test_a_plan_that_was_passed_decides_by_the_planned_labels(tmp_path: Path) -> None:
    first = (["Forum"] * 50 + ["News"] * 50) * 2
    write_study(
        tmp_path,
        {"web": first + ["News"] * 60, "other": first + ["Forum"] * 60},
        planned=200,
    )
    printed = run("compare", labels=tmp_path)
    assert (
        "verdicts decided by the first 200 of web (60 beyond the plan) and the first 200 of other" in printed
    )
    assert "none of 7 differences is established" in printed
    assert (
        "the interval leaves 0 out, but the difference is not established (decided by the planned" in printed
    )
    assert "60 beyond the 200 planned" in run("summary", labels=tmp_path)
    (pair,) = as_json("compare", labels=tmp_path)["comparisons"]
    assert (pair["decided_by"], pair["n"]) == ([200, 200], [260, 260])


def test_one_document_with_most_of_the_tokens_is_warned_of(tmp_path: Path) -> None:
    mix = ["Forum"] * 30 + ["News"] * 30
    write_study(tmp_path, {"web": mix}, tokens=[100] * 59 + [1_000])
    printed = run("summary", "--by", "tokens", labels=tmp_path)
    assert "One document holds 14.5 % of all tokens of web" in printed
    assert "longest document 14.5 % of all tokens" in printed
    (web,) = as_json("summary", "--by", "tokens", labels=tmp_path)["corpora"]
    assert web["longest_document_share"] == pytest.approx(1_000 / 6_900)


def test_documents_are_weighed_by_characters_on_request(tmp_path: Path) -> None:
    write_study(tmp_path, {"web": ["Forum"] * 12 + ["News"] * 12})
    assert "shares of characters" in run("summary", "--by", "characters", labels=tmp_path)


def test_the_former_name_of_an_interval_is_accepted_with_a_note(tmp_path: Path) -> None:
    write_study(tmp_path, {"web": ["Forum"] * 12 + ["News"] * 12})
    arguments = ["summary", "--interval", "goodman", "--labels", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert "--interval goodman is now simultaneous" in result.stderr
    assert "all categories at once" in result.stdout


def test_a_single_label_is_not_one_hundred_percent(tmp_path: Path) -> None:
    write_study(tmp_path, {"web": ["Forum"]})
    printed = run("summary", labels=tmp_path)
    assert "100.0 %" not in printed
    assert "Forum 1 all at least 20.7 %" in printed


def test_a_corpus_read_whole_with_skips_is_a_census_of_the_others_also_in_order(tmp_path: Path) -> None:
    write_study(tmp_path, {"web": ["Forum"] * 30 + ["News"] * 10 + [SKIP] * 4}, documents=44)
    plan = open_plan(tmp_path / "plan.json", seed=7)
    web = plan.corpora["web"]
    in_order = replace(web, corpus=replace(web.corpus, in_order=True))
    save_plan(replace(plan, corpora={"web": in_order}), tmp_path / "plan.json")
    printed = run("summary", labels=tmp_path)
    assert "every document was read (44): shares are exact" in printed
    assert "of the documents not skipped (4 skipped)" in printed
    assert "no random sample" not in printed


def test_a_corpus_of_which_everything_was_skipped_so_far_is_no_census_and_has_no_readers_to_compare(
    tmp_path: Path,
) -> None:
    write_study(tmp_path, {"web": ["News"] * 5, "other": [SKIP] * 5}, documents=50)
    (_, other) = as_json("summary", labels=tmp_path)["corpora"]
    assert (other["n"], other["skips"], other["census"]) == (0, 5, False)
    assert "every document was read" not in run("summary", labels=tmp_path)
    compared = run("compare", labels=tmp_path)
    assert "Nothing to compare yet: no labels of other." in compared
    assert "different people" not in compared
    tokens = CliRunner().invoke(main, ["summary", "--by", "tokens", "--labels", str(tmp_path)])
    assert "other has no labels, so there are no tokens to count" in tokens.output


def test_the_longest_document_of_a_census_is_no_reason_for_distrust(tmp_path: Path) -> None:
    write_study(tmp_path, {"web": ["Forum"] * 4}, documents=4, tokens=(9, 1, 1, 1))
    printed = run("summary", "--by", "tokens", labels=tmp_path)
    assert "longest document 75.0 % of all tokens" in printed
    assert "not to be trusted" not in printed


def test_a_corpus_that_counts_the_tokens_of_some_documents_is_refused_with_their_number(
    tmp_path: Path,
) -> None:
    write_study(tmp_path, {"web": ["Forum"] * 4}, tokens=(9, None, 1, 1))
    refused = CliRunner().invoke(main, ["summary", "--by", "tokens", "--labels", str(tmp_path)])
    assert "1 of 4 labelled documents of web has no token count" in refused.output
