"""What stops a replay, each said in one line."""

from __future__ import annotations


class ReplayError(Exception):
    """The replay cannot start or cannot go on; the message is one clear line for whoever typed the command."""
