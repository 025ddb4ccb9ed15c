"""The whole journey in real browsers: from an empty installation to a certificate whose name was put right.

A venue is started with `make venue`; its owner makes a contest; twelve contestants register, one is returned, one is a
child, one comes late; the order is drawn; six of seven judges score; the result is sealed, awarded and certified.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import scenes_after, scenes_before, scenes_stage
from tests.browser.journey import DESK, Day, Look, Open
from tests.browser.venue import open_venue


@pytest.mark.timeout(900)  # Twenty browsers: two minutes on two quiet cores, far longer on busy ones.
def test_from_an_empty_installation_to_a_corrected_certificate(open_page: Open, look: Look, tmp_path: Path) -> None:
    with open_venue(tmp_path) as venue:
        day = Day(venue, open_page, look, open_page(**DESK))
        scenes_before.the_owner_opens_the_installation(day)
        scenes_before.a_contest_is_made_in_five_steps(day)
        scenes_before.the_contest_is_published_and_its_staff_comes_in(day)
        scenes_before.twelve_register(day)
        scenes_before.registration_closes_and_one_comes_late(day)
        scenes_before.the_registrations_are_reviewed(day)
        scenes_stage.the_order_is_drawn_and_published(day)
        scenes_stage.the_steward_lets_them_in(day)
        scenes_stage.six_judges_sit_down(day)
        scenes_stage.all_are_judged(day)
        scenes_after.two_people_seal_the_result(day)
        scenes_after.awards_are_given_then_published(day)
        scenes_after.a_name_is_put_right_after_printing(day)
        day.ends()
