"""flask jobs: the jobs worker, as `make run` starts it or as a service of its own."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from web import jobs


@click.command("jobs")
@with_appcontext
def work() -> None:
    """Run the jobs worker until it is told to end."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    jobs.queue(app).create_consumer(workers=1, periodic=False, initial_delay=0.2, max_delay=2.0).run()
