"""Base class of the screens that show shares in a chosen unit, those of the labels or assisted ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from corpuscope.config.actions import MIXTURE
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.session.workspace import Workspace
from corpuscope.stats.distribution import WEIGHTINGS, Weighting
from corpuscope.stats.sample import Sample
from corpuscope.tui.messages import ScreenWanted
from corpuscope.tui.screens.live import LiveScreen, Result

if TYPE_CHECKING:  # loads scikit-learn, which comes with the first assisted shares
    from corpuscope.analysis.assisted import StudyReader, StudyReading


@dataclass(frozen=True, slots=True)
class SharesQuery:
    """Which shares are computed."""

    weighting: Weighting = "documents"
    """Unit that the shares are shares of."""
    assisted: bool = False
    """Whether a classifier assists the labels."""


_Query = TypeVar("_Query", bound=SharesQuery)


class SharesScreen(LiveScreen[_Query, Result]):
    """A screen with a key for the next unit of its shares and one for the mixture of the corpora."""

    def __init__(self, workspace: Workspace, query: _Query) -> None:
        super().__init__(workspace, query)
        self._reader: StudyReader | None = None

    def read_with_classifier(self, decisions: Decisions, samples: Sequence[Sample]) -> StudyReading:
        """Return what the classifier reads. Called in a worker; blocks for seconds when something changed."""
        from corpuscope.analysis.assisted import StudyReader

        workspace = self._workspace
        if self._reader is None:
            self._reader = StudyReader(
                workspace.scheme, workspace.plan.read, workspace.ledger.texts, workspace.paths.labels
            )
        return self._reader.read(decisions, samples)

    def action_mixture(self) -> None:
        """Open the mixture of the corpora."""
        self.post_message(ScreenWanted(MIXTURE.name))

    def action_tokens(self) -> None:
        """Show shares of the next unit: documents, tokens, characters."""
        following = WEIGHTINGS[(WEIGHTINGS.index(self._query.weighting) + 1) % len(WEIGHTINGS)]
        self.ask(replace(self._query, weighting=following))
