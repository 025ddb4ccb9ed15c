"""The tables, a file per family of nouns. Import names from here; `Base.metadata` is the whole schema."""

from contest.models.awards import (
    Award,
    Certificate,
    CertificateKind,
    CertificateLayout,
    CertificateVersion,
    PrintBatch,
    PrintSheet,
    PrintState,
)
from contest.models.base import Base, new_public_id
from contest.models.changes import Decides, Override, RuleChange
from contest.models.contests import Act, Approval, Contest, Recount, ReleaseMode, Round, RoundState, RuleVersion, Seal
from contest.models.drafts import RuleDraft
from contest.models.entries import Appearance, AppearanceStatus, Assignment, Entry, Member, MemberRole, Visibility
from contest.models.files import Attachment, ImportBatch, StoredFile
from contest.models.findings import Adjustment, Ruling, RulingKind
from contest.models.ledger import Action, LedgerHead, LedgerRow, LedgerWords
from contest.models.organizations import Account, Duty, Level, Membership, Organization, Person, Role
from contest.models.panels import Lease, Panel, Seat, SeatRole, Sitting, Span
from contest.models.planning import Delegation, DivisionNote, Milestone, Task
from contest.models.registrations import (
    CheckIn,
    Consent,
    ConsentBy,
    Decision,
    Material,
    Registration,
    RegistrationState,
    Slot,
    Submission,
)
from contest.models.running import Break, ClockAct, ClockPress, Draw
from contest.models.sheets import (
    Mark,
    Message,
    MessageResult,
    Sheet,
    SheetKind,
    SheetState,
    Signature,
    StrayDecision,
)
from contest.models.stage import Audience, Frame, Scene, Screen, Stage

__all__ = [
    "Account", "Act", "Action", "Adjustment", "Appearance", "AppearanceStatus", "Approval", "Assignment", "Attachment",
    "Audience", "Award", "Base", "Break", "Certificate", "CertificateKind", "CertificateLayout", "CertificateVersion",
    "CheckIn", "ClockAct", "ClockPress", "Consent", "ConsentBy", "Contest", "Decides", "Decision", "Delegation",
    "DivisionNote", "Draw", "Duty", "Entry", "Frame", "ImportBatch", "Lease", "LedgerHead", "LedgerRow", "LedgerWords",
    "Level", "Mark", "Material", "Member", "MemberRole", "Membership", "Message", "MessageResult", "Milestone",
    "Organization", "Override", "Panel", "Person", "PrintBatch", "PrintSheet", "PrintState", "Recount", "Registration",
    "RegistrationState", "ReleaseMode", "Role", "Round", "RoundState", "RuleChange", "RuleDraft", "RuleVersion",
    "Ruling", "RulingKind", "Scene", "Screen", "Seal", "Seat", "SeatRole", "Sheet", "SheetKind", "SheetState",
    "Signature", "Sitting", "Slot", "Span", "Stage", "StoredFile", "StrayDecision", "Submission", "Task", "Visibility",
    "new_public_id",
]  # fmt: skip
