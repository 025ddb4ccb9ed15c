"""What can be wrong with a rule file, a contest folder or a single mark, each said in one line."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHOWN_CHARACTERS = 60


def quoted(found: object) -> str:
    """`found` as one short printable piece: text in quotes, a table or list only named, never a line break."""
    if isinstance(found, str):
        cut = found if len(found) <= SHOWN_CHARACTERS else found[:SHOWN_CHARACTERS] + "…"
        return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut) + '"'
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, dict):
        return "{…}"
    if isinstance(found, (list, tuple)):
        return "[…]"
    if isinstance(found, int) and found.bit_length() > 200:  # turning it into digits may be refused by Python itself
        return "9…9"
    return str(found)[:SHOWN_CHARACTERS]


class RulesError(Exception):
    """Base of everything this package raises about its input. `wanted` is a code of words/*.toml under [expected]."""

    def __init__(self, wanted: str, args: Mapping[str, Any]) -> None:
        super().__init__(wanted, dict(args))
        self.wanted = wanted
        self.wanted_args = dict(args)

    @property
    def expected(self) -> str:
        """What would have been right, in English."""
        from contest.rules.saying import say_expected
        return say_expected(self.wanted, self.wanted_args, "en")

    def in_(self, lang: str) -> str:
        """The whole error as one line in `lang` ("zh" or "en"): what is expected, where there is no place to name."""
        from contest.rules.saying import say_expected
        return say_expected(self.wanted, self.wanted_args, lang)

    def __str__(self) -> str:
        return self.in_("en")


class RuleFileError(RulesError):
    """A rule file that cannot be used: `source` (its name), `key` (dotted, or a line and column), found, expected."""

    def __init__(self, source: str, key: str, found: object, wanted: str, /, **args: Any) -> None:
        super().__init__(wanted, args)
        self.source = source
        self.key = key
        self.found = found

    def in_(self, lang: str) -> str:
        from contest.rules.saying import say_rule_error
        return say_rule_error(self, lang)


class FolderError(RulesError):
    """A contest folder that cannot be used: `file`, `row` (as a spreadsheet counts, from 1), `column`, `found`."""

    def __init__(
        self, file: str, row: int | None, column: str | None, found: object, wanted: str, /, **args: Any,
    ) -> None:
        super().__init__(wanted, args)
        self.file = file
        self.row = row
        self.column = column
        self.found = found

    def in_(self, lang: str) -> str:
        from contest.rules.saying import say_folder_error
        return say_folder_error(self, lang)


class MarkError(RulesError):
    """A mark or value that is not allowed.

    `code`: not_a_number, below_min, above_max or off_step, with `wanted_args` found, min, max, step; or no_level,
    with found and known.
    """

    def __init__(self, code: str, **args: Any) -> None:
        super().__init__(code, args)
        self.code = code
