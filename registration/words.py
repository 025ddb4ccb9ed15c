"""The contestant's pages in words: their own titles, moments as people write them, sizes of files."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from contest.eligibility import Fault
from contest.models import Contest
from registration.blueprint import blueprint
from registration.questions import slot_words
from web import fields
from web.sentences import registering
from web.words import shown_time

PAGES = (1, 2, 3, 4, 5)


@blueprint.context_processor
def words() -> dict[str, object]:
    """What every template of this door may call."""
    return {
        "moment": moment, "page_title": page_title, "megabytes": megabytes,
        "field_label": fields.label, "fault_words": registering.fault, "fault_line": registering.in_summary,
        "pages": PAGES, "capital": capital, "mend_page": mend_page,
        "has_pass": "registration.own_pass" in current_app.view_functions, "slot_words": slot_words,
    }  # fmt: skip


def moment(at: datetime, contest: Contest) -> str:
    """A day and time without the year: 5月8日 18:00."""
    return shown_time(at, contest.time_zone, _("M月d日 HH:mm"))


def page_title(page: int) -> str:
    """What a page of the form is called."""
    return str((_("基本信息"), _("讲解作品"), _("材料与授权"), _("核对"), _("完成"))[page - 1])


def megabytes(size: int) -> str:
    """A file's size as people read it."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1000))} KB"


def mend_page(names: list[str]) -> int:
    """The first page with one of these fields or files; the first of all where none is named."""
    return min((Fault(name, "").page for name in names), default=1)


def capital(text: str) -> str:
    """A phrase as a button begins it: with a capital letter, where the language has them."""
    return text[:1].upper() + text[1:]
