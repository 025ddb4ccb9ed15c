"""What was typed into a form of this door: kept as it was, with a sentence beside each field that does not fit."""

from __future__ import annotations

from collections.abc import Mapping

from contest.errors import ContestError
from web.sentences import sentence


class Typed:
    """A form on its way in. `errors` maps a field's name to its sentence."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = dict(values or {})
        self.errors: dict[str, str] = {}

    def value(self, name: str, default: object = "") -> str:
        """What stands in a field: as typed, else what is stored."""
        stored = "" if default is None else str(default)
        return self.values.get(name, stored)

    def refuse(self, name: str, why: str | ContestError) -> None:
        """Note what is wrong with a field; the first sentence stays."""
        self.errors.setdefault(name, sentence(why) if isinstance(why, ContestError) else why)
