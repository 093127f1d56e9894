"""Tests of the entry point: where corpuscope can run."""

from __future__ import annotations

import pytest

from corpuscope.__main__ import why_unsupported


def test_on_windows_a_sentence_names_wsl() -> None:
    assert "run it in WSL" in why_unsupported("win32")


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_linux_and_macos_are_supported(platform: str) -> None:
    assert why_unsupported(platform) == ""
