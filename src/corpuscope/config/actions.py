"""The table of key actions, read by the footer, help, the README and the keymap."""

from __future__ import annotations

from typing import NamedTuple


class Action(NamedTuple):
    """An action that a key runs."""

    id: str
    """Name in the config file, `group.verb`."""
    keys: tuple[str, ...]
    """Default keys by Textual's names; the first one is displayed."""
    description: str
    """One or two words for the footer."""
    tooltip: str
    """One sentence for help and the README."""
    command: str
    """The Textual action it runs."""
    footer: bool = True
    """Whether the footer of its screen shows it."""
    rank: int = 9
    """A narrow footer drops the actions of the highest rank first."""
    yields: bool = False
    """Whether a category may have its key; the action has none then."""


class KeyGroup(NamedTuple):
    """The actions of one screen, of the document pane, or of all screens."""

    name: str
    """Name of the screen, and the heading in help."""
    actions: tuple[Action, ...]
    """Its actions, in the order in which help lists them."""
    scrolls: bool = False
    """Whether the keys of READING work on the screen as well."""
    beside_document: bool = False
    """Whether category keys work on the screen as well."""


LABELLING = KeyGroup(
    "Labelling",
    (
        Action(
            "label.skip", ("s",), "skip", "Skip this document; it is left out of the shares.", "skip", rank=4
        ),
        Action("label.undo", ("u",), "undo", "Undo the last decision (repeatable).", "undo", rank=3),
        Action(
            "label.bookmark",
            ("b",),
            "bookmark",
            "Toggle a bookmark.",
            "bookmark",
            rank=4,
        ),
        Action("label.note", ("n",), "note", "Add a note to this document.", "note", rank=4),
        Action(
            "label.unsure",
            ("tilde",),
            "unsure",
            "Mark the label just given as unsure, or as sure again.",
            "unsure",
            False,
            yields=True,
        ),
        Action(
            "document.url",
            ("o",),
            "url",
            "Open the address of a labelled document in the browser.",
            "url",
            False,
            yields=True,
        ),
        Action(
            "document.copy",
            ("y",),
            "copy",
            "Copy the address of a labelled document.",
            "copy",
            False,
            yields=True,
        ),
        Action(
            "history.back",
            ("left",),
            "back",
            "Go back to earlier documents; a category key changes their label.",
            "back",
            False,
            rank=4,
        ),
        Action(
            "history.forward",
            ("right",),
            "forward",
            "Go forward again, up to the document to label.",
            "forward",
            False,
            rank=4,
        ),
        Action(
            "history.current",
            ("escape",),
            "current",
            "Close the panel, or return to the current document.",
            "current",
            False,
            rank=3,
        ),
        Action("view.find", ("slash",), "find", "Find text in this document.", "find", rank=4),
        Action("view.find_next", ("full_stop",), "next match", "Go to the next match.", "find_next", False),
        Action(
            "view.find_previous",
            ("comma",),
            "previous match",
            "Go to the previous match.",
            "find_previous",
            False,
        ),
        Action(
            "view.guide",
            ("g",),
            "guide",
            "Show the category guide (again: next page, then close).",
            "guide",
            rank=5,
        ),
        Action(
            "view.categories",
            ("right_square_bracket",),
            "categories",
            "Scroll a list of categories that is too long for the screen (again: next part, then the first).",
            "more_categories",
            False,
        ),
        Action(
            "view.exact",
            ("v",),
            "exact",
            "Show spaces, line ends and the code points of invisible characters.",
            "exact",
            rank=10,
        ),
        Action("nav.summary", ("tab",), "summary", "Show counts, shares and intervals.", "summary", rank=6),
        Action("nav.home", ("h",), "corpora", "Go to the list of corpora.", "home", False),
    ),
    scrolls=True,
    beside_document=True,
)
"""Keys of the labelling screen."""

READING = KeyGroup(
    "Reading",
    (
        Action("document.down", ("down", "j"), "down", "Scroll one line down.", "scroll_down", False),
        Action("document.up", ("up", "k"), "up", "Scroll one line up.", "scroll_up", False),
        Action(
            "document.page_down",
            ("space", "pagedown"),
            "page down",
            "Scroll one page down.",
            "page_down",
            False,
        ),
        Action(
            "document.page_up", ("shift+space", "pageup"), "page up", "Scroll one page up.", "page_up", False
        ),
        Action(
            "document.start", ("home",), "start", "Jump to the start of the document.", "scroll_home", False
        ),
        Action(
            "document.end",
            ("end",),
            "end",
            "Jump to the end; press again to jump back.",
            "scroll_end",
            False,
        ),
    ),
)
"""Keys of the document pane."""

