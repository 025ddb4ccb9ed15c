"""What a rule file says, as frozen values: its rounds, the result out of them, awards; the parts are in shape_*.py."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from contest.rules.shape_attempts import AttemptsRule
from contest.rules.shape_chain import Adjust, Ceiling, ChainStep, Floor, Plus, Scale, ScaleScope, Times
from contest.rules.shape_marks import (
    AdjustmentKind,
    Apply,
    Band,
    Clock,
    Criterion,
    CriterionKind,
    Family,
    Group,
    Level,
    Text,
    checked,
)
from contest.rules.shape_panel import Missing, PanelOf, PanelRule, Take, Trim
from contest.rules.shape_ranking import PLAIN_RANKING, Better, Order, RankingRules, Shared
from contest.rules.shape_result import AdvanceRule, CarryRule, ResultRules
from contest.rules.shape_sheet import ReviewRule, SheetRule
from contest.rules.shape_ties import TieBreak, TieBy, TieOf

if TYPE_CHECKING:
    from contest.rules.shape_awards import AwardRules

__all__ = [
    "Adjust", "AdjustmentKind", "Apply", "Band", "Better", "Ceiling", "ChainStep", "Clock", "Criterion",
    "CriterionKind", "Family", "Floor", "Group", "Level", "Missing", "Order", "PanelOf", "PanelRule", "Plus",
    "RankingRules", "ResultRules", "RoundRules", "Rules", "Scale", "ScaleScope", "Shared", "Take", "Text",
    "TieBreak", "TieBy", "TieOf", "Times", "Trim", "checked",
]


@dataclass(frozen=True, slots=True)
class RoundRules:
    """One round. `sheet_max` is None where a sheet's sum has no meaning (marks are dropped per criterion).

    `adjustments` are all kinds that may be recorded; those `per_attempt` belong to one attempt, where there are
    several, and those `measured` are not what acts on the score. A round without judges has no criteria and the panel
    NO_PANEL. `asks` is what some chain compares here that is not at hand otherwise.
    `groups` are the nodes of its indicator tree, a parent before its children; `above` each criterion's.
    """

    id: str
    title: Text
    criteria: tuple[Criterion, ...]
    sheet_max: Decimal | None
    panel: PanelRule
    adjustments: tuple[AdjustmentKind, ...]
    families: Mapping[str, Family]
    after: tuple[ChainStep, ...]
    tie_break: tuple[TieBreak, ...]
    places: int
    divisions: Mapping[str, RoundRules] = field(default_factory=dict)
    ranking: RankingRules = PLAIN_RANKING
    sheet: SheetRule | None = None
    review: ReviewRule | None = None
    attempts: AttemptsRule | None = None
    per_attempt: tuple[AdjustmentKind, ...] = ()
    measured: tuple[AdjustmentKind, ...] = ()
    groups: tuple[Group, ...] = ()
    above: Mapping[str, frozenset[str]] = field(default_factory=dict)
    asks: frozenset[TieBy] = frozenset()
    carry: CarryRule | None = None
    advance: AdvanceRule | None = None

    @property
    def is_judged(self) -> bool:
        """Whether judges mark this round; otherwise its scores come from recorded values alone."""
        return self.panel.of is not PanelOf.NONE

    @property
    def clocks(self) -> dict[str, Clock]:
        """The timed parts of a talk in the order of the rule file, by the adjustment kind that they lead to."""
        return {kind.id: kind.clock for kind in self.adjustments if kind.clock is not None}

    def for_division(self, code: str | None) -> RoundRules:
        """The rules as they hold for one division: these, with what the division overrides."""
        return self if code is None else self.divisions.get(code, self)

    def criterion(self, id: str) -> Criterion | None:
        """The criterion with this id."""
        return next((c for c in self.criteria if c.id == id), None)

    def adjustment(self, id: str) -> AdjustmentKind | None:
        """The adjustment kind with this id."""
        return next((k for k in self.adjustments if k.id == id), None)


@dataclass(frozen=True, slots=True)
class Rules:
    """A whole rule file; `data` are its bytes and `sha256` their digest (hex)."""

    title: Text
    divisions: Mapping[str, Text]
    rounds: Mapping[str, RoundRules]
    result: ResultRules
    sha256: str
    data: bytes
    awards: tuple[AwardRules, ...] = ()

    def division_title(self, code: str | None, lang: str) -> str:
        """What a division is called in `lang`: its title, or its code where the file gives none."""
        title = self.divisions.get(code) if code is not None else None
        return (code or "") if title is None else title.in_(lang)
