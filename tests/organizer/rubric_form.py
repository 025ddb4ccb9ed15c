"""What the tests of the rules of marking share: the form as a browser sends it, what is stored, a trial."""

from __future__ import annotations

from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient

from contest import drafting, queries
from web.db import reading

RUBRIC = "/admin/contests/xinghe/rubric"
JSON = {"Accept": "application/json"}


class Fields(HTMLParser):
    """The fields of the page's rubric form as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.inside, self.kept, self.select, self.text = False, True, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = has.get("id") == "rubric-form"
        self.kept = self.kept and tag != "template"
        if not (self.inside and self.kept):
            return
        if tag == "input" and (has.get("type") not in ("radio", "checkbox") or "checked" in has):
            self.found[has["name"]] = has.get("value", "")
        elif tag == "textarea":
            self.text = has["name"]
            self.found[self.text] = ""
        elif tag == "select":
            self.select = has["name"]
        elif tag == "option" and "selected" in has:
            self.found[self.select] = has["value"]

    def handle_endtag(self, tag: str) -> None:
        self.kept = self.kept or tag == "template"
        self.inside = self.inside and tag != "form"
        self.text = "" if tag == "textarea" else self.text

    def handle_data(self, data: str) -> None:
        if self.text:
            self.found[self.text] += data


def form(client: FlaskClient, **changed: str) -> dict[str, str]:
    """The form as the page shows it, with what is changed."""
    fields = Fields()
    fields.feed(client.get(RUBRIC).text)
    assert "final-judges" in fields.found
    return fields.found | changed


def stored(app: Flask, slug: str = "xinghe"):
    """The draft as it is stored, and the number of the version that counts."""
    with app.app_context(), reading() as db:
        contest = queries.contest_by_slug(db, slug)
        draft = drafting.read_draft(db, contest)
        return (None if draft is None else draft.source), queries.rule_version(db, contest).number


def trial(client: FlaskClient, **fields: str):
    """A trial as the script asks for it."""
    return client.post(f"{RUBRIC}/trial", data=fields, headers=JSON)


MARKS = {f"m-0-{at}-s": text for at, text in enumerate(
    ("91.00", "88.50", "95.00", "89.00", "82.50", "90.00", "87.50"), start=1
)}  # fmt: skip
