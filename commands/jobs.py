"""flask jobs: the jobs worker, as `make run` starts it or as a service of its own."""

from __future__ import annotations

import logging
import threading

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from settings import Settings
from web import jobs, running, signs

BEAT_SECONDS = 5
log = logging.getLogger(__name__)


@click.command("jobs")
@with_appcontext
def work() -> None:
    """Run the jobs worker until it is told to end."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.extensions["lectern_settings"]
    running.hold(settings.instance)
    threading.Thread(target=beat, args=(app, threading.Event()), daemon=True, name="lectern-beat").start()
    jobs.start(app)
    jobs.queue(app).create_consumer(workers=1, periodic=False, initial_delay=0.2, max_delay=2.0).run()


def beat(app: Flask, ending: threading.Event) -> None:
    """Leave a sign of life every few seconds, which /status reads."""
    with app.app_context():
        while True:
            try:
                signs.leave(signs.WORKER)
            except Exception:
                log.exception("The worker's sign of life was not taken")
            if ending.wait(BEAT_SECONDS):
                return
