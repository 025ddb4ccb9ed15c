"""What the office sees of a form that its writer has not submitted."""

from __future__ import annotations

from contest import queries
from contest.models import RegistrationState, Role, Slot
from tests.registrations import add_file, add_registration
from web.db import writing

ROOM = "/admin/contests/xinghe/entries"


def test_of_a_draft_the_office_sees_only_whose_it_is(app, final, as_role):
    with app.app_context(), writing() as db:
        draft = add_registration(
            db, queries.contest_by_slug(db, final), state=RegistrationState.DRAFT,
            phone="13800004417", birth_date="2013-05-06", guardian="贺兰台",
        )  # fmt: skip
        photo = add_file(db, draft, Slot.PHOTO, name="hills.jpg").public_id
        form = draft.public_id
    office = as_role(Role.ORGANIZER)
    page = office.get(f"{ROOM}/{form}").text
    assert ("艾山江·吐尔逊" in page, "还没有提交" in page) == (True, True)
    hidden = ("13800004417", "2013", "贺兰台", "hills.jpg", f"{form}/files/")
    assert [each for each in hidden if each in page] == []
    assert office.get(f"{ROOM}/{form}/files/{photo}").status_code == 404
