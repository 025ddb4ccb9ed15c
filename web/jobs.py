"""The task queue: what may take a while is done by the jobs worker (`flask jobs`), not inside a request.

A job is a function marked with `@job` in a blueprint's jobs.py. `later` hands it over by name; its arguments are ids.
A job writes in short transactions of its own and may run twice, so it must give the same result both times. A worker
that is killed loses the job it was at: a function marked with `@at_start` hands over again what its tables say is open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey

from settings import Settings

RETRIES = 3
RETRY_SECONDS = 10
_jobs: dict[str, Callable[..., None]] = {}
_starts: list[Callable[[], None]] = []


def job(function: Callable[..., None]) -> Callable[..., None]:
    """Make a function a job; its name is its module and its own."""
    _jobs[f"{function.__module__}.{function.__name__}"] = function
    return function


def at_start(function: Callable[[], None]) -> Callable[[], None]:
    """Have a function called once whenever a jobs worker starts."""
    _starts.append(function)
    return function


def start(app: Flask) -> None:
    """Hand over again what an earlier worker left open."""
    with app.app_context():
        for function in _starts:
            function()


def init_app(app: Flask, settings: Settings) -> None:
    """Open the queue: Redis where there is one, else a SQLite file of its own, so that it never locks the contest's."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    huey: Huey = (
        RedisHuey("lectern", url=settings.redis_url)
        if settings.redis_url
        else SqliteHuey("lectern", filename=str(settings.instance / "jobs.sqlite3"), timeout=1)
    )
    tasks = {
        name: huey.task(name=name, retries=RETRIES, retry_delay=RETRY_SECONDS)(_inside(app, function))
        for name, function in _jobs.items()
    }
    app.extensions["lectern_jobs"] = (huey, tasks)


def later(function: Callable[..., None], *, after: float = 0, **arguments: Any) -> None:
    """Have the jobs worker call a job with these arguments, at once or after so many seconds."""
    _, tasks = current_app.extensions["lectern_jobs"]
    task = tasks[f"{function.__module__}.{function.__name__}"]
    if after > 0:
        task.schedule(kwargs=arguments, delay=after)
    else:
        task(**arguments)


def queue(app: Flask) -> Huey:
    """The app's queue."""
    found: Huey = app.extensions["lectern_jobs"][0]
    return found


def _inside(app: Flask, function: Callable[..., None]) -> Callable[..., None]:
    def run(**arguments: Any) -> None:
        with app.app_context():
            function(**arguments)

    return run
