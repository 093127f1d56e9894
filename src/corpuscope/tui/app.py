"""The Textual app: it wires theme, keys and screens, and holds no logic."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from time import sleep
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.reactive import Reactive
from textual.screen import Screen
from textual.scrollbar import ScrollBar

from corpuscope import latency
from corpuscope.config.actions import (
    AGREEMENT,
    BROWSE,
    COMPARE,
    CORPORA,
    EVERYWHERE,
    LABELLING,
    MIXTURE,
    REVIEW,
    SUMMARY,
)
from corpuscope.config.keymap import Keymap
from corpuscope.config.settings import THEMES
from corpuscope.session.study_plan import ANY_CORPUS, StudyRequest
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import printable
from corpuscope.tui.bindings import bindings, keymap
from corpuscope.tui.gc_scheduler import GarbageScheduler
from corpuscope.tui.glyphs import PlainGlyphs
from corpuscope.tui.messages import LabellingWanted, ScreenWanted
from corpuscope.tui.screens.responsive import ResponsiveScreen
from corpuscope.tui.terminal_input import read_anything
from corpuscope.tui.themes import DARK, HIGH_CONTRAST, LIGHT, ON_DARK, ON_LIGHT
from corpuscope.tui.widgets.scroll_bar import LineScrollBar

ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""Signals that ask the process to end: of `kill` and a shutdown, of a closed terminal, of a keyboard."""
SIGNAL_CODE = 128
"""Added to the number of the signal in the exit code, as shells do."""
BASE = "base-"
"""Prefix of the names of modes; a number follows."""


class ScreenDoor(NamedTuple):
    """Where a screen is defined."""

    module: str
    """Name of the module in `corpuscope.tui.screens`."""
    screen: str
    """Name of the class. It is made with the workspace and the arguments of `ScreenWanted`."""
    is_base: bool = False
    """Whether it takes the place of the current screen instead of covering it."""


SCREENS = {
    LABELLING.name: ScreenDoor("labelling", "LabellingScreen", is_base=True),
    BROWSE.name: ScreenDoor("browse", "BrowseScreen", is_base=True),
    "Practice": ScreenDoor("practice", "PracticeScreen", is_base=True),
    CORPORA.name: ScreenDoor("corpora", "CorporaScreen", is_base=True),
    SUMMARY.name: ScreenDoor("summary", "SummaryScreen"),
    COMPARE.name: ScreenDoor("compare", "CompareScreen"),
    MIXTURE.name: ScreenDoor("mixture", "MixtureScreen"),
    REVIEW.name: ScreenDoor("review", "ReviewScreen"),
    AGREEMENT.name: ScreenDoor("agreement", "AgreementScreen"),
    "Adjudicate": ScreenDoor("adjudicate", "AdjudicateScreen"),
}
"""The screens by name. A module is loaded when its screen is first opened: the first frame shows only one."""

ScreenOpener = Callable[[Workspace], Screen[None]]
"""Makes a screen."""


def screen_opener(name: str, **arguments: object) -> ScreenOpener:
    """Return a function that makes the screen of SCREENS under `name`, with these arguments."""
    door = SCREENS[name]

    def open_screen(workspace: Workspace) -> Screen[None]:
        module = import_module(f"corpuscope.tui.screens.{door.module}")
        screen: Screen[None] = getattr(module, door.screen)(workspace, **arguments)
        return screen

    return open_screen


