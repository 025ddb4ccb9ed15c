"""The tables, a file per family of nouns. Import names from here; `Base.metadata` is the whole schema."""

from contest.models.base import Base, new_public_id
from contest.models.contests import Act, Approval, Contest, Recount, Round, RoundState, RuleVersion, Seal
from contest.models.entries import Appearance, AppearanceStatus, Assignment, Entry, Member, MemberRole, Visibility
from contest.models.findings import Adjustment, Ruling, RulingKind
from contest.models.ledger import Action, LedgerHead, LedgerRow
from contest.models.organizations import Account, Duty, Level, Membership, Organization, Person, Role
from contest.models.panels import Lease, Panel, Seat, SeatRole, Sitting, Span
from contest.models.sheets import Mark, Message, MessageResult, Sheet, SheetKind, SheetState, StrayDecision
from contest.models.stage import Audience, Frame, Scene, Screen, Stage

__all__ = [
    "Account", "Act", "Action", "Adjustment", "Appearance", "AppearanceStatus", "Approval", "Assignment", "Audience",
    "Base", "Contest", "Duty", "Entry", "Frame", "Lease", "LedgerHead", "LedgerRow", "Level", "Mark", "Member",
    "MemberRole", "Membership", "Message", "MessageResult", "Organization", "Panel", "Person", "Recount", "Role",
    "Round", "RoundState", "RuleVersion", "Ruling", "RulingKind", "Scene", "Screen", "Seal", "Seat", "SeatRole",
    "Sheet", "SheetKind", "SheetState", "Sitting", "Span", "Stage", "StrayDecision", "Visibility", "new_public_id",
]  # fmt: skip
