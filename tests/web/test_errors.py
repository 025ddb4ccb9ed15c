"""Every error is one page or one JSON object, in the reader's language, and never a traceback."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from contest import errors, refusals
from contest.models import RoundState
from contest.rules import Text
from tests.builders import NOW
from web.errors import STATUS, answer
from web.roles import ROUTES, Access
from web.sentences import sentence

ARGS: dict[type[errors.ContestError], dict[str, object]] = {
    errors.Malformed: {"what": "v"}, errors.TooManyMessages: {"seconds": 3600},
    errors.StepNotAllowed: {"state": "draft", "to": "sealed"}, errors.RoundNotJudging: {"state": "locked"},
    errors.SheetsMissing: {"seats": [2, 5]}, errors.StraysUndecided: {"count": 3},
    errors.AppearancesHeld: {"numbers": ["07", "11"]}, errors.NameTaken: {"name": "xinghe"},
    errors.AdjustmentRefused: {"kind": "quiz", "why": "below_min", "limit": "-2"},
    errors.RulesUnusable: {"detail": "rounds.final: missing"}, errors.StrayUnusable: {"why": "incomplete"},
    errors.SheetSubmitted: {"number": "07", "seat": 3},
    errors.ImportInUse: {"used": ["07", "08"]},
    refusals.RoundInUse: {"round": "preliminary"}, refusals.SeatInUse: {"seat": 4},
    refusals.AwardsMissing: {"why": "given"}, refusals.AwardsFixed: {"why": "published"},
    refusals.DateRefused: {"field": "closes_at", "why": "past"},
    refusals.JudgeHasMarked: {"number": "07"}, refusals.SubstituteMisplaced: {"first": 2},
    errors.TextRefused: {"why": "too_long", "most": 20, "found": 22},
    errors.PaperTooEarly: {"numbers": ["07", "11"]},
    errors.NotOnStage: {"number": "07"}, errors.AlreadyBeenOn: {"number": "07"}, errors.ClockRunning: {"number": "07"},
    errors.NotChecked: {"number": "07"}, errors.ReleaseTooEarly: {"mode": "lag_1", "number": "07"},
    errors.ScoresNotReady: {"numbers": ["07", "11"]}, errors.StageMoved: {"scene": "ranking", "who": "乔木"},
    errors.SceneNotReady: {"number": "07"},
    errors.AlreadyPrinted: {"count": 12},
    errors.FileRefused: {"why": "too_small", "found": "320×240", "wanted": "600×800"},
    refusals.RulesUnfit: {"what": "criterion", "round": Text("决赛", "Final"), "name": Text("项", "It"), "count": 3},
    refusals.OverrideNotNow: {"state": "judging"}, refusals.SigningClosed: {"state": "draft"},
    refusals.SheetsNotIn: {"numbers": ["07", "11"]}, refusals.SignatureRefused: {"why": "unreadable", "name": "许清和"},
    refusals.RulesMoved: {"number": 3}, refusals.RoundsSealed: {"rounds": [Text("决赛", "Final")]},
    refusals.DraftMoved: {"who": "江晚", "at": NOW},
    refusals.AlreadyDecided: {"who": "江晚", "at": NOW, "state": "returned", "zone": "Asia/Shanghai"},
    refusals.QuotaFull: {"delegation": "望海县", "used": 5, "quota": 5}, refusals.EntryInUse: {"number": "07"},
    refusals.OrderFixed: {"why": "on_stage", "number": "07"}, refusals.AlreadyWithdrawn: {"number": "07"},
    refusals.AlreadyInRound: {"number": "07"}, refusals.BreakTaken: {"after": 10}, refusals.NotRanked: {"why": "state"},
    refusals.RegistrationClosed: {"why": "closed"}, refusals.FieldLocked: {"field": "title"},
    refusals.AnswersChanged: {"fields": {"title": "x"}, "version": 3}, refusals.NotReady: {"count": 2},
}  # fmt: skip
OURS = ("contest.errors", "contest.refusals")
KINDS = [each for each in errors.ContestError.__subclasses__() if each.__module__ in OURS]


def example(kind: type[errors.ContestError]) -> errors.ContestError:
    return kind(**ARGS.get(kind, {}))


@pytest.fixture
def broken(app: Flask) -> Flask:
    """The app with a page that raises what a test wants."""
    wanted: dict[str, Exception] = {}

    def page() -> str:
        raise wanted["error"]

    app.add_url_rule("/broken", "broken", page)
    app.config["WANTED"] = wanted
    return app


@pytest.fixture(autouse=True)
def public_page():
    ROUTES["broken"] = Access.PUBLIC
    yield
    del ROUTES["broken"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_domain_error_has_a_sentence_and_a_page_and_an_object(broken, kind, lang):
    broken.config["WANTED"]["error"] = error = example(kind)
    status = STATUS.get(kind, 409)
    page = broken.test_client().get(f"/broken?lang={lang}", headers={"Accept": "text/html"})
    with broken.test_request_context(f"/?lang={lang}"):
        words = sentence(error)
        fallback = sentence(errors.ContestError())
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert words != fallback
    assert str(words) in page.text.replace("&#34;", '"').replace("&#39;", "'")
    assert "Traceback" not in page.text
    told = broken.test_client().get(f"/broken?lang={lang}", headers={"Accept": "application/json"})
    assert (told.status_code, told.get_json()) == (status, {"error": {"code": error.code, "message": str(words)}})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_page_about_what_the_contest_does_not_allow_says_that_the_server_broke(broken, kind):
    broken.config["WANTED"]["error"] = example(kind)
    page = broken.test_client().get("/broken", headers={"Accept": "text/html"}).text
    assert "服务器出了点问题" not in page


def test_a_device_that_left_too_much_behind_is_told_when_to_come_again(broken):
    broken.config["WANTED"]["error"] = errors.TooManyMessages(seconds=3600)
    assert broken.test_client().get("/broken").headers["Retry-After"] == "3600"


def test_whoever_makes_the_same_thing_a_moment_later_is_asked_to_try_again(broken, caplog):
    broken.config["WANTED"]["error"] = IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed: secret"))
    page = broken.test_client().get("/broken", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert ("secret" in page.text, "secret" in caplog.text) == (False, True)


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*", "", "text/event-stream", "junk;;q=x"])
@pytest.mark.parametrize("lang, words", [("zh", '<html lang="zh'), ("en", '<html lang="en')])
def test_the_unforeseen_is_logged_and_shows_nothing_of_itself(broken, caplog, accept, lang, words):
    broken.config["WANTED"]["error"] = RuntimeError("secret detail")
    answer_ = broken.test_client().get(f"/broken?lang={lang}", headers={"Accept": accept})
    assert answer_.status_code == 500
    assert [part for part in ("secret detail", "Traceback", "RuntimeError") if part in answer_.text] == []
    assert "secret detail" in caplog.text
    if accept == "text/html":
        assert words in answer_.text


@pytest.mark.parametrize("method, path, status", [
    ("get", "/nowhere", 404), ("post", "/nowhere", 404), ("get", "/contests/none/board", 404), ("post", "/health", 405),
    ("get", "/contests/none/frame.json", 404), ("get", "/screen/x", 404), ("get", "/judge/x", 404),
    ("get", "/judge/seats/x/state", 401), ("get", "/judge/seats/x", 401),
])  # fmt: skip
def test_what_is_not_there_has_a_page_and_an_object(app, method, path, status):
    page = getattr(app.test_client(), method)(path, headers={"Accept": "text/html"})
    told = getattr(app.test_client(), method)(path, headers={"Accept": "application/json"})
    assert (page.status_code, page.mimetype, told.status_code, told.mimetype) == (
        status, "text/html", status, "application/json",
    )  # fmt: skip
    assert set(told.get_json()) == {"error"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 413, 415, 418, 422, 429, 500, 502, 503])
def test_every_status_has_words_of_its_own_or_its_kinds(app, status):
    with app.test_request_context("/", headers={"Accept": "text/html"}):
        page = answer(status, "x").get_data(as_text=True)
    assert ("服务器" in page) is (status >= 500 or status == 503)


def test_every_state_of_a_round_has_a_word(app):
    with app.test_request_context("/"):
        said = {str(sentence(errors.RoundNotJudging(state=state.value))) for state in RoundState}
    assert len(said) == len(RoundState)
