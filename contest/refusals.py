"""What the review of registrations and the running order do not allow: domain errors like those of errors.py."""

from __future__ import annotations

from contest.errors import ContestError


class AlreadyDecided(ContestError):
    """Somebody has decided about this registration: `who`, `at` (an instant), `state` it is in now."""

    code = "already_decided"


class FormChanged(ContestError):
    """The registration was changed after the reviewer had opened it."""

    code = "form_changed"


class ConsentMissing(ContestError):
    """The contestant is so young that a guardian has to agree first."""

    code = "consent_missing"


class QuotaFull(ContestError):
    """A delegation has used up its quota: `delegation`, `used`, `quota`."""

    code = "quota_full"


class NothingUnlocked(ContestError):
    """A return that names no field: the contestant could change nothing."""

    code = "nothing_unlocked"


class EntryInUse(ContestError):
    """The entry takes part already, so its acceptance cannot be taken back. `number` is the entry's code."""

    code = "entry_in_use"


class DeadlinePast(ContestError):
    """A deadline that lies in the past."""

    code = "deadline_past"


class NobodyTakesPart(ContestError):
    """There is no entry to bring into an order."""

    code = "nobody_takes_part"


class PanelMissing(ContestError):
    """The contest has no such panel to judge the round."""

    code = "panel_missing"


class OrderFixed(ContestError):
    """The running order can no longer be changed this way. `why`: "begun", "published", "on_stage" (`number`)."""

    code = "order_fixed"


class DrawNotPrepared(ContestError):
    """There is no committed seed to draw with."""

    code = "draw_not_prepared"


class AlreadyWithdrawn(ContestError):
    """The entry has withdrawn from the round already. `number` of its appearance."""

    code = "already_withdrawn"


class AlreadyInRound(ContestError):
    """The entry takes part in the round already. `number` of it."""

    code = "already_in_round"


class BreakTaken(ContestError):
    """There is a break at this place already. `after` is the position."""

    code = "break_taken"


class NotRanked(ContestError):
    """The round's standings cannot send anybody on: `why` "state" or "nobody"."""

    code = "not_ranked"


class NobodyLeft(ContestError):
    """There is nobody further down the ranking to move up."""

    code = "nobody_left"


class RulesFixed(ContestError):
    """Marks were given by these rules, so they can no longer be exchanged."""

    code = "rules_fixed"


class DraftMoved(ContestError):
    """Somebody else saved the draft of the rules meanwhile, or put it in force or dropped it.

    `who` and `at` (an instant) of the save that stands, None where there is no draft any more.
    """

    code = "draft_moved"


class RulesUnfit(ContestError):
    """Something stored does not fit the proposed rules: `what` it is, and where, with texts of the rules in force.

    `what`: "round" (`round`), "division" (`division`, `count` entries), "criterion" (`round`, `name`, `count` marks),
    "nature" (the same: they were given as another kind of mark), "kind" (`round`, `name`, `count` values), "factor"
    (`round`, `number`, `name`), "mark" (`round`, `number`, `seat`, `name`, `value`, `why` and `limit`), "value"
    (`round`, `number`, `name`, `value`, `why`, `limit`), "zero" (`round`, `name`: a zero was ruled for that
    criterion), "clock" (`number`: a part of its talk is being timed).
    """

    code = "rules_unfit"


class RulesSame(ContestError):
    """The proposed rule file is the one in force."""

    code = "rules_same"


class RulesMoved(ContestError):
    """Other rules came into force after the change was proposed. `number` of that version."""

    code = "rules_moved"


class RoundsSealed(ContestError):
    """The change would move a result that is sealed. `rounds`: their titles; they have to be reopened first."""

    code = "rounds_sealed"


class OverrideNotNow(ContestError):
    """A place or an award is decided by hand only while the round is locked. `state` is what it is now."""

    code = "override_not_now"


class RoundInUse(ContestError):
    """The round has a running order, so it cannot be left out of the rules. `round` is its code."""

    code = "round_in_use"


class SeatInUse(ContestError):
    """Somebody on the seat has given marks, so it cannot be removed. `seat` is its number."""

    code = "seat_in_use"


class LastOrganizer(ContestError):
    """The contest would be left without anybody who may organize it."""

    code = "last_organizer"


class RegistrationClosed(ContestError):
    """The form takes nothing now: `why` is "before", "closed", "full" or the registration's state."""

    code = "registration_closed"


class FieldLocked(ContestError):
    """A returned form is open for the fields that the review named only. `field` is not one of them."""

    code = "field_locked"


class AnswersChanged(ContestError):
    """Somebody else changed the same fields meanwhile. `fields`: what is stored of them, `version`: which it is."""

    code = "answers_changed"


class NotReady(ContestError):
    """A registration that cannot be submitted yet: `count` things stand in the way."""

    code = "not_ready"


class AwardsMissing(ContestError):
    """There are no awards to give or to publish: `why` is "rules" (the rule file names none) or "given" (none yet)."""

    code = "awards_missing"


class AwardsFixed(ContestError):
    """These awards cannot be given otherwise: `why` is "published" (the public reads them) or "certified"."""

    code = "awards_fixed"


class StandingsMoved(ContestError):
    """What the seal says is not what a recount says now: the round has to be sealed again."""

    code = "standings_moved"


class DateRefused(ContestError):
    """A date that cannot be used: `field`, and `why` ("past")."""

    code = "date_refused"


class JudgeHasMarked(ContestError):
    """The judge has marked somebody of this part of the round already. `number` of the first of them."""

    code = "judge_has_marked"


class SubstituteMisplaced(ContestError):
    """A substitute can begin with this running-order number at the earliest: `first`."""

    code = "substitute_misplaced"


class SigningClosed(ContestError):
    """The round's sheets are not signed now. `state` is where it stands."""

    code = "signing_closed"


class SheetsNotIn(ContestError):
    """A judge signs once all own sheets are handed in. `numbers` of the appearances without one."""

    code = "sheets_not_in"


class SheetsChanged(ContestError):
    """The sheets are others than those the judge saw when signing."""

    code = "sheets_changed"


class SignatureRefused(ContestError):
    """Neither a drawn nor a typed signature. `why` names what is wrong, `name` the one to type."""

    code = "signature_refused"
