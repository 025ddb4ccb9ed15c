"""A venue's installation as its owner starts it: `make venue` in an empty folder, its console read."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from settings import HERE
from tests import servers

CODE = re.compile(r"\b([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})\b")
PASSWORD = "a long password for tests"


@dataclass
class Venue:
    """A running installation: where it answers, and what it has printed so far."""

    base: str
    console: Path

    @property
    def code(self) -> str:
        """The one-time code of the first owner, as the console shows it."""
        found = CODE.search(self.console.read_text(encoding="utf-8"))
        assert found, self.console.read_text(encoding="utf-8")
        return found[1]


@contextmanager
def open_venue(folder: Path) -> Iterator[Venue]:
    """`HOST=127.0.0.1 make venue` on a free port, with everything it keeps in this folder."""
    with serving("venue", folder) as venue:
        yield venue


@contextmanager
def serving(target: str, folder: Path) -> Iterator[Venue]:
    """`make run` or `make venue` on a free port of this machine alone, ended when the block ends."""
    port = servers.free_port()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("CONTEST_")},
        "HOST": "127.0.0.1", "PORT": str(port), "CONTEST_INSTANCE": str(folder / "instance"), "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    console = folder / "console.txt"
    make = shutil.which("make")
    module = {"run": "commands.serve", "venue": "commands.venue"}[target]
    command = [make, target] if make and (HERE / ".venv").exists() else [sys.executable, "-m", module]
    with console.open("wb") as output:
        process = subprocess.Popen(command, cwd=HERE, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        servers.wait_until(lambda: b"Ctrl-C" in console.read_bytes(), process, console, seconds=120)
        yield Venue(f"http://127.0.0.1:{port}", console)
    finally:
        servers.end(process)


def redeem(page: Page, base: str, code: str, **fields: str) -> None:
    """Open an account with a one-time code: the fields the page asks for, and a password."""
    page.goto(f"{base}/welcome")
    for name, text in {"code": code, **fields, "password": PASSWORD, "confirm": PASSWORD}.items():
        page.locator(f"#{name}").fill(text)
    press(page, lambda: page.locator("main button[type=submit]").click())


def press(page: Page, act: Callable[[], object]) -> None:
    """Do something that leads to another page, and wait for it."""
    with page.expect_navigation():
        act()
