"""The page behind the hall's code: before, during and after, made of prebuilt bytes; the big screen leads to it."""

from __future__ import annotations

from sqlalchemy import event

from contest import queries, showing
from contest.ledger import SYSTEM
from contest.models import Contest, RoundState, Screen
from tests import builders
from tests.builders import NOW
from tests.fixtures_sealed import publish
from web import links, live
from web.db import writing


def page(app, slug="xinghe", lang="zh"):
    answer = app.test_client().get(f"/live/{slug}?lang={lang}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def evening(app, entries=3):
    """01 is out, 02 is on stage with every sheet in and its score held."""
    slug = builders.make_contest(app, entries=entries, judges=7)
    one, two = builders.appearances(app)[:2]
    builders.give_sheets(app, one)
    builders.give_sheets(app, two, content="13.57")
    with app.app_context(), live.changing(slug) as (db, contest):
        first, second = (queries.appearance_of(db, contest, each) for each in (one, two))
        showing.call(db, contest, appearance=first, now=NOW)
        showing.adjust(
            db, contest, appearance=first, kind="quiz", value="-1", reason="答错", press="", by=SYSTEM, now=NOW
        )
        showing.release(db, contest, appearance=first, by=SYSTEM, now=NOW)
        showing.call(db, contest, appearance=second, now=NOW)


def test_during_the_show_it_says_who_is_on_stage_and_why_a_score_is_what_it_is(app):
    evening(app)
    found = page(app)
    assert "周以宁" in found and "当前第 1 名" in found and "已公布 1 / 3 位" in found
    assert "<s>87.50</s>" in found and "去掉最高分" in found and "−1.00" in found
    assert "13.57" not in found and "74.07" not in found
    assert 'action="/verify"' in found and 'href="/contests/xinghe/board"' in found


def test_before_the_first_score_it_says_so_and_leads_to_the_contests_page(app):
    builders.make_contest(app, judges=7, state=RoundState.OPEN)
    found = page(app)
    assert "比赛还没有开始" in found and 'href="/contests/xinghe"' in found and "还没有公布成绩" in found


def test_afterwards_it_leads_to_the_notice(app, sealed, change):
    assert "成绩已全部产生" in page(app, sealed)
    change(sealed, publish)
    found = page(app, sealed)
    assert "获奖名单已公布" in found and f'href="/contests/{sealed}/results"' in found
    assert "石北辰" not in found and "石*" in found


def test_it_is_complete_in_english(app):
    evening(app)
    found = page(app, lang="en")
    assert "On stage" in found and "Highest out" in found and "See the whole ranking" in found


def test_a_view_reads_the_prebuilt_bytes_and_nothing_else(app):
    evening(app, entries=12)
    page(app)
    seen = []
    engine = app.extensions["lectern_engine"]

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    page(app)
    event.remove(engine, "before_cursor_execute", note)
    heavy = ("mark", "sheet", "appearance", "entry", "ledger_row")
    assert [word for statement in seen for word in heavy if f"FROM {word}" in statement] == []
    assert len(seen) <= 3


def test_the_waiting_screens_code_leads_here(app):
    slug = builders.make_contest(app, judges=7)
    with app.app_context(), writing() as db:
        contest: Contest = queries.contest_by_slug(db, slug)
        screen = Screen(contest_id=contest.id, name="主屏")
        db.add(screen)
        db.flush()
        token = links.screen_token(screen)
    found = app.test_client().get(f"/screen/{token}").get_data(as_text=True)
    assert f"localhost/live/{slug}" in found.replace("<wbr>", "")