BROWSE = KeyGroup(
    "Browse",
    (
        Action("browse.next", ("enter", "right"), "next", "Show the next document.", "next", rank=3),
        Action("browse.back", ("left",), "back", "Go back to earlier documents.", "back", rank=3),
        Action("browse.bookmark", ("b",), "bookmark", "Toggle a bookmark.", "bookmark", rank=4),
        Action("browse.note", ("n",), "note", "Add a note to this document.", "note", rank=4),
        Action("browse.find", ("slash",), "find", "Find text in this document.", "find", rank=4),
        Action("browse.find_next", ("full_stop",), "next match", "Go to the next match.", "find_next", False),
        Action(
            "browse.find_previous",
            ("comma",),
            "previous match",
            "Go to the previous match.",
            "find_previous",
            False,
        ),
        Action("browse.guide", ("g",), "guide", "Show the category guide.", "guide", rank=6),
        Action(
            "browse.exact",
            ("v",),
            "exact",
            "Show spaces, line ends and the code points of invisible characters.",
            "exact",
            rank=10,
        ),
        Action("browse.url", ("o",), "url", "Open the address in the browser.", "url", rank=7),
        Action("browse.copy", ("y",), "copy", "Copy the address.", "copy", rank=8),
        Action(
            "browse.current",
            ("escape",),
            "current",
            "Close the panel, or return to the current document.",
            "current",
            False,
        ),
        Action("browse.home", ("h", "tab"), "corpora", "Go to the list of corpora.", "home", rank=5),
    ),
    scrolls=True,
)
"""Keys of the browse screen."""

REACHED = KeyGroup(
    "Plan reached",
    (
        Action("reached.on", ("enter",), "go on", "Go on labelling, beyond the plan.", "go_on", rank=3),
        Action(
            "reached.summary", ("tab",), "summary", "Show counts, shares and intervals.", "summary", rank=4
        ),
        Action(
            "reached.compare",
            ("d",),
            "compare",
            "Compare the corpora pair by pair: which differences are established.",
            "compare",
            rank=5,
        ),
        Action("reached.home", ("h",), "corpora", "Go to the list of corpora.", "home", rank=5),
        Action("reached.undo", ("u",), "undo", "Undo the last decision.", "undo", rank=6),
    ),
)
"""Keys of the panel that takes the place of the document when the plan is reached."""

CORPORA = KeyGroup(
    "Corpora",
    (
        Action(
            "home.label",
            ("enter",),
            "label",
            "Label the marked corpora, or the one under the cursor.",
            "label",
            rank=4,
        ),
        Action(
            "home.mark", ("space",), "mark", "Mark this corpus, to label several as one blind queue.", "mark"
        ),
        Action(
            "home.practice",
            ("p",),
            "practice",
            "Practise on documents with known answers; nothing is saved.",
            "practice",
            rank=10,
        ),
        Action(
            "home.browse",
            ("b",),
            "browse",
            "Browse the corpus under the cursor; nothing is labelled.",
            "browse",
            rank=8,
        ),
        Action("home.demo", ("d",), "demo", "Label the bundled demo corpora.", "demo", rank=10),
        Action(
            "home.add",
            ("plus",),
            "add",
            "Label a dataset of the Hub, or files of your own, by name or path.",
            "add",
            False,
        ),
        Action("home.summary", ("tab",), "summary", "Show counts, shares and intervals.", "summary", rank=5),
        Action("home.review", ("r",), "review", "Review all labels: filter, reread, relabel.", "review"),
        Action("home.agreement", ("a",), "agreement", "Show how far readers agree.", "agreement", False),
    ),
)
"""Keys of the corpora screen."""

