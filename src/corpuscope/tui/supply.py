"""What is said of the feeds: the state of the stream in a few words, and why there is no document yet."""

from collections.abc import Sequence

from corpuscope.sampling.feed.status import FeedState, FeedStatus
from corpuscope.tui.lines import Piece

WAY_OUT = "the bundled demo (corpuscope demo) and local files work without a network"
"""Said wherever the Hub cannot be reached."""


def all_drawn(statuses: Sequence[FeedStatus]) -> bool:
    """Whether no feed holds a further document; False where there is no feed."""
    return bool(statuses) and all(status.state is FeedState.EXHAUSTED for status in statuses)


def stream_pieces(statuses: Sequence[FeedStatus]) -> tuple[Piece, ...]:
    """The worst state of the feeds in a few words, and what is ready."""
    ready = sum(status.ready for status in statuses)
    worst = max(statuses, key=lambda status: _WORDS[status.state][2])
    word, style, _ = _WORDS[worst.state]
    if worst.retry_in is not None and worst.state in (FeedState.RETRYING, FeedState.OFFLINE):
        offline = f"{word}, " if worst.state is FeedState.OFFLINE else ""
        word = f"{offline}retrying in {max(worst.retry_in, 0):.0f} s"
    pieces = [Piece(word, style, 1), Piece(f"{ready:,} ready", "$foreground-muted", 2)]
    if warnings := sum(len(status.warnings) for status in statuses):
        pieces.append(Piece(f"{warnings:,} set aside", "$text-warning", 1))
    return tuple(pieces)


_WORDS: dict[FeedState, tuple[str, str, int]] = {
    FeedState.EXHAUSTED: ("all drawn", "$text-success", 0),
    FeedState.STREAMING: ("streaming", "$text-success", 1),
    FeedState.OPENING: ("opening", "$foreground-muted", 2),
    FeedState.RETRYING: ("retrying", "$text-warning", 3),
    FeedState.OFFLINE: ("offline", "$text-error", 4),
    FeedState.FAILED: ("failed", "$text-error", 5),
}
"""State -> word, style, how bad."""


def supply_text(corpora: Sequence[str], statuses: Sequence[FeedStatus]) -> str:
    """What stands in the document's place while none is ready; one status for each of `corpora`."""
    if all_drawn(statuses):
        return "Every document has been drawn and decided.\n\ntab shows the summary, ← goes back over them."
    said = [status.message for status in statuses if status.message]
    if not said:
        return "drawing the first document ..."
    if len(statuses) > 1:
        said = [f"{name}: {s.message}" for name, s in zip(corpora, statuses, strict=True) if s.message]
    waits = [status.retry_in for status in statuses if status.retry_in is not None]
    after = f"\n\nTrying again in {max(min(waits), 0):.0f} s; nothing is lost." if waits else ""
    unreachable = any(status.state in (FeedState.OFFLINE, FeedState.RETRYING) for status in statuses)
    return "\n".join(said) + after + (f"\n\nMeanwhile {WAY_OUT}." if unreachable else "")
