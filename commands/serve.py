"""flask serve and flask jobs: the web process and the jobs worker, started and ended together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask, current_app, url_for
from flask.cli import with_appcontext

from commands import demo
from commands.database import upgrade
from settings import HERE, Settings
from web import jobs, links

READY_SECONDS = 30


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Migrate, load the demo, start the web process and the jobs worker; Ctrl-C ends both."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.extensions["lectern_settings"]
    _must_be_free(settings)
    upgrade(settings)
    loaded = demo.load(settings) if settings.demo else None
    stopping = threading.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: stopping.set())
    with _processes() as running:
        _say_when_ready(settings, loaded, stopping, running[0])
        while not stopping.wait(0.2):
            ended = next((process for process in running if process.poll() is not None), None)
            if ended is not None:
                raise click.ClickException(f"A process ended by itself (exit {ended.returncode}), see above.")
    click.echo("\nStopped.")


@click.command("jobs")
@with_appcontext
def work() -> None:
    """Run the jobs worker alone, as a second service beside the web process."""
    consumer = jobs.queue(current_app._get_current_object()).create_consumer(  # type: ignore[attr-defined]
        workers=1, worker_type="thread", periodic=False, initial_delay=0.2, max_delay=2.0
    )
    consumer.run()


@contextmanager
def _processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Both processes in groups of their own, so that Ctrl-C reaches them through us alone and in order."""
    commands = [
        [sys.executable, "-m", "gunicorn", "--config", str(HERE / "gunicorn.conf.py")],
        [sys.executable, "-m", "flask", "--app", "wsgi", "jobs"],
    ]
    running = [
        subprocess.Popen(command, cwd=HERE, env=os.environ.copy(), start_new_session=True)  # noqa: S603  our own programs
        for command in commands
    ]
    try:
        yield running
    finally:
        for process in running:
            if process.poll() is None:
                process.terminate()
        for process in running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _must_be_free(settings: Settings) -> None:
    """Say clearly that the port is taken, before anything is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise click.ClickException(
                f"{settings.host}:{settings.port} cannot be used ({error.strerror}). Choose another: PORT=8001 make run"
            ) from error


def _say_when_ready(
    settings: Settings, loaded: demo.Demo | None, stopping: threading.Event, web: subprocess.Popen[bytes]
) -> None:
    shown_host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104  compared, not bound
    base = f"http://[{shown_host}]:{settings.port}" if ":" in shown_host else f"http://{shown_host}:{settings.port}"
    for _ in range(READY_SECONDS * 20):
        if stopping.wait(0.05) or web.poll() is not None:
            return
        try:
            with urllib.request.urlopen(f"{base}/health", timeout=1):  # noqa: S310  our own address
                break
        except (urllib.error.URLError, OSError):
            continue
    else:
        raise click.ClickException(f"The web process does not answer at {base} after {READY_SECONDS} s.")
    click.echo(f"\nLectern 讲台 is ready: {settings.public_url or base}\n")
    if loaded is not None:
        _say_demo(settings.public_url or base, loaded)
    click.echo("Ctrl-C ends it.")


def _say_demo(base: str, loaded: demo.Demo) -> None:
    with current_app.test_request_context(base_url=base):
        board = links.absolute("leaderboard.board", slug=demo.SLUG)
        screen = links.absolute("leaderboard.screen", token=links.screen_token(loaded.screen))
        cards = [(seat.number, links.absolute("judging.card", token=links.card_token(seat))) for seat in loaded.seats]
        desk = base.rstrip("/") + url_for("stage.desk", slug=demo.SLUG)
        admin = base.rstrip("/") + url_for("organizer.contest", slug=demo.SLUG)
    click.echo("Demo contest 第八届星河市科普讲解大赛: no. 17 is on stage, and seat 6 has not submitted yet.")
    click.echo(f"  board       {board}\n  big screen  {screen}\n  desk        {desk}\n  organizer   {admin}\n")
    click.echo("  accounts (made for this installation alone)")
    for name, password in loaded.passwords.items():
        click.echo(f"    {name:<12} {password}")
    click.echo("\n  judges' cards")
    for number, address in cards:
        click.echo(f"    seat {number}  {address}")
    click.echo("")
