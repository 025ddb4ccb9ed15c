"""Who may open which route: the one table, which web/gate.py asks before every request."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from flask import g

from contest.models import Role
from web.account import SignedIn, actor, duties, offices, public_contest

__all__ = ["ROUTES", "WELCOMING", "Access", "SignedIn", "actor", "duties", "may", "offices", "opens", "public_contest"]


class Access(enum.Enum):
    """What a route asks for that is not a role in a contest."""

    PUBLIC = "public"  # anybody
    TOKEN = "token"  # a signed link in the address, which the route opens itself  # noqa: S105
    LEASE = "lease"  # a seat's lease, which the route proves itself
    HOLDER = "holder"  # a registration whose code this browser holds, which the route proves itself
    SIGNED_IN = "signed_in"  # any account
    OFFICE = "office"  # an account that works for an organization: it may make contests


ORGANIZING = frozenset({Role.ORGANIZER})
LEADING = frozenset({Role.ORGANIZER, Role.CHIEF})
RUNNING = frozenset({Role.CHIEF, Role.SCOREKEEPER})
CALLING = RUNNING | {Role.CALLER}
TIMING = RUNNING | {Role.TIMER}
SCREENING = RUNNING | {Role.OPERATOR}
PRESENTING = RUNNING | {Role.MC, Role.ORGANIZER}
WELCOMING = frozenset({Role.ORGANIZER, Role.STEWARD})
PRINTING = ORGANIZING | RUNNING
MINUTES = PRINTING | {Role.SUPERVISOR}
RECORD = LEADING | {Role.SUPERVISOR}
STAFF = frozenset(Role)
# The desk shows what a release would show; whoever meets the audience before it is out does not see that.
DESK = STAFF - {Role.STEWARD, Role.CALLER, Role.MC}

ROUTES: dict[str, Access | frozenset[Role]] = {
    "static": Access.PUBLIC,
    "bootstrap.static": Access.PUBLIC,
    "health": Access.PUBLIC,
    "accounts.login": Access.PUBLIC,
    "accounts.sign_in": Access.PUBLIC,
    "accounts.logout": Access.SIGNED_IN,
    "accounts.language": Access.PUBLIC,
    "accounts.welcome": Access.PUBLIC,
    "accounts.redeem": Access.PUBLIC,
    "audience.contest": Access.PUBLIC,
    "audience.calendar": Access.PUBLIC,
    "audience.attachment": Access.PUBLIC,
    "audience.results": Access.PUBLIC,
    "audience.results_json": Access.PUBLIC,
    "audience.results_bundle": Access.PUBLIC,
    "audience.recount_program": Access.PUBLIC,
    "audience.receipt": Access.PUBLIC,
    "audience.live": Access.PUBLIC,
    "guide.help": Access.PUBLIC,
    "guide.role": Access.PUBLIC,
    "guide.status": Access.PUBLIC,
    "guide.phone": Access.SIGNED_IN,
    "guide.trust_page": Access.PUBLIC,
    "guide.trust_check": Access.PUBLIC,
    "guide.authority": Access.PUBLIC,
    "guide.authority_profile": Access.PUBLIC,
    "leaderboard.index": Access.PUBLIC,
    "leaderboard.demo_as": Access.PUBLIC,
    "leaderboard.demo_play": Access.PUBLIC,
    "leaderboard.demo_restart": Access.PUBLIC,
    "leaderboard.board": Access.PUBLIC,
    "leaderboard.board_json": Access.PUBLIC,
    "leaderboard.frame_json": Access.PUBLIC,
    "leaderboard.stream": Access.PUBLIC,
    "leaderboard.screen": Access.TOKEN,
    "leaderboard.screen_board_json": Access.TOKEN,
    "leaderboard.screen_frame_json": Access.TOKEN,
    "leaderboard.screen_stream": Access.TOKEN,
    "registration.consent": Access.TOKEN,
    "registration.give_consent": Access.TOKEN,
    "registration.withdraw_consent": Access.TOKEN,
    "registration.own_consent": Access.HOLDER,
    "registration.upload_consent": Access.HOLDER,
    "registration.consent_form": Access.HOLDER,
    "registration.own_pass": Access.HOLDER,
    "registration.open_pass": Access.TOKEN,
    "registration.door": WELCOMING,
    "registration.door_list": WELCOMING,
    "registration.check_in": WELCOMING,
    "registration.undo_check_in": WELCOMING,
    "judging.card": Access.TOKEN,
    "judging.sit_down": Access.TOKEN,
    "judging.seat": Access.LEASE,
    "judging.pad": Access.LEASE,
    "judging.state": Access.LEASE,
    "judging.messages": Access.LEASE,
    "judging.worker": Access.PUBLIC,
    "registration.start": Access.PUBLIC,
    "registration.begin": Access.PUBLIC,
    "registration.resume": Access.PUBLIC,
    "registration.resume_typed": Access.PUBLIC,
    "registration.card_scanned": Access.TOKEN,
    "registration.open_card": Access.TOKEN,
    "registration.form": Access.HOLDER,
    "registration.save_page": Access.HOLDER,
    "registration.autosave": Access.HOLDER,
    "registration.submit": Access.HOLDER,
    "registration.upload": Access.HOLDER,
    "registration.remove_file": Access.HOLDER,
    "registration.file": Access.HOLDER,
    "registration.my": Access.PUBLIC,
    "registration.mine": Access.HOLDER,
    "registration.card": Access.HOLDER,
    "registration.new_card": Access.HOLDER,
    "registration.reopen": Access.HOLDER,
    "registration.withdraw": Access.HOLDER,
    "registration.let_go": Access.HOLDER,
    "registration.dates": Access.HOLDER,
    "organizer.home": Access.SIGNED_IN,
    "organizer.new": Access.OFFICE,
    "organizer.create": Access.OFFICE,
    "organizer.address_free": Access.OFFICE,
    "organizer.clone": Access.OFFICE,
    "organizer.make_clone": Access.OFFICE,
    "organizer.step": ORGANIZING,
    "organizer.save_step": ORGANIZING,
    "organizer.people": ORGANIZING,
    "organizer.add_judge": ORGANIZING,
    "organizer.change_seat": ORGANIZING,
    "organizer.add_staff": ORGANIZING,
    "organizer.change_staff": ORGANIZING,
    "organizer.setup": ORGANIZING,
    "organizer.save_setup": ORGANIZING,
    "organizer.add_file": ORGANIZING,
    "organizer.open_file": ORGANIZING,
    "organizer.move_file": ORGANIZING,
    "organizer.rubric": ORGANIZING,
    "organizer.save_rubric": ORGANIZING,
    "organizer.save_rule_file": ORGANIZING,
    "organizer.take_preset": ORGANIZING,
    "organizer.draft_rule_file": ORGANIZING,
    "organizer.put_rules_in_force": ORGANIZING,
    "organizer.drop_rule_draft": ORGANIZING,
    "organizer.try_rules": ORGANIZING,
    "organizer.overview": STAFF,
    "organizer.add_task": LEADING,
    "organizer.tick_task": LEADING,
    "organizer.contest": STAFF,
    "organizer.rule_change": MINUTES,
    "organizer.rule_file": MINUTES,
    "organizer.upload_rules": ORGANIZING,
    "organizer.propose_rules": ORGANIZING,
    "organizer.confirm_rules": ORGANIZING,
    "organizer.withdraw_rules": ORGANIZING,
    "organizer.minutes": MINUTES,
    "organizer.entries": ORGANIZING,
    "organizer.review": ORGANIZING,
    "organizer.approve": ORGANIZING,
    "organizer.approve_many": ORGANIZING,
    "organizer.add_late": ORGANIZING,
    "organizer.return_form": ORGANIZING,
    "organizer.undo_approval": ORGANIZING,
    "organizer.extend": ORGANIZING,
    "organizer.registration_file": ORGANIZING,
    "organizer.accepted": ORGANIZING,
    "organizer.correct": ORGANIZING,
    "organizer.order": LEADING,
    "organizer.prepare_draw": LEADING,
    "organizer.draw": LEADING,
    "organizer.arrange": LEADING,
    "organizer.place": LEADING,
    "organizer.publish_order": LEADING,
    "organizer.change_order": LEADING,
    "organizer.add_break": LEADING,
    "organizer.remove_break": LEADING,
    "organizer.advance": LEADING,
    "organizer.move_up": LEADING,
    "organizer.move_round": LEADING,
    "organizer.propose": LEADING,
    "organizer.confirm": LEADING,
    "organizer.withdraw": LEADING,
    "organizer.cards": ORGANIZING,
    "organizer.revoke_card": LEADING,
    "organizer.add_screen": ORGANIZING,
    "organizer.revoke_screen": LEADING,
    "organizer.tables": ORGANIZING,
    "organizer.export": ORGANIZING,
    "organizer.table_template": ORGANIZING,
    "organizer.table_upload": ORGANIZING,
    "organizer.table_batch": ORGANIZING,
    "organizer.table_bad_rows": ORGANIZING,
    "organizer.table_import": ORGANIZING,
    "organizer.table_undo": ORGANIZING,
    "organizer.paper_marks": RUNNING,
    "organizer.paper_template": RUNNING,
    "organizer.paper_upload": RUNNING,
    "organizer.paper_batch": RUNNING,
    "organizer.paper_bad_rows": RUNNING,
    "organizer.paper_import": RUNNING,
    "organizer.paper_undo": RUNNING,
    "organizer.paper_decline": RUNNING,
    "organizer.type_paper": RUNNING,
    "organizer.type_paper_in": RUNNING,
    "organizer.papers": PRINTING,
    "organizer.print_marks": PRINTING,
    "organizer.print_summary": PRINTING,
    "organizer.print_order": PRINTING,
    "organizer.print_passes": ORGANIZING,
    "organizer.print_sign_in": ORGANIZING,
    "organizer.results": LEADING,
    "organizer.audit": RECORD,
    "organizer.audit_minutes": RECORD,
    "organizer.audit_table": RECORD,
    "organizer.audit_proof": RECORD,
    "organizer.overrides": LEADING,
    "organizer.propose_override": ORGANIZING,
    "organizer.confirm_override": ORGANIZING,
    "organizer.withdraw_override": ORGANIZING,
    "organizer.awards": LEADING,
    "organizer.give_awards": ORGANIZING,
    "organizer.publish_awards": ORGANIZING,
    "organizer.set_notice": ORGANIZING,
    "stage.desk": DESK,
    "stage.parts": DESK,
    "stage.frame_json": DESK,
    "stage.stream": DESK,
    "stage.server_time": Access.PUBLIC,
    "stage.caller": CALLING,
    "stage.mc": PRESENTING,
    "stage.beside_frame": PRESENTING | CALLING,
    "stage.beside_stream": PRESENTING | CALLING,
    "stage.call": CALLING,
    "stage.mark": CALLING,
    "stage.call_out": CALLING,
    "stage.take_call_back": CALLING,
    "stage.to_end": CALLING,
    "stage.withdraw_entry": CALLING,
    "stage.reinstate": CALLING,
    "stage.clock": TIMING,
    "stage.undo_clock": TIMING,
    "stage.reset_clock": TIMING,
    "stage.scene": SCREENING,
    "stage.preview": SCREENING,
    "stage.take": SCREENING,
    "stage.message": SCREENING,
    "stage.check": RUNNING,
    "stage.uncheck": RUNNING,
    "stage.open_results": frozenset({Role.CHIEF}),
    "stage.excuse": frozenset({Role.CHIEF}),
    "stage.restore_seat": frozenset({Role.CHIEF}),
    "stage.adjust": RUNNING,
    "stage.cancel_adjustment": RUNNING,
    "stage.release": RUNNING,
    "stage.withdraw_release": RUNNING,
    "stage.decide_stray": frozenset({Role.CHIEF}),
    "stage.return_sheet": frozenset({Role.CHIEF}),
    "certificates.ask": Access.PUBLIC,
    "certificates.verify": Access.PUBLIC,
    "certificates.frame": Access.PUBLIC,
    "certificates.own": Access.HOLDER,
    **dict.fromkeys((
        "certificates.desk", "certificates.issue", "certificates.follow", "certificates.layout",
        "certificates.save_layout", "certificates.preview", "certificates.sample", "certificates.seal",
        "certificates.put_seal", "certificates.remove_seal", "certificates.one", "certificates.correct",
        "certificates.revoke", "certificates.reissue", "certificates.sheet", "certificates.print_batch",
        "certificates.progress", "certificates.batch_file", "certificates.tick", "certificates.rest",
        "certificates.retry",
    ), ORGANIZING),
}


def may(endpoint: str) -> bool:
    """Whether the current request's roles reach a route: what a page asks before it shows a button."""
    needed = ROUTES[endpoint]
    return isinstance(needed, Access) or bool(needed & g.get("duties", frozenset()))


def opens(endpoint: str, roles: Iterable[Role]) -> bool:
    """Whether these roles reach a contest's route: what a page asks that lists several contests."""
    needed = ROUTES[endpoint]
    return isinstance(needed, frozenset) and bool(needed & frozenset(roles))