SUMMARY = KeyGroup(
    "Summary",
    (
        Action(
            "summary.layout",
            ("c",),
            "view",
            "Show the chart, a table per corpus, or all corpora side by side, in turn.",
            "layout",
            rank=4,
        ),
        Action(
            "summary.compare",
            ("d",),
            "compare",
            "Compare the corpora pair by pair: which differences are established.",
            "compare",
            rank=4,
        ),
        Action(
            "summary.mixture",
            ("x",),
            "mixture",
            "Show what a mixture of the corpora holds.",
            "mixture",
            rank=5,
        ),
        Action(
            "summary.interval",
            ("i",),
            "interval",
            "Change the method of the intervals; the header names it.",
            "interval",
            rank=8,
        ),
        Action(
            "summary.tokens",
            ("t",),
            "tokens",
            "Count shares by documents, tokens or characters in turn.",
            "tokens",
            rank=6,
        ),
        Action(
            "summary.assisted",
            ("e",),
            "assist",
            "Switch between the shares of the labels and those assisted by a classifier.",
            "assisted",
        ),
        Action(
            "summary.lengths",
            ("l",),
            "lengths",
            "Show how long the documents of each category are.",
            "lengths",
            rank=10,
        ),
        Action(
            "summary.method",
            ("m",),
            "method",
            "Show or hide how the numbers were computed.",
            "method",
            rank=5,
        ),
        Action(
            "summary.plan",
            ("p",),
            "plan",
            "Show the labels and time to a target precision: 5, 3, 2 or 1 points in turn.",
            "plan",
            rank=8,
        ),
        Action(
            "summary.review",
            ("r",),
            "review",
            "Review all labels: filter, reread, relabel.",
            "review",
            rank=6,
        ),
        Action("summary.agreement", ("a",), "agreement", "Show how far readers agree.", "agreement", rank=8),
        Action("summary.back", ("tab", "escape"), "back", "Go back to where you were.", "back", rank=3),
    ),
)
"""Keys of the summary screen."""

COMPARE = KeyGroup(
    "Compare",
    (
        Action("compare.previous", ("left",), "previous", "Show the previous pair.", "previous", False),
        Action("compare.next", ("right",), "next pair", "Show the next pair.", "next", rank=4),
        Action(
            "compare.references",
            ("r",),
            "published",
            "Compare with published labels too, or only your own corpora.",
            "references",
        ),
        Action(
            "compare.tokens",
            ("t",),
            "tokens",
            "Count shares by documents, tokens or characters in turn.",
            "tokens",
        ),
        Action(
            "compare.assisted",
            ("e",),
            "assist",
            "Show the differences between assisted shares too, or only those of the labels.",
            "assisted",
            rank=10,
        ),
        Action(
            "compare.method",
            ("m",),
            "method",
            "Show or hide how the numbers were computed.",
            "method",
            rank=7,
        ),
        Action(
            "compare.mixture",
            ("x",),
            "mixture",
            "Show what a mixture of the corpora holds.",
            "mixture",
            rank=8,
        ),
        Action("compare.back", ("tab", "escape"), "back", "Go back to the summary.", "back", rank=3),
    ),
)
"""Keys of the compare screen."""

MIXTURE = KeyGroup(
    "Mixture",
    (
        Action("mixture.up", ("up",), "up", "Go to the corpus above.", "move(-1)", footer=False),
        Action("mixture.down", ("down",), "corpus", "Go to the corpus below.", "move(1)", rank=5),
        Action(
            "mixture.less", ("left",), "less", "Take one percent from its weight.", "weight(-1)", footer=False
        ),
        Action(
            "mixture.more",
            ("right",),
            "weight",
            "Add one percent; the others give way. Digits type a weight.",
            "weight(1)",
            rank=4,
        ),
        Action(
            "mixture.much_less",
            ("minus",),
            "-10",
            "Take ten percent from its weight.",
            "weight(-10)",
            footer=False,
        ),
        Action(
            "mixture.much_more",
            ("plus",),
            "+10",
            "Add ten percent to its weight.",
            "weight(10)",
            footer=False,
        ),
        Action("mixture.alone", ("o",), "alone", "Show this corpus alone.", "alone", rank=10),
        Action(
            "mixture.next",
            ("n",),
            "next mix",
            "Show the next mix of the plan, then equal weights.",
            "next",
            rank=10,
        ),
        Action(
            "mixture.what_if",
            ("w",),
            "what if",
            "Compare what follows with the mix as it is now; again for the chart.",
            "what_if",
            rank=7,
        ),
        Action(
            "mixture.read_next",
            ("r",),
            "next labels",
            "Divide the next 100 labels so that intervals narrow most: all, then each category.",
            "read_next",
            rank=8,
        ),
        Action(
            "mixture.reach",
            ("a",),
            "at least",
            "Find the weights at which a category has at least some share.",
            "reach",
        ),
        Action(
            "mixture.assisted",
            ("e",),
            "assisted",
            "Let a classifier narrow the intervals; again for the labels alone.",
            "assisted",
            rank=10,
        ),
        Action(
            "mixture.budget", ("b",), "budget", "Say how many tokens there are to train on.", "budget", rank=6
        ),
        Action("mixture.keep", ("k",), "keep", "Keep this mix in the plan under a name.", "keep", rank=6),
        Action("mixture.method", ("m",), "method", "Show how the numbers were computed.", "method", rank=6),
        Action("mixture.back", ("tab", "escape"), "back", "Go back to where you were.", "back", rank=3),
    ),
)
"""Keys of the mixture screen."""

