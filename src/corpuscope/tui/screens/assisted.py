"""Base class of the screens whose shares a classifier can assist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, TypeVar

from corpuscope.errors import UsageError
from corpuscope.extras import require_extra
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.session.workspace import Workspace
from corpuscope.stats.sample import Sample
from corpuscope.tui.screens.live import READING, LiveScreen, Result
from corpuscope.tui.widgets.status_line import StatusItem

if TYPE_CHECKING:  # loads scikit-learn, which comes with the first assisted shares
    from corpuscope.analysis.study_reading import StudyReader, StudyReading


@dataclass(frozen=True, slots=True)
class AssistedQuery:
    """How shares are estimated."""

    assisted: bool = False
    """Whether a classifier assists the labels."""


_Query = TypeVar("_Query", bound=AssistedQuery)


class AssistedScreen(LiveScreen[_Query, Result]):
    """A screen with a key that switches between the shares of the labels and assisted ones."""

    ASSISTED: ClassVar[str]
    """What needs the classifier, in words."""

    def __init__(self, workspace: Workspace, query: _Query) -> None:
        super().__init__(workspace, query)
        self._reader: StudyReader | None = None

    def read_with_classifier(self, decisions: Decisions, samples: Sequence[Sample]) -> StudyReading:
        """Return what the classifier reads. Called in a worker; blocks for seconds when something changed."""
        from corpuscope.analysis.study_reading import StudyReader

        workspace = self._workspace
        if self._reader is None:
            self._reader = StudyReader(
                workspace.scheme, workspace.plan.read, workspace.ledger.texts, workspace.paths.labels
            )
        return self._reader.read(decisions, samples)

    def action_assisted(self) -> None:
        """Switch between the shares of the labels and assisted ones."""
        try:
            require_extra("assist", self.ASSISTED)
        except UsageError as missing:
            self.failed(missing)
            return
        self.ask(replace(self._query, assisted=not self._query.assisted))
        if self._query.assisted:
            self.show_line([StatusItem(READING, "$accent")])
