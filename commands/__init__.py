"""The flask commands, a file per family of commands; `flask --help` lists them."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register every command."""
    from commands import (
        accounts,
        backup,
        contests,
        database,
        demo,
        jobs,
        ledgers,
        moving,
        rehearse,
        replay,
        tls,
        welcome,
    )  # fmt: skip

    app.cli.add_command(accounts.accounts)
    app.cli.add_command(backup.backup)
    app.cli.add_command(backup.restore)
    app.cli.add_command(database.migrate)
    app.cli.add_command(demo.demo)
    app.cli.add_command(jobs.work)
    app.cli.add_command(ledgers.ledger)
    app.cli.add_command(moving.moved)
    app.cli.add_command(tls.make)
    app.cli.add_command(rehearse.command)
    app.cli.add_command(welcome.welcome)
    app.cli.add_command(contests.contests)
    contests.contests.add_command(replay.replay)