class CorpuscopeApp(App[None]):
    """Open on the list of corpora, on labelling when corpora are given, or on another screen."""

    TITLE = "corpuscope"
    ansi_theme_dark = Reactive(ON_DARK, init=False)
    ansi_theme_light = Reactive(ON_LIGHT, init=False)
    DEFAULT_MODE = f"{BASE}0"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(EVERYWHERE.actions)]

    def __init__(
        self,
        workspace: Workspace,
        study: StudyRequest = ANY_CORPUS,
        crash_note: Callable[[BaseException], str] = repr,
        first: ScreenOpener | None = None,
    ) -> None:
        """Build the app; nothing is read before the first frame.

        `study` names the corpora to label; its options hold for every corpus labelled in this run. `crash_note`
        records a crash where it can be read later and returns the message for the user.
        `first` makes the opening screen when that is neither the list of corpora nor labelling.
        """
        super().__init__()
        ScrollBar.renderer = LineScrollBar
        self._crash_note = crash_note
        self._workspace = workspace
        self._study = study
        home = screen_opener(CORPORA.name)
        self._first = first or (self._labelling(study) if study.corpora else home)
        self._collector = GarbageScheduler(self, workspace.clock)
        self._bases = 0
        self._plain_glyphs = PlainGlyphs() if workspace.settings.plain_glyphs() else None
        for theme in (DARK, LIGHT, HIGH_CONTRAST):
            self.register_theme(theme)
        self.theme = THEMES[workspace.settings.theme]
        if workspace.settings.keys != Keymap():
            # Textual searches the whole keymap for every key, so a default one is not set
            self.set_keymap(keymap(workspace.settings.keys))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the colours of frames and grids for themes of Textual; with 16 colours, a grid would be too loud."""
        if self.current_theme.ansi:
            return {"frame": "ansi_bright_black", "grid": "ansi_black"}
        return {"frame": "#7a7a7a", "grid": "#7a7a7a 50%"}

    def get_driver_class(self) -> type[Driver]:
        """Return Textual's driver of this platform, which then reads pastes and bytes of all kinds."""
        driver = super().get_driver_class()
        read_anything(driver)
        return driver

    def on_mount(self) -> None:
        """Add the first mode, and collect garbage only in idle moments from the first frame on."""
        self._leave_on_signals()
        # the shell that `fg` was typed in has cleared the screen, and Textual paints only what changed
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        # not a class attribute: Textual styles a mode declared there a second time before the first frame
        self.add_mode(self.DEFAULT_MODE, self.get_default_screen)
        if latency.SCHEDULES_GARBAGE:
            self.call_after_refresh(self._collector.start)

    def _leave_on_signals(self) -> None:
        """Leave as by a key on a signal that would end the process and leave the terminal in disorder."""
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for number in ENDING_SIGNALS:
            loop.add_signal_handler(number, partial(self.exit, return_code=SIGNAL_CODE + number))

    def post_display_hook(self) -> None:
        """Yield to Textual's writer thread, so that the frame is sent before anything else runs."""
        if latency.FRAME_YIELD:
            sleep(latency.FRAME_YIELD)
        self._collector.frame_painted()

    def get_default_screen(self) -> Screen[None]:
        """Return the opening screen: `first`, else labelling when corpora are given, else the list of corpora.

        It is the lowest screen of the stack. A blank screen below it would be styled and laid out before the
        first frame.
        """
        return self._first(self._workspace)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters, and that for plain glyphs when the settings ask for them."""
        filters = super().get_line_filters()
        return [*filters, self._plain_glyphs] if self._plain_glyphs else filters

    def on_imports_finished(self) -> None:
        """Exempt the modules that a session loaded from garbage collection."""
        self._collector.freeze()

    def on_unmount(self) -> None:
        """Turn automatic garbage collection on again, and end what is drawn in the background."""
        self._collector.stop()
        self._workspace.stop_drawing()

    def _fatal_error(self) -> None:
        """End the app after an unexpected exception.

        Textual offers no public way to replace its report. That report prints every local variable of the
        traceback, and with them web text, raw, to the terminal.
        """
        exception = sys.exc_info()[1]
        note = self._crash_note(exception) if exception else "corpuscope crashed"
        self.panic(Text("\n".join(printable(line) for line in note.splitlines())))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield Textual's own commands and every action of the screen for the command palette."""
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
        """Replace the current screen by one that labels these corpora."""
        self._replace(self._labelling(self._study._replace(corpora=message.corpora)))

    def on_screen_wanted(self, message: ScreenWanted) -> None:
        """Open a screen over the current one, or in its place."""
        opener = screen_opener(message.name, **message.arguments)
        if SCREENS[message.name].is_base:
            self._replace(opener)
        else:
            self.push_screen(opener(self._workspace))

    def _replace(self, opener: ScreenOpener) -> None:
        """Replace the current screen by another one, as the lowest screen of a new mode."""
        old_mode = self.current_mode
        self._bases += 1
        new_mode = f"{BASE}{self._bases}"
        self.add_mode(new_mode, partial(opener, self._workspace))
        self.switch_mode(new_mode)
        self.remove_mode(old_mode)

    def _labelling(self, study: StudyRequest) -> ScreenOpener:
        from corpuscope.session.factories import Labelling

        return screen_opener(LABELLING.name, factory=Labelling(self._workspace, study))

    def action_help(self) -> None:
        """Show every key, those of the present screen first."""
        from corpuscope.tui.screens.help import HelpScreen

        group = self.screen.key_group if isinstance(self.screen, ResponsiveScreen) else LABELLING
        self.push_screen(HelpScreen(self._workspace.settings.keys, self._workspace.scheme, group))

    def action_leave(self) -> None:
        """Leave the app; every label is already on disk."""
        self.exit()
