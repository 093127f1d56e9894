"""A text classifier trained on the labels of a study: features, ridge regression and the model file."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from corpuscope.errors import UsageError


def require_assist(what: str, find: Callable[[str], object | None] = find_spec) -> None:
    """Raise UsageError when a library that `what` needs is not installed; loads none of them."""
    for module, name in (("sklearn", "scikit-learn"), ("safetensors", "safetensors")):
        if find(module) is None:
            raise UsageError(
                f"{what} needs {name}, which is not installed",
                f'it is an extra: pip install "corpuscope[assist]", or {name} beside corpuscope',
            )
