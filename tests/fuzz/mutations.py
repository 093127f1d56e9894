"""Hypothesis strategy for damaged files: valid content with bytes cut, inserted and replaced."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change to a file."""

    at: float
    """Position, from 0 at the start of the file to 1 at its end."""
    cut: int
    """Number of bytes removed there."""
    put: bytes
    """Bytes inserted in their place."""

    def of(self, content: bytes) -> bytes:
        """Return the changed content."""
        start = int(self.at * len(content))
        return content[:start] + self.put + content[start + self.cut :]


def mutated(content: bytes, *vocabulary: bytes) -> st.SearchStrategy[bytes]:
    """Generate `content` after one to four changes, or arbitrary bytes.

    Some changes insert one of `vocabulary`, pieces that mean something in the format.
    """
    pieces = st.sampled_from(vocabulary) if vocabulary else st.nothing()
    put = (
        pieces
        | st.binary(max_size=12)
        | st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace"))
    )
    places = st.floats(0, 1, exclude_max=True)
    change = st.builds(Mutation, places, st.integers(0, 24), put)

    def apply(changes: list[Mutation]) -> bytes:
        changed = content
        for mutation in changes:
            changed = mutation.of(changed)
        return changed

    return st.lists(change, min_size=1, max_size=4).map(apply) | st.binary(max_size=300)
