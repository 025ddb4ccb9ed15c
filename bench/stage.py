"""What the benches run on: our server on an empty SQLite database, and the bare one beside it."""
from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask

from app import create_app
from commands.replaying.site import Site, free_port, own_site, serving
from contest.rules import Facts, Rules, read_folder, read_rules
from settings import HERE, Settings

KEY = "a key for benches"
SEGMENT = HERE / "tests/rules/fixtures/skating/isu-gp-2017-skate-canada-international--ladies-short-program"
RULES = HERE / "examples/skating/ladies-short-program.toml"


def segment() -> tuple[Rules, Facts]:
    """The skating segment that is played: 12 performances, 9 judges, 5 criteria."""
    rules = read_rules(RULES.read_bytes(), RULES.name)
    return rules, read_folder(SEGMENT, rules)


@contextmanager
def our_server() -> Iterator[tuple[Flask, Site]]:
    """Our server, and an app that signs the same cards."""
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as folder:
        settings = Settings(instance=Path(folder), secret_key=KEY, demo=False)
        app = create_app(settings)
        with app.app_context(), own_site(settings, KEY) as site:
            yield app, site
        app.extensions["lectern_engine"].dispose()


@contextmanager
def bare_server() -> Iterator[str]:
    """The bare server's address."""
    with tempfile.TemporaryDirectory(prefix="lectern-bare-") as folder:
        settings = replace(Settings(), instance=Path(folder), secret_key=KEY, host="127.0.0.1", port=free_port())
        with serving(settings, Path(folder) / "log", app="bench.bare:app") as server:
            yield server.url
