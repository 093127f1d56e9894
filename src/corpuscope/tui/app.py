"""The app: theme, keys and screens, and no logic."""

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from time import sleep
from typing import ClassVar

from rich.text import Text
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.reactive import Reactive
from textual.screen import Screen

from corpuscope.config.actions import EVERYWHERE
from corpuscope.config.keymap import Keymap
from corpuscope.config.settings import THEMES
from corpuscope.domain.corpus import Corpus
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import printable
from corpuscope.tui.bindings import bindings, keymap
from corpuscope.tui.gc_scheduler import GarbageScheduler
from corpuscope.tui.messages import AdjudicationWanted, LabellingWanted, ReviewWanted
from corpuscope.tui.themes import HIGH_CONTRAST, LIGHT, ON_DARK, ON_LIGHT

BASE = "base-"
"""What the names of modes begin with; a number follows."""
GIVE_WAY = 0.0002
"""Seconds in which a thread that waits for the interpreter wakes up; nobody types faster."""


class CorpuscopeApp(App[None]):
    """Opens on the corpora, on labelling when corpora are given, or on another screen."""

    TITLE = "corpuscope"
    ansi_theme_dark = Reactive(ON_DARK, init=False)
    ansi_theme_light = Reactive(ON_LIGHT, init=False)
    DEFAULT_MODE = f"{BASE}0"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(EVERYWHERE)]

    def __init__(
        self,
        workspace: Workspace,
        corpora: Sequence[Corpus] = (),
        crash_note: Callable[[BaseException], str] = repr,
        first: Callable[[Workspace], Screen[None]] | None = None,
    ) -> None:
        """`crash_note` keeps a crash where it can be read later and says what a person has to know of it.

        `first` makes the screen to open on, where that is neither the corpora nor labelling.
        """
        super().__init__()
        self._crash_note = crash_note
        self._workspace = workspace
        self._corpora = tuple(corpora)
        self._first = first
        self._collector = GarbageScheduler(self, workspace.clock)
        self._bases = 0
        for theme in (LIGHT, HIGH_CONTRAST):
            self.register_theme(theme)
        self.theme = THEMES[workspace.settings.theme]
        if workspace.settings.keys != Keymap():
            # Textual goes through a keymap anew for every key
            self.set_keymap(keymap(workspace.settings.keys))

    def on_mount(self) -> None:
        """From the first frame on, garbage is collected only in idle moments."""
        # known only now: a mode that is known at the start is styled a second time before the first frame
        self.add_mode(self.DEFAULT_MODE, self.get_default_screen)
        self.call_after_refresh(self._collector.start)

    def post_display_hook(self) -> None:
        """Lets Textual's writer thread have the interpreter: a frame is on its way before anything else is done."""
        sleep(GIVE_WAY)
        self._collector.frame_painted()

    def get_default_screen(self) -> Screen[None]:
        """The one that was asked for, labelling when corpora are given, else the list of them.

        The lowest screen itself: no blank one is made, styled and laid out below it before the first frame.
        """
        if self._first:
            return self._first(self._workspace)
        return self._labelling(self._corpora) if self._corpora else self._home()

    def on_imports_finished(self) -> None:
        """What a sitting loaded stays for good."""
        self._collector.freeze()

    def on_unmount(self) -> None:
        """Gives the garbage collector back."""
        self._collector.stop()

    def _fatal_error(self) -> None:
        """Ends the app after a fault of its own.

        Textual offers no public way to replace its report, which prints every local variable of the
        traceback: web text, raw, to the terminal.
        """
        fault = sys.exc_info()[1]
        note = self._crash_note(fault) if fault else "corpuscope crashed"
        self.panic(Text("\n".join(printable(line) for line in note.splitlines())))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The command palette: Textual's own commands and every action of the screen."""
        yield from super().get_system_commands(screen)
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.tooltip and active.node in (screen, self):
                yield SystemCommand(
                    binding.description.capitalize(),
                    binding.tooltip,
                    self._runner(active.node, binding.action),
                )

    def _runner(self, node: object, action: str) -> Callable[[], None]:
        prefix = "app" if node is self else "screen"

        def run() -> None:
            self.call_later(self.run_action, f"{prefix}.{action}")

        return run

    def on_labelling_wanted(self, message: LabellingWanted) -> None:
        """Opens the labelling screen in place of the present one."""
        self._replace(partial(self._labelling, message.corpora))

    def on_home_wanted(self) -> None:
        """Opens the corpora in place of the present screen."""
        self._replace(self._home)

    def on_summary_wanted(self) -> None:
        """Opens the summary over the present screen."""
        from corpuscope.tui.screens.summary import SummaryScreen

        self.push_screen(SummaryScreen(self._workspace))

    def on_comparison_wanted(self) -> None:
        """Opens the comparison over the present screen."""
        from corpuscope.tui.screens.compare import CompareScreen

        self.push_screen(CompareScreen(self._workspace))

    def on_review_wanted(self, message: ReviewWanted) -> None:
        """Opens the labels over the present screen."""
        from corpuscope.tui.screens.review import ReviewScreen

        self.push_screen(ReviewScreen(self._workspace, message.documents, message.title))

    def on_agreement_wanted(self) -> None:
        """Opens the agreement over the present screen."""
        from corpuscope.tui.screens.agreement import AgreementScreen

        self.push_screen(AgreementScreen(self._workspace))

    def on_adjudication_wanted(self, message: AdjudicationWanted) -> None:
        """Opens the disagreements over the present screen."""
        from corpuscope.tui.screens.adjudicate import AdjudicateScreen

        self.push_screen(AdjudicateScreen(self._workspace, message.corpora))

    def _replace(self, screen: Callable[[], Screen[None]]) -> None:
        """Another screen in place of the present one, as the lowest of a mode of its own."""
        before = self.current_mode
        self._bases += 1
        after = f"{BASE}{self._bases}"
        self.add_mode(after, screen)
        self.switch_mode(after)
        self.remove_mode(before)

    def _home(self) -> Screen[None]:
        from corpuscope.tui.screens.corpora import CorporaScreen  # one of two is not seen in the first frame

        return CorporaScreen(self._workspace)

    def _labelling(self, corpora: Sequence[Corpus]) -> Screen[None]:
        from corpuscope.tui.screens.labelling import LabellingScreen

        return LabellingScreen(self._workspace, corpora)

    def action_help(self) -> None:
        """Shows every key."""
        from corpuscope.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self._workspace.settings.keys, self._workspace.scheme))

    def action_leave(self) -> None:
        """Leaves; every label is on disk already."""
        self.exit()
