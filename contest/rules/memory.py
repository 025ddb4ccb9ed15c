"""What an earlier recount found, kept with all that it rests on: what has not changed need not be counted again.

There is no second way of counting. A remembered result is what the very same function gave for equal arguments, and
the function sees nothing but its arguments; so a recount with a memory and one without it are always equal.
"""
from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, TypeVarTuple, cast

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Memory:
    """The results of one contest's last recount. Give the same memory to each compute() of a live contest.

    Numbers that differ only in zeros at the end (27.5 and 27.50) are equal here as everywhere. It holds one recount's
    results and no more: what a recount does not ask for is forgotten with the next.
    """

    __slots__ = ("_earlier", "_found")

    def __init__(self) -> None:
        self._earlier: dict[Hashable, tuple[tuple[Any, ...], Any]] = {}
        self._found: dict[Hashable, tuple[tuple[Any, ...], Any]] = {}

    @property
    def size(self) -> int:
        """How many results the last recount asked for."""
        return len(self._found)

    def begin(self) -> None:
        """A recount begins: keep what the last one asked for, forget what only those before it did."""
        self._earlier, self._found = self._found, {}

    def call(self, key: Hashable, function: Callable[[*Ts], T], *rests_on: *Ts) -> T:
        """function(*rests_on), or what it gave under this key when its arguments were equal to these.

        The function must be pure, and nobody may change its arguments or its result afterwards.
        """
        at = (function, key)
        known = self._found.get(at) or self._earlier.get(at)
        if known is None or known[0] != rests_on:
            known = (rests_on, function(*rests_on))
        self._found[at] = known
        return cast(T, known[1])
