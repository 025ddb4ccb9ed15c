"""Fixtures of the tests that go through the app: an app on an empty database, and a contest with its accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.models import Role
from tests import builders


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database of this test's own."""
    made = builders.make_app(tmp_path)
    yield made
    made.extensions["lectern_engine"].dispose()


@pytest.fixture
def final(app: Flask) -> str:
    """A lecture final of three entries and seven judges, its round judging; its slug."""
    return builders.make_contest(app, judges=7)


@pytest.fixture
def as_role(app: Flask, final: str) -> Callable[[Role | None], FlaskClient]:
    """A browser signed in with this role in the final; with None, an account that has no part in it."""
    return lambda role: builders.client_of(
        app,
        builders.make_account(app, role.value, role, contest=final) if role else builders.make_account(app, "outsider"),
    )
