"""What the public notice says where the organizer has not written it: how to object, and to whom."""

from __future__ import annotations

from flask_babel import gettext as _

from contest.models import Contest


def objection_text(contest: Contest) -> str:
    """How to object: the organizer's own words, else the usual ones with the contest's contact."""
    if contest.objection:
        return contest.objection
    whom = contest.contact or contest.organization.name
    return str(_(
        "对结果有异议的，请在公示期内以真实姓名书面提出，写明事实和理由，联系：%(contact)s。匿名的异议不受理；受理的异议书面答复。",
        contact=whom,
    ))  # fmt: skip
