"""A contest's rules as data: a rule file and the facts become standings, every step explained. Standard library only.

Read in this order: shape and shape_* (what a rule file says), facts (what happened), computing (facts to standings)
with scoring (a round: sheets, between_judges, reviewing, panel, dances, chain), combining (several rounds), ranking
and ties, awards, outcome, saying (in words); live and memory for a contest that is counted again after every sheet.
reading and reading_*, table and keys read the rule file; folder, folder_checks, csvfiles and writing are the contest
folder; command and comparing are `python -m contest.rules`; sources reads a folder or a .zip, and program makes all of
it one file.
"""
from contest.rules.computing import compute
from contest.rules.cuts import written
from contest.rules.errors import FolderError, MarkError, RuleFileError, RulesError
from contest.rules.facts import (
    AdjustmentFact,
    AppearanceFact,
    AssignmentFact,
    EntryFact,
    Facts,
    MarkFact,
    MemberFact,
    RulingFact,
    SittingFact,
)
from contest.rules.folder import read_folder
from contest.rules.json_form import outcome_json
from contest.rules.live import LiveFacts
from contest.rules.memory import Memory
from contest.rules.numbers import Rounding, RoundingMode
from contest.rules.outcome import (
    Advancing,
    AppliedAdjustment,
    ComponentScore,
    EntryScore,
    GivenAward,
    Outcome,
    RoundOutcome,
    SheetScore,
    Standing,
    Status,
    Step,
)
from contest.rules.overrides import NO_AWARD
from contest.rules.reading import read_rules
from contest.rules.saying import say, say_panel, say_status, story
from contest.rules.shape import (
    AdjustmentKind,
    Band,
    Clock,
    Criterion,
    PanelRule,
    ResultRules,
    RoundRules,
    Rules,
    Take,
    Text,
    Trim,
)
from contest.rules.shape_awards import AwardPer, AwardRules, AwardSize, AwardTies
from contest.rules.writing import write_folder

__all__ = [
    "NO_AWARD",
    "AdjustmentFact",
    "AdjustmentKind",
    "Advancing",
    "AppearanceFact",
    "AppliedAdjustment",
    "AssignmentFact",
    "AwardPer",
    "AwardRules",
    "AwardSize",
    "AwardTies",
    "Band",
    "Clock",
    "ComponentScore",
    "Criterion",
    "EntryFact",
    "EntryScore",
    "Facts",
    "FolderError",
    "GivenAward",
    "LiveFacts",
    "MarkError",
    "MarkFact",
    "MemberFact",
    "Memory",
    "Outcome",
    "PanelRule",
    "ResultRules",
    "RoundOutcome",
    "RoundRules",
    "Rounding",
    "RoundingMode",
    "RuleFileError",
    "Rules",
    "RulesError",
    "RulingFact",
    "SheetScore",
    "SittingFact",
    "Standing",
    "Status",
    "Step",
    "Take",
    "Text",
    "Trim",
    "compute",
    "outcome_json",
    "read_folder",
    "read_rules",
    "say",
    "say_panel",
    "say_status",
    "story",
    "write_folder",
    "written",
]
