"""The commands' tests share the app's fixtures."""

from tests.fixtures_app import app, final

__all__ = ["app", "final"]
