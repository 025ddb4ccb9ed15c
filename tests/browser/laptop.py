"""A venue's laptop: an event in its folder, started with `make venue` under an address that has https."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from commands.database import upgrade
from contest.models import Panel, RoundState, Seat
from settings import HERE, Settings
from tests import builders, servers
from tests.browser import finals
from tests.commands.test_venue import environment
from web import authority, links
from web.db import reading

SLUG = "xinghe"


def load(folder: Path, host: str = "127.0.0.1", state: RoundState = RoundState.JUDGING) -> Flask:
    """An event with three judges and its staff, its round in this state, and a certificate for its address."""
    upgrade(Settings(instance=folder))
    app = builders.make_app(folder, secret_key="")
    builders.make_contest(app, slug=SLUG, state=state)
    finals.make_staff(app, SLUG)
    authority.make(folder, host, now=datetime.now(UTC))
    return app


@contextmanager
def laptop(folder: Path, port: int, host: str = "127.0.0.1") -> Iterator[None]:
    """`make venue` on a laptop; whatever becomes of it, it answers no more when the block ends."""
    console = folder.parent / f"{folder.name}.txt"
    url = f"http://{host}:{port}"
    with console.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "commands.venue"], cwd=HERE, stdout=output, stderr=subprocess.STDOUT,
            env=environment(folder, HOST="127.0.0.1", PORT=str(port), CONTEST_PUBLIC_URL=url, PYTHONUNBUFFERED="1"),
        )  # fmt: skip
    try:
        servers.wait_until(lambda: b"Ctrl-C" in console.read_bytes(), process, console, seconds=120)
        assert f"Judges' tablets, desk and door: https://{host}:{port}" in console.read_text(encoding="utf-8")
        yield
    finally:
        servers.end(process)


def cards(app: Flask, base: str) -> list[str]:
    """The cards' addresses as they were printed."""
    with app.app_context(), reading() as db:
        seats = db.scalars(select(Seat).join(Panel).order_by(Seat.number)).all()
        return [f"{base}/judge/{links.card_token(seat)}" for seat in seats]
