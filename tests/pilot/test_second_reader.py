"""A language model's answers in a running app: never before the label, quietly after it, and as a filter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from textual.pilot import Pilot

from corpuscope.annotate.answer_log import AnswerLog
from corpuscope.config.settings import Settings
from corpuscope.domain.answer import Answer
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.sampling.feed.open import draw_lookup
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.screens.labelling import LabellingScreen
from corpuscope.tui.screens.review import ReviewScreen
from corpuscope.tui.widgets.status_line import MessageBar
from on_screen import line
from study_fakes import SEED, LabelledStudy, a_labelled_study
from waiting import until


def answer(study: LabelledStudy, categories: Mapping[str, str], model: str = "bot") -> None:
    with AnswerLog(study.labels, model) as log:
        for document, category in categories.items():
            log.append(Answer("", "", "web", document, "", model, "", "p", "{}", "s", category))


def workspace(study: LabelledStudy, *, show_answers: bool = True) -> Workspace:
    return Workspace(study.paths, Settings(show_answers=show_answers), study.scheme, annotator="ann")


def screen_text(pilot: Pilot[None]) -> str:
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


async def labelled(study: LabelledStudy, expected: str, *, show_answers: bool = True) -> None:
    """Answer about the next two documents, then label the first as Educational and wait for `expected`."""
    draw = draw_lookup(study.plan.corpora["web"].corpus, seed=SEED, cache_folder=study.cache)
    documents = [document.id for k in (3, 4) if (document := draw(k))]
    answer(study, dict(zip(documents, ("Forum", "Educational"), strict=True)))
    place = workspace(study, show_answers=show_answers)
    asked = place.plan.request(["web"])
    with place.ledger.opened("ann"):
        app = CorpuscopeApp(place, asked)
        async with app.run_test(size=(120, 40)) as pilot:
            await until(
                pilot, lambda: isinstance(app.screen, LabellingScreen) and "words" in screen_text(pilot)
            )
            assert "bot" not in screen_text(pilot)
            await pilot.press("1")
            await until(pilot, lambda: expected in line(pilot, "last"))
            assert screen_text(pilot).count("bot") == expected.count("bot")


async def test_the_answer_is_shown_only_after_the_label(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, labels=3, documents=30, target=9)
    await labelled(study, "Educational · bot: Forum")


async def test_a_setting_keeps_the_answers_hidden(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, labels=3, documents=30, target=9)
    await labelled(study, "previous ● Educational · web", show_answers=False)


async def test_labels_on_which_a_model_disagrees_can_be_kept_in_the_review(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, labels=6, documents=30)
    decisions = list(LedgerReader(study.labels).read().by_draw())
    other = {"Educational": "Forum", "Forum": "Advertising", "Advertising": "Educational"}
    said = {decision.document_id: str(decision.category) for decision in decisions}
    first = decisions[0].document_id
    async with CorpuscopeApp(workspace(study), first=ReviewScreen).run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "6 of 6 labels" in line(pilot, "header"))
        await pilot.press("l")
        await until(
            pilot, lambda: "no model has answered yet" in str(pilot.app.screen.query_one(MessageBar).render())
        )
        answer(study, said | {first: other[said[first]]})
        answer(study, {key: other[category] for key, category in said.items()}, "worse")
        await pilot.press("l")
        await until(pilot, lambda: "1 of 6 labels" in line(pilot, "header"))
        assert "bot disagrees" in line(pilot, "header")
        await until(pilot, lambda: f"says {other[said[first]]}" in screen_text(pilot))
        await pilot.press("l")
        await until(pilot, lambda: "worse disagrees" in line(pilot, "header"))
        await pilot.press("l")
        await until(pilot, lambda: "disagrees" not in line(pilot, "header"))
