"""Files as damage, editors and other programs leave them: whole ones with pieces cut, doubled and replaced."""

from dataclasses import dataclass

from hypothesis import strategies as st


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change to a file."""

    at: float
    """Where, from 0 at its start to 1 at its end."""
    cut: int
    """How many bytes go."""
    put: bytes
    """What comes in their place."""

    def of(self, content: bytes) -> bytes:
        """The changed file."""
        start = int(self.at * len(content))
        return content[:start] + self.put + content[start + self.cut :]


def mutated(content: bytes, *vocabulary: bytes) -> st.SearchStrategy[bytes]:
    """`content` after one to four changes, some of which put in a word of `vocabulary`; or anything at all."""
    words = st.sampled_from(vocabulary) if vocabulary else st.nothing()
    put = (
        words | st.binary(max_size=12) | st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace"))
    )
    places = st.floats(0, 1, exclude_max=True)
    change = st.builds(Mutation, places, st.integers(0, 24), put)

    def apply(changes: list[Mutation]) -> bytes:
        changed = content
        for each in changes:
            changed = each.of(changed)
        return changed

    return st.lists(change, min_size=1, max_size=4).map(apply) | st.binary(max_size=300)
