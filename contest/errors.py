"""The domain's exceptions: a code and arguments, never a sentence. `web/errors.py` puts them into words once."""

from __future__ import annotations


class ContestError(Exception):
    """Something the contest does not allow. `code` names the sentence, `args_` fill it."""

    code = "not_allowed"

    def __init__(self, **args_: object) -> None:
        super().__init__(self.code, args_)
        self.args_ = args_


class NotFound(ContestError):
    """There is no such thing, or the asker may not know of it."""

    code = "not_found"


class NotPermitted(ContestError):
    """The asker is known but may not do this."""

    code = "not_permitted"


class CardRevoked(ContestError):
    """The seat's card was replaced by a newer one."""

    code = "card_revoked"


class LeaseUnknown(ContestError):
    """The message carries no valid lease of this seat."""

    code = "lease_unknown"


class Malformed(ContestError):
    """The message or form does not have the agreed shape. `what` names the part."""

    code = "malformed"


class TooManyMessages(ContestError):
    """A revoked lease has used up what it may still leave behind. `seconds` until the next try."""

    code = "too_many_messages"


class StepNotAllowed(ContestError):
    """The round cannot go from `state` to `to`."""

    code = "step_not_allowed"


class RoundNotJudging(ContestError):
    """The round takes no marks, calls or releases now. `state` is where it stands."""

    code = "round_not_judging"


class SheetsMissing(ContestError):
    """Not every seat has submitted. `seats` are the numbers that are missing."""

    code = "sheets_missing"


class StraysUndecided(ContestError):
    """Stray messages wait for the chief judge. `count` of them."""

    code = "strays_undecided"


class NotReleased(ContestError):
    """The appearance's score is not out, so it cannot be taken back."""

    code = "not_released"


class AlreadyReleased(ContestError):
    """The appearance's score is out: take it back before changing what it rests on."""

    code = "already_released"


class AppearancesHeld(ContestError):
    """Scores that were never released. `numbers` of the appearances."""

    code = "appearances_held"


class ReasonMissing(ContestError):
    """This act needs a reason in words."""

    code = "reason_missing"


class NothingToCertify(ContestError):
    """No sealed round has given such an award, so there is nothing to certify."""

    code = "nothing_to_certify"


class CertificateRevoked(ContestError):
    """The certificate is revoked: it is issued again before it can be corrected or printed."""

    code = "certificate_revoked"


class NothingToPrint(ContestError):
    """No certificate fits what was asked for."""

    code = "nothing_to_print"


class AlreadyPrinted(ContestError):
    """Some of the sheets were printed before; printing them again needs a reason. `count` of them."""

    code = "already_printed"


class SecondPersonNeeded(ContestError):
    """The confirmer must be somebody else than the proposer."""

    code = "second_person_needed"


class NothingProposed(ContestError):
    """There is no open proposal to confirm."""

    code = "nothing_proposed"


class AlreadyProposed(ContestError):
    """Somebody has proposed this already; it waits for a second person."""

    code = "already_proposed"


class AdjustmentRefused(ContestError):
    """The value does not fit its kind: `why` is a mark error's code, `kind` the kind's id, `limit` where it has one."""

    code = "adjustment_refused"


class NameTaken(ContestError):
    """Something of this name exists already. `name` is it."""

    code = "name_taken"


class RulesUnusable(ContestError):
    """The rule file does not fit what is stored. `detail` is the rule engine's one clear line."""

    code = "rules_unusable"


class SheetNotSubmitted(ContestError):
    """There is no submitted sheet of this seat to give back."""

    code = "sheet_not_submitted"


class NotExpected(ContestError):
    """The door does not check the entry in: `why` is "out" (of the contest) or "elsewhere" (not in this round)."""

    code = "not_expected"


class PaperTooEarly(ContestError):
    """A summary of scores that are not all out. `numbers` of the appearances that are held."""

    code = "paper_too_early"


class StrayUnusable(ContestError):
    """A stray message cannot count: `why` is a message's reason code. It can only be set aside."""

    code = "stray_unusable"


class TextRefused(ContestError):
    """A text that a field cannot hold: `field`, `why`, and `most` and `found` lengths or what was found.

    `why`: "empty", "too_long", "unknown_field" and "field_missing" (`found`, the field in braces), "not_plain",
    "too_many" (counts).
    """

    code = "text_refused"


class CodeExpired(ContestError):
    """The one-time code is wrong, used up or too old."""

    code = "code_expired"


class FileRefused(ContestError):
    """An uploaded file that cannot be taken: `why`, and what was found and allowed.

    `why`: "empty", "too_large" (`size`, `most`, bytes), "wrong_kind" (`found`, `wanted`), "broken", "too_small"
    (`found`, `wanted`, pixels as "320×240"), "too_many_pixels".
    """

    code = "file_refused"


class DiskFull(ContestError):
    """The machine has no room for the file; nothing was stored."""

    code = "disk_full"


class ImportInUse(ContestError):
    """What an import made is used already, so the import cannot be undone. `used` names it."""

    code = "import_in_use"


class SheetSubmitted(ContestError):
    """The judge on this `seat` has submitted the sheet of this `number` already; it cannot be written over."""

    code = "sheet_submitted"


class NotOnStage(ContestError):
    """The clock runs only for who is on stage; `number` is not."""

    code = "not_on_stage"


class AlreadyBeenOn(ContestError):
    """Whoever is on stage or has been on is not waited for: `number`."""

    code = "already_been_on"


class ClockRunning(ContestError):
    """The talk clock of `number` still runs: stop it first."""

    code = "clock_running"


class ClockMoved(ContestError):
    """Somebody has pressed the clock since; only its last press can be undone."""

    code = "clock_moved"


class NotChecked(ContestError):
    """The talk of `number` was timed, and the scorekeeper has not confirmed its deductions yet."""

    code = "not_checked"


class ReleaseTooEarly(ContestError):
    """The contest's release `mode` ("lag_1" or "held") does not let this score out yet; `number` is whose."""

    code = "release_too_early"


class ScoresNotReady(ContestError):
    """Not every score of the round can go out: `numbers` are not ready."""

    code = "scores_not_ready"


class StageMoved(ContestError):
    """The screen has changed since the page was made: `scene` is on now, taken by `who` ("" where it followed)."""

    code = "stage_moved"


class SceneNotReady(ContestError):
    """The score scene has nothing that may be shown: the score of `number` is not released."""

    code = "scene_not_ready"
