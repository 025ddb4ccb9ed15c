"""The one policy: who may see what of an appearance, and when. Every page, stream, export and message asks here."""

from __future__ import annotations

import enum
import re

from contest.models import Appearance, Audience, Entry, RoundState


class Surface(enum.Enum):
    """A thing that can be shown of an appearance."""

    CONTESTANT = "contestant"  # number, name, topic, unit
    SCORE = "score"  # the result, its place and the sentence that explains it
    MARKS = "marks"  # what each seat gave
    REVIEW = "review"  # what each seat gave, to the chief judge and the organizer who answer for the result
    DOTS = "dots"  # which seats have submitted
    JUDGES = "judges"  # who sits on the seats
    RESULT = "result"  # its place in the official result, and the facts that anybody needs to recount it


class When(enum.Enum):
    """From which moment a thing may be seen."""

    NEVER = "never"
    ALWAYS = "always"
    COMPLETE = "complete"  # once every seat's sheet is in
    RELEASED = "released"  # while the score is out
    PUBLISHED = "published"  # while the score is out and its round is published


POLICY: dict[tuple[Surface, Audience], When] = {
    (Surface.CONTESTANT, Audience.PUBLIC): When.ALWAYS,
    (Surface.CONTESTANT, Audience.SCREEN): When.ALWAYS,
    (Surface.CONTESTANT, Audience.STAFF): When.ALWAYS,
    (Surface.SCORE, Audience.PUBLIC): When.RELEASED,
    (Surface.SCORE, Audience.SCREEN): When.RELEASED,
    (Surface.SCORE, Audience.STAFF): When.COMPLETE,
    (Surface.MARKS, Audience.PUBLIC): When.RELEASED,
    (Surface.MARKS, Audience.SCREEN): When.RELEASED,
    (Surface.MARKS, Audience.STAFF): When.RELEASED,
    (Surface.REVIEW, Audience.PUBLIC): When.NEVER,
    (Surface.REVIEW, Audience.SCREEN): When.NEVER,
    # With every sheet in there is no judge left whom a number could lead; before that the chief judge sees dots too.
    (Surface.REVIEW, Audience.STAFF): When.COMPLETE,
    # The dots would tell the phones in the hall how the panel works; the screen shows them when the operator wants.
    (Surface.DOTS, Audience.PUBLIC): When.NEVER,
    (Surface.DOTS, Audience.SCREEN): When.ALWAYS,
    (Surface.DOTS, Audience.STAFF): When.ALWAYS,
    (Surface.JUDGES, Audience.PUBLIC): When.NEVER,
    (Surface.JUDGES, Audience.SCREEN): When.NEVER,
    (Surface.JUDGES, Audience.STAFF): When.ALWAYS,
    # Judges come into it by their seats alone (contest.anonymity), entries by their codes.
    (Surface.RESULT, Audience.PUBLIC): When.PUBLISHED,
    (Surface.RESULT, Audience.SCREEN): When.PUBLISHED,
    (Surface.RESULT, Audience.STAFF): When.RELEASED,
}


def may_see(surface: Surface, audience: Audience, appearance: Appearance, *, complete: bool = False) -> bool:
    """Whether this audience may see this of the appearance now. `complete`: every seat's sheet is in."""
    when = POLICY[surface, audience]
    if when is When.PUBLISHED:
        return appearance.is_released and appearance.round.state is RoundState.PUBLISHED
    return (
        when is When.ALWAYS
        or (when is When.RELEASED and appearance.is_released)
        or (when is When.COMPLETE and (complete or appearance.is_released))
    )


def shown_name(entry: Entry, audience: Audience) -> str | None:
    """An entry's name as this audience may read it: the public reads a minor's family name alone, 张*.

    The hall's screen shows the whole name: whoever is on stage is seen by everybody there.
    """
    return None if entry.name is None else shown_names(entry.name, entry, audience)


def shown_names(names: str, entry: Entry, audience: Audience) -> str:
    """Names that were written down for an entry earlier (on a certificate) as this audience may read them now."""
    return mask(names) if entry.masked and audience is Audience.PUBLIC else names


def mask(names: str) -> str:
    """Names reduced to their first characters: 张小明、阿依努尔·艾山 → 张*、阿*; how long they were is not told."""
    return re.sub(r"[^、，,;；/\s][^、，,;；/]*", lambda name: f"{name[0][0]}*", names)
