"""The scorekeeper's desk over HTTP: sign in, call a contestant, add what was measured, release the score."""

from __future__ import annotations

import time
import uuid

import httpx

from commands.replaying.errors import ReplayError
from commands.replaying.pages import form_token
from commands.replaying.plan import Turn
from commands.replaying.preparing import Scorekeeper

REASON = "replay"


class Desk:
    """One signed-in browser at the desk of one contest."""

    def __init__(self, url: str, slug: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self.slug, self.token = slug, ""

    def sign_in(self, who: Scorekeeper) -> None:
        """Sign in as a person does, with the form's token, which stays valid for every later press."""
        page = self.http.get("/login")
        token = form_token(page.text)
        if page.status_code != 200 or token is None:
            raise ReplayError(f"the sign-in page answered {page.status_code}")
        self.token = token
        form = {"csrf_token": self.token, "username": who.username, "password": who.password, "next": "/health"}
        answer = self.http.post("/login", data=form)
        if answer.status_code != 302:
            raise ReplayError(f"the desk could not sign in: {answer.status_code}. Has the server the same database?")

    def call(self, turn: Turn) -> None:
        """Bring the contestant on stage."""
        self.press("call", appearance=turn.appearance)

    def adjust(self, turn: Turn, *, twice: bool) -> None:
        """Add the turn's adjustments; a nervous hand presses the button twice."""
        for fact in turn.adjustments:
            form = {
                "appearance": turn.appearance, "kind": fact.kind, "value": format(fact.value, "f"), "reason": REASON,
                "press": str(uuid.uuid4()),
            }  # fmt: skip
            for _ in range(2 if twice else 1):
                self.press("adjustments", **form)

    def release(self, turn: Turn, *, twice: bool) -> tuple[float, float]:
        """Let everybody see the score. When it was pressed and when it was answered (perf_counter)."""
        pressed = time.perf_counter()
        self.press("release", appearance=turn.appearance)
        answered = time.perf_counter()
        if twice:
            self.press("release", appearance=turn.appearance)
        return pressed, answered

    def press(self, button: str, **form: str) -> None:
        """Press one of the desk's buttons. Raises ReplayError where the desk says no."""
        answer = self.http.post(
            f"/ops/{self.slug}/{button}", data={"csrf_token": self.token, **form},
            headers={"Accept": "application/json"},
        )  # fmt: skip
        if answer.status_code != 200:
            raise ReplayError(f"the desk's {button} was answered {answer.status_code} {answer.text[:200]}")

    def close(self) -> None:
        """Leave the desk."""
        self.http.close()
