"""The indicator tree of a rule file: [groups.NAME], and which of them a round uses."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from contest.rules.shape import Criterion, Group
from contest.rules.table import Table


def read_groups(file: Table) -> dict[str, Group]:
    """All groups by name. A group may belong to another one, but not in a circle."""
    tables = dict(file.named("groups", "group"))
    groups = {
        id: Group(id, table.text("title"), table.id("group", list(tables)) if "group" in table.data else None)
        for id, table in tables.items()
    }
    for id, table in tables.items():
        circle = [id]
        while (parent := groups[circle[-1]].parent) is not None and parent not in circle:
            circle.append(parent)
        if parent == id:
            table.fail("group", groups[id].parent, "no_circle", circle=[*circle, id])
    return groups


def ancestors(groups: Mapping[str, Group], criterion: Criterion) -> frozenset[str]:
    """The nodes above a criterion."""
    found = set()
    at = criterion.group
    while at is not None:
        found.add(at)
        at = groups[at].parent
    return frozenset(found)


def used_groups(
    groups: Mapping[str, Group], criteria: Sequence[Criterion],
) -> tuple[tuple[Group, ...], dict[str, frozenset[str]]]:
    """The nodes above these criteria in the order of the file, a parent before its children; and those above each."""
    above = {criterion.id: ancestors(groups, criterion) for criterion in criteria}
    used = frozenset[str]().union(*above.values())
    ordered: list[Group] = []

    def put(parent: str | None) -> None:
        for group in groups.values():
            if group.parent == parent and group.id in used:
                ordered.append(group)
                put(group.id)

    if used:
        put(None)
    return tuple(ordered), above if used else {}
