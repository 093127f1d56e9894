"""Base class of the screens that show shares in a chosen unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from corpuscope.config.actions import MIXTURE
from corpuscope.stats.distribution import WEIGHTINGS, Weighting
from corpuscope.tui.messages import ScreenWanted
from corpuscope.tui.screens.assisted import AssistedQuery, AssistedScreen
from corpuscope.tui.screens.live import Result


@dataclass(frozen=True, slots=True)
class SharesQuery(AssistedQuery):
    """Which shares are computed."""

    weighting: Weighting = "documents"
    """Unit that the shares are shares of."""


_Query = TypeVar("_Query", bound=SharesQuery)


class SharesScreen(AssistedScreen[_Query, Result]):
    """A screen with a key for the next unit of its shares and one for the mixture of the corpora."""

    def action_mixture(self) -> None:
        """Open the mixture of the corpora."""
        self.post_message(ScreenWanted(MIXTURE.name))

    def action_tokens(self) -> None:
        """Show shares of the next unit: documents, tokens, characters."""
        following = WEIGHTINGS[(WEIGHTINGS.index(self._query.weighting) + 1) % len(WEIGHTINGS)]
        self.ask(replace(self._query, weighting=following))
