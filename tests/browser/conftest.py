"""What the journeys through real pages share: patience on a slow machine, and pictures for a person to look at."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

expect.set_options(timeout=15_000)


@pytest.fixture
def look() -> Callable[[Page, str], None]:
    """Keep a picture of a page where the variable PICTURES names a folder; in a plain run it does nothing."""
    folder = os.environ.get("PICTURES")

    def keep(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png")

    return keep
