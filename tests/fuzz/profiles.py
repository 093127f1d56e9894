"""Number of examples of the slow fuzz tests: few in the suite, more in `make bench`, most in `benchmarks.fuzz`."""

from __future__ import annotations

from hypothesis import settings


def examples(*, suite: int, bench: int, whole: int) -> int:
    """Return the number of examples for the profile that conftest.py or the command line chose."""
    return {"fuzz-quick": bench, "fuzz": whole}.get(settings.get_current_profile_name(), suite)
