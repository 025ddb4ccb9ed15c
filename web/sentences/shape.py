"""The shape of the tables: a code and the function that fills its sentence with the error's arguments."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

Args = dict[str, object]
Table = dict[str, Callable[[Args], str]]


def nothing_done() -> str:
    """What is said where a code has no sentence of its own."""
    return str(_("现在不能这样做，没有做任何改动。"))


def listed(values: object) -> str:
    """Several values as they are read in a sentence."""
    return str(_("、")).join(str(value) for value in values) if isinstance(values, list) else str(values)
