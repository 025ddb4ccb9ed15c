"""The recount as one file that needs only Python: `python lectern-recount.pyz BUNDLE.zip`."""
from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from contest.rules.sources import zip_bytes

NAME = "lectern-recount.pyz"
SHEBANG = b"#!/usr/bin/env python3\n"
# It is read by every Python 3, so that an old one says what it lacks instead of what it does not understand.
MAIN = b'''import sys

if sys.version_info < (3, 11):
    sys.exit("lectern-recount needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])
from contest.rules.command import main

sys.exit(main())
'''
_KINDS = (".py", ".toml")


@lru_cache(maxsize=1)
def program() -> bytes:
    """The zipapp: a shebang and a .zip of this package, the same bytes wherever the same code is."""
    package = files("contest.rules")
    inside = {"__main__.py": MAIN, "contest/__init__.py": files("contest").joinpath("__init__.py").read_bytes()}
    for name, data in sorted(_below(package, "contest/rules").items()):
        inside[name] = data
    return SHEBANG + zip_bytes(inside)


def _below(folder: Traversable, path: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for each in folder.iterdir():
        if each.is_dir():
            found |= _below(each, f"{path}/{each.name}")
        elif each.name.endswith(_KINDS) and not each.name.startswith("."):
            found[f"{path}/{each.name}"] = each.read_bytes()
    return found
