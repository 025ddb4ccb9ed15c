"""The web process of a rehearsal alone: the whole application, held still at the moment in which it is to be killed.

A process that is killed somewhere has rarely just committed and not yet answered. So whoever rehearses writes a file
into the folder of moments, and the next tablet's message stops there for as long as it takes to be killed: before its
commit (all rows written, none of them kept) or after it (all kept, the tablet not told).

No setting leads here. gunicorn is given this module by name instead of `wsgi`, and it refuses to start in an instance
folder that was not made for a rehearsal.
"""

from __future__ import annotations

import contextlib
import importlib
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask, g, has_request_context, request
from sqlalchemy import event

FOLDER, HELD = "rehearsal", "held"
BEFORE, AFTER = "before-commit", "after-commit"
HOLD_SECONDS = 15.0
ENDPOINT = "judging.messages"


class Moments:
    """The folder through which two processes agree on a moment: armed by the one, held by the other."""

    def __init__(self, instance: Path) -> None:
        self.folder = instance / FOLDER

    def arm(self, moment: str) -> None:
        """Let the next message stop at this moment."""
        (self.folder / moment).touch()

    def is_held(self) -> bool:
        """Whether a message stands still now."""
        return (self.folder / HELD).exists()

    def clear(self) -> None:
        """Forget what was armed and held."""
        for name in (BEFORE, AFTER, HELD):
            (self.folder / name).unlink(missing_ok=True)

    def pass_(self, moment: str) -> None:
        """Called by the server at each of the moments: stand still if this one is armed."""
        with contextlib.suppress(FileNotFoundError):
            (self.folder / moment).rename(self.folder / HELD)
            time.sleep(HOLD_SECONDS)


def made_for_rehearsal(instance: Path) -> None:
    """Mark an instance folder as one whose server may be held and killed."""
    (instance / FOLDER).mkdir(parents=True)


def mortal(app: Flask) -> Flask:
    """The app, standing still where it is told to. Raises RuntimeError in an installation that is no rehearsal's."""
    moments = Moments(app.extensions["lectern_settings"].instance)
    if not moments.folder.is_dir():
        raise RuntimeError(f"{moments.folder} is missing: this program is for `flask rehearse` alone")
    inner = app.wsgi_app

    def answered(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer: Iterable[bytes] = inner(environ, start_response)
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith("/messages"):
            moments.pass_(AFTER)
        return answer

    def committing(_connection: object) -> None:
        # The first commit of the request is the one with the marks; a second one builds the screens' frames.
        if has_request_context() and request.endpoint == ENDPOINT and not g.get("rehearsed"):
            g.rehearsed = True
            moments.pass_(BEFORE)

    app.wsgi_app = answered  # type: ignore[method-assign]
    event.listen(app.extensions["lectern_engine"], "commit", committing)
    return app


def __getattr__(name: str) -> Any:
    """`app`, made when the server asks for it: commands know no app, so the server's own is found by its name."""
    if name == "app":
        return mortal(importlib.import_module("wsgi").app)
    raise AttributeError(name)