REVIEW = KeyGroup(
    "Review",
    (
        Action(
            "review.open",
            ("enter",),
            "open",
            "Open the document; a category key there changes its label.",
            "open",
            rank=3,
        ),
        Action("review.find", ("slash",), "find", "Only documents containing a text.", "find", rank=4),
        Action(
            "review.category",
            ("t",),
            "category",
            "Filter by category: one, the next, then all.",
            "category",
            rank=5,
        ),
        Action("review.corpus", ("c",), "corpus", "Filter by corpus: one, the next, then all.", "corpus"),
        Action(
            "review.annotator",
            ("a", "w"),
            "who",
            "Filter by annotator: one, the next, then all.",
            "annotator",
        ),
        Action(
            "review.flags",
            ("f",),
            "flags",
            "Filter by a mark: disputed, bookmarked, noted, unsure in turn, then all.",
            "flags",
        ),
        Action(
            "review.disputed", ("d",), "disputed", "Only documents readers disagree on.", "disputed", False
        ),
        Action("review.bookmarked", ("b",), "bookmarked", "Only bookmarked documents.", "bookmarked", False),
        Action("review.noted", ("n",), "noted", "Only documents with a note.", "noted", False),
        Action(
            "review.odd",
            ("m",),
            "odd",
            "Only labels that a classifier trained on the others finds odd: a place to look, no verdict.",
            "odd",
            rank=10,
        ),
        Action(
            "review.model",
            ("l",),
            "model",
            "Only labels on which a language model disagrees: one model, the next, then all.",
            "model",
            False,
        ),
        Action(
            "review.order",
            ("s",),
            "sort",
            "Sort by corpus and draw, or the latest decision first.",
            "order",
            rank=10,
        ),
        Action(
            "review.jump",
            ("colon",),
            "jump",
            "Jump to a document by its draw; typing the number does so too.",
            "jump",
            rank=10,
        ),
        Action("review.url", ("o",), "url", "Open the address of the document in the browser.", "url"),
        Action("review.copy", ("y",), "copy", "Copy the address of the document.", "copy", rank=10),
        Action("review.all", ("x",), "clear", "Clear all filters.", "all", rank=6),
        Action(
            "review.back",
            ("escape", "tab"),
            "back",
            "Stop a search, or go back to where you were.",
            "back",
            rank=2,
        ),
    ),
    scrolls=True,
)
"""Keys of the review screen."""

AGREEMENT = KeyGroup(
    "Agreement",
    (
        Action(
            "agreement.open",
            ("enter",),
            "open documents",
            "Open the documents of the marked disagreement; up and down mark another one.",
            "open",
            rank=4,
        ),
        Action(
            "agreement.adjudicate",
            ("a",),
            "adjudicate",
            "Decide every disagreement, one document after the other.",
            "adjudicate",
            rank=4,
        ),
        Action("agreement.previous", ("left",), "previous", "Previous pair of readers.", "previous", False),
        Action("agreement.next", ("right",), "other readers", "Next pair of readers.", "next"),
        Action("agreement.method", ("m",), "method", "Show or hide how the numbers were computed.", "method"),
        Action("agreement.back", ("escape", "tab"), "back", "Go back to where you were.", "back", rank=3),
    ),
    scrolls=True,
)
"""Keys of the agreement screen."""

EVERYWHERE = KeyGroup(
    "Everywhere",
    (
        Action("nav.help", ("question_mark", "f1"), "help", "Show every key.", "help", rank=1),
        Action(
            "nav.quit", ("q", "ctrl+q"), "quit", "Leave; every label is already on disk.", "leave", rank=2
        ),
        Action(
            "nav.suspend",
            ("ctrl+z",),
            "suspend",
            "Suspend to the shell (`fg` resumes).",
            "suspend_process",
            False,
        ),
    ),
)
"""Keys that work on every screen."""

REVIEW_COMMANDS = (
    "url",
    "copy",
    "undo",
    "bookmark",
    "note",
    "back",
    "forward",
    "current",
    "find",
    "find_next",
    "find_previous",
    "guide",
    "more_categories",
    "exact",
)
"""Commands of the labelling screen that also work on the screens that review a document."""

GROUPS = (
    LABELLING,
    READING,
    BROWSE,
    REACHED,
    CORPORA,
    SUMMARY,
    COMPARE,
    MIXTURE,
    REVIEW,
    AGREEMENT,
    EVERYWHERE,
)
"""All groups of actions, in the order in which help lists them."""
