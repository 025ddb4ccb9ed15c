"""The leaderboard's tests share the app's fixtures."""

from tests.fixtures_app import app, as_role, final

__all__ = ["app", "as_role", "final"]
