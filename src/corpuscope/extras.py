"""The optional libraries of the project, and the error where one is not installed."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from corpuscope.errors import CorpuscopeError, UsageError

EXTRAS = {
    "assist": {"sklearn": "scikit-learn", "safetensors": "safetensors"},
    "filters": {"datatrove": "datatrove", "regex": "regex", "spacy": "spacy"},
    "llm": {"openai": "openai"},
    "scale": {"sklearn": "scikit-learn", "safetensors": "safetensors", "datatrove": "datatrove"},
    "serve": {"textual_serve": "textual-serve"},
    "xlsx": {"openpyxl": "openpyxl", "xlsxwriter": "XlsxWriter"},
}
"""Per extra of pyproject.toml the modules that it brings, each with its name on the package index."""


def require_extra(extra: str, what: str, find: Callable[[str], object | None] = find_spec) -> None:
    """Raise UsageError when a library of `extra`, which `what` needs, is not installed; load none of them."""
    for module, name in EXTRAS[extra].items():
        if find(module) is None:
            raise UsageError(
                f"{what} needs {name}, which is not installed",
                f'it is an extra: pip install "corpuscope[{extra}]", or {name} beside corpuscope',
            )


def library_fault(fault: ImportError) -> CorpuscopeError | None:
    """Return the error of a library that is installed but cannot be loaded; None for a fault of corpuscope itself."""
    library = (fault.name or "").partition(".")[0]
    if library == "corpuscope":
        return None
    words = str(fault).partition("\n")[0]
    names = {module: name for modules in EXTRAS.values() for module, name in modules.items()}
    name = names.get(library, library)
    hint = f"pip install --force-reinstall {name}" if name else "install the library again that it names"
    return CorpuscopeError(f"a library cannot be loaded: {words}", hint)
