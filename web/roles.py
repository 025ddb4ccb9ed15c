"""Who may open which route: the one table, which web/gate.py asks before every request; and who is signed in."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from flask import g
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import queries
from contest.errors import NotFound
from contest.ledger import Actor
from contest.models import Contest, Duty, Membership, Role
from web.db import reading


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
    "audience.live": Access.PUBLIC,
    "guide.help": Access.PUBLIC,
    "guide.role": Access.PUBLIC,
    "guide.status": Access.PUBLIC,
    "guide.phone": Access.SIGNED_IN,
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
    "organizer.overview": STAFF,
    "organizer.add_task": LEADING,
    "organizer.tick_task": LEADING,
    "organizer.contest": STAFF,
    "organizer.entries": ORGANIZING,
    "organizer.review": ORGANIZING,
    "organizer.approve": ORGANIZING,
    "organizer.approve_many": ORGANIZING,
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
    "organizer.papers": PRINTING,
    "organizer.print_marks": PRINTING,
    "organizer.print_summary": PRINTING,
    "organizer.print_order": PRINTING,
    "organizer.print_passes": ORGANIZING,
    "organizer.print_sign_in": ORGANIZING,
    "organizer.results": LEADING,
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
    "certificates.desk": ORGANIZING,
    "certificates.issue": ORGANIZING,
    "certificates.follow": ORGANIZING,
    "certificates.layout": ORGANIZING,
    "certificates.save_layout": ORGANIZING,
    "certificates.preview": ORGANIZING,
    "certificates.sample": ORGANIZING,
    "certificates.seal": ORGANIZING,
    "certificates.put_seal": ORGANIZING,
    "certificates.remove_seal": ORGANIZING,
    "certificates.one": ORGANIZING,
    "certificates.correct": ORGANIZING,
    "certificates.revoke": ORGANIZING,
    "certificates.reissue": ORGANIZING,
    "certificates.sheet": ORGANIZING,
    "certificates.print_batch": ORGANIZING,
    "certificates.progress": ORGANIZING,
    "certificates.batch_file": ORGANIZING,
    "certificates.tick": ORGANIZING,
    "certificates.rest": ORGANIZING,
    "certificates.retry": ORGANIZING,
}


@dataclass(frozen=True)
class SignedIn:
    """The account behind a request, apart from any database session."""

    id: int
    public_id: str
    name: str
    language: str

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the session cookie keeps."""
        return self.public_id


def actor() -> Actor:
    """The signed-in account as the ledger writes it."""
    return Actor(f"account:{current_user.public_id}", "web")


def duties(db: Session, account_id: int, contest: Contest) -> frozenset[Role]:
    """The roles an account holds in a contest; working for its organization makes an organizer."""
    held = db.scalars(select(Duty.role).where(Duty.account_id == account_id, Duty.contest_id == contest.id))
    works_for = select(Membership.id).where(
        Membership.account_id == account_id, Membership.organization_id == contest.organization_id
    )
    return frozenset(held) | ({Role.ORGANIZER} if db.scalar(works_for) else frozenset())


def public_contest(db: Session, slug: str) -> Contest:
    """The contest at this address, published or not yet: its own staff may look at it before. Raises NotFound."""
    contest = queries.contest_by_slug(db, slug)
    if contest.published_at is None and not (
        current_user.is_authenticated and duties(db, current_user.id, contest)
    ):
        raise NotFound
    return contest


def offices(account_id: int) -> list[int]:
    """The ids of the organizations an account works for: whose contests it may make."""
    with reading() as db:
        return list(db.scalars(select(Membership.organization_id).where(Membership.account_id == account_id)))


def may(endpoint: str) -> bool:
    """Whether the current request's roles reach a route: what a page asks before it shows a button."""
    needed = ROUTES[endpoint]
    return isinstance(needed, Access) or bool(needed & g.get("duties", frozenset()))
