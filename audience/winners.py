"""Reads of the results page: the winners as published, by award and division, with nothing the public may not read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest import awarding, publishing, queries
from contest.models import (
    Appearance,
    Audience,
    Award,
    Certificate,
    CertificateVersion,
    Contest,
    Entry,
    Round,
    Seal,
)
from contest.rules import Rules
from contest.visibility import Surface, may_see, shown_name


@dataclass(frozen=True)
class Winner:
    """A line of the notice. `place` and `score` are None while the round they come from is not published."""

    number: str
    name: str | None
    unit: str | None
    title: str | None
    division: str | None
    place: int | None
    score: str | None
    story: str = ""

    def matches(self, wanted: str) -> bool:
        """Whether a search finds it: in what is shown, never in a name behind its mask."""
        shown = " ".join(each or "" for each in (self.number, self.name, self.unit, self.title))
        return wanted.casefold() in shown.casefold()


@dataclass(frozen=True)
class AwardList:
    """An award with its winners, division by division where there are several."""

    title: str
    rank: int
    count: int
    divisions: Sequence[tuple[str, Sequence[Winner]]]


@dataclass(frozen=True)
class Correction:
    """What was put right after publication: an award that a newer seal changed, or a certificate's wording."""

    name: str | None
    number: str
    before: str | None
    after: str | None
    at: datetime
    certificate: bool = False


@dataclass(frozen=True)
class Notice:
    """The published winners, the seals they rest on, and what was corrected."""

    awards: Sequence[AwardList]
    total: int
    found: int
    seals: Sequence[tuple[str, Seal]]
    corrections: Sequence[Correction]

    @property
    def resealed(self) -> list[tuple[str, Seal]]:
        """The rounds that were sealed more than once."""
        return [(title, seal) for title, seal in self.seals if seal.number > 1]


def notice(db: Session, contest: Contest, *, wanted: str, lang: str) -> Notice:
    """The notice as everybody may read it; `wanted` keeps the lines that show it. Ask only where it is published."""
    rules = queries.rules_of(queries.rule_version(db, contest))
    standing = awarding.standing_awards(db, contest)
    lines = _lines(db, contest, standing, rules, lang)
    shown = [(award, line) for award, line in zip(standing, lines, strict=True) if line.matches(wanted)]
    seals = {award.seal.round_id: award.seal for award in standing}
    titles = {code: each.title.in_(lang) for code, each in rules.rounds.items()}
    return Notice(
        _by_award(shown, lang), len(standing), len(shown),
        [(titles.get(seal.round.code, seal.round.code), seal) for seal in seals.values()],
        [*_changed(db, list(seals.values()), lang), *_reworded(db, standing, lang)],
    )  # fmt: skip


def _lines(db: Session, contest: Contest, standing: Sequence[Award], rules: Rules, lang: str) -> list[Winner]:
    scores = {award.seal_id: _scores(award.seal) for award in standing}
    appearances = {
        (each.round_id, each.entry_id): each
        for each in db.scalars(
            select(Appearance).where(Appearance.entry_id.in_([award.entry_id for award in standing]))
            .options(joinedload(Appearance.round))
        )
    }  # fmt: skip
    stories = {
        (each.code, row["entry"]): row["story"][lang]
        for each in publishing.published(db, contest).rounds for row in each.rows
    }
    found = []
    for award in standing:
        entry, appearance = award.entry, appearances.get((award.seal.round_id, award.entry_id))
        public = appearance is not None and may_see(Surface.RESULT, Audience.PUBLIC, appearance)
        found.append(Winner(
            appearance.number if appearance else entry.code, shown_name(entry, Audience.PUBLIC), entry.unit,
            entry.title,
            rules.division_title(entry.division, lang) if entry.division else None,
            award.place if public else None, scores[award.seal_id].get(entry.code) if public else None,
            stories.get((award.seal.round.code, entry.code), "") if public else "",
        ))  # fmt: skip
    return found


def _scores(seal: Seal) -> Mapping[str, str | None]:
    return {row["entry"]: row["score"] for row in json.loads(seal.standings)["standings"]}


def _by_award(shown: Sequence[tuple[Award, Winner]], lang: str) -> list[AwardList]:
    lists: dict[tuple[int, str], list[Winner]] = {}
    for award, line in shown:
        lists.setdefault((award.rank, award_title(award, lang)), []).append(line)
    found = []
    for (rank, title), lines in sorted(lists.items()):
        divisions: dict[str, list[Winner]] = {}
        for line in lines:
            divisions.setdefault(line.division or "", []).append(line)
        found.append(AwardList(title, rank, len(lines), list(divisions.items())))
    return found


def award_title(award: Award, lang: str) -> str:
    """An award's title in the page's language."""
    return award.title_en if lang == "en" and award.title_en else award.title


def _changed(db: Session, seals: Sequence[Seal], lang: str) -> list[Correction]:
    found = []
    for seal in seals:
        for change in awarding.changes(db, seal):
            entry: Entry = change.entry
            before, after = (award_title(a, lang) if a else None for a in (change.before, change.after))
            found.append(
                Correction(shown_name(entry, Audience.PUBLIC), entry.code, before, after, seal.sealed_at)
            )
    return found


def _reworded(db: Session, standing: Sequence[Award], lang: str) -> list[Correction]:
    """Certificates whose wording was corrected: whose, and when; what was wrong is not told to everybody."""
    awards = {award.id: award for award in standing}
    rows = db.execute(
        select(Certificate.award_id, CertificateVersion.issued_at).join(CertificateVersion.certificate)
        .where(Certificate.award_id.in_(awards), CertificateVersion.version > 1, Certificate.revoked_at.is_(None))
        .order_by(CertificateVersion.issued_at.desc())
    )  # fmt: skip
    latest: dict[int, datetime] = {}
    for award_id, at in rows:
        latest.setdefault(award_id, at)
    return [
        Correction(
            shown_name(awards[id].entry, Audience.PUBLIC), awards[id].entry.code, None, award_title(awards[id], lang),
            at, certificate=True,
        )
        for id, at in latest.items()
    ]  # fmt: skip


def released(db: Session, contest: Contest) -> int:
    """How many scores of the contest the public can read now."""
    appearances = db.scalars(select(Appearance).join(Appearance.round).where(Round.contest_id == contest.id))
    return sum(may_see(Surface.SCORE, Audience.PUBLIC, each) for each in appearances)
