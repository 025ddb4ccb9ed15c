"""A hall: a running server with a contest in its database, tablets that hold seats, and a desk, all over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from sqlalchemy import Engine, select

import app as application
from commands.replaying.desk import Desk
from commands.replaying.preparing import scorekeeper
from contest import queries, seating
from contest.models import Seat, Sitting
from settings import Settings
from tests import builders, servers
from tests.tablets import MARKS
from web.db import writing

KEY = "a key for tests"


@dataclass
class Lease:
    """One tablet on one seat, as its own HTTP client."""

    http: httpx.Client
    seat: str
    id: str
    secret: str
    n: int = 0

    def body(self, entry: str, kind: str = "save", **changed: object) -> dict[str, Any]:
        """The next message as a request's body."""
        self.n += 1
        message = {
            "id": str(uuid.uuid4()), "n": self.n, "kind": kind, "sheet": "mark", "round": "final", "entry": entry,
            "attempt": 1, "rules": 1, "base": self.n - 1, "marks": dict(MARKS), "note": "",
        }  # fmt: skip
        return {"v": 1, "lease": self.id, "messages": [message | changed]}

    def post(self, body: Mapping[str, Any]) -> httpx.Response:
        """Send a body, again if need be: it is the same message."""
        return self.http.post(f"/judge/seats/{self.seat}/messages", json=body, headers={"X-Lease": self.secret})


@dataclass
class Hall:
    """The server, an app on the same database to look into it with, and the contest's slug."""

    server: servers.Server
    app: Flask
    settings: dict[str, str]
    slug: str = ""
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def engine(self) -> Engine:
        """The database behind the server."""
        found: Engine = self.app.extensions["lectern_engine"]
        return found

    def open(self, *, entries: int = 3, judges: int = 3) -> None:
        """Make a lecture final in the database, its round judging."""
        self.slug = builders.make_contest(self.app, entries=entries, judges=judges)

    def client(self) -> httpx.Client:
        """Somebody's browser, closed with the hall."""
        self.clients.append(httpx.Client(base_url=self.server.url, timeout=30, trust_env=False))
        return self.clients[-1]

    def appearances(self) -> list[str]:
        """The public ids in running order."""
        return builders.appearances(self.app, self.slug)

    def tablets(self) -> list[Lease]:
        """A tablet on every seat."""
        leases = []
        with writing(self.engine) as db:
            contest = queries.contest_by_slug(db, self.slug)
            for sitting in db.scalars(select(Sitting).join(Sitting.seat).order_by(Seat.number)):
                new = seating.sit_down(
                    db, contest, seat=sitting.seat, generation=1, sitting=sitting, device="tablet", now=builders.NOW
                )
                leases.append(Lease(self.client(), sitting.seat.public_id, new.lease.public_id, new.secret))
        return leases

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Somebody signed in at the desk."""
        with scorekeeper(self.engine, self.slug) as who:
            desk = Desk(self.server.url, self.slug)
            self.clients.append(desk.http)
            desk.sign_in(who)
            yield desk

    def restart(self, serve: Callable[..., servers.Server]) -> None:
        """End the server and start it again on the same data, at another port."""
        self.server.stop()
        self.server = serve(**self.settings)


@contextmanager
def open_hall(serve: Callable[..., servers.Server], folder: Path, **settings: str) -> Iterator[Hall]:
    """A server with these settings on a database of its own, and what looks into it."""
    given = {"CONTEST_INSTANCE": str(folder), "CONTEST_SECRET_KEY": KEY, **settings}
    server = serve(**given)
    # The looking app needs no bus: it only reads and prepares the database.
    made = application.create_app(replace(Settings.from_environment(given), redis_url="", workers=1))
    hall = Hall(server, made, given)
    try:
        yield hall
    finally:
        for client in hall.clients:
            client.close()
        hall.engine.dispose()

