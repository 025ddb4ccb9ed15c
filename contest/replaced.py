"""What each row of the ledger replaced: from row to row, what was before and what is after. Pure, no database.

Nothing is overwritten in the ledger, so what a row replaced is what the rows before it about the same thing said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contest.models import Action

Payload = Mapping[str, Any]
Key = tuple[str, str, int, str]  # an appearance, a sitting, an attempt, the kind of sheet


@dataclass(frozen=True)
class Part:
    """One thing that a row changed: `what` it is, and its value before and after; None is nothing.

    marks: criterion → mark · state: a round's state · value, ruling, proposed, draw, press: what said it ·
    order: codes in order · position, rules, seal, card, version: numbers · awards: award → how many ·
    stray: how it was decided · released, published, checked_in, alone: 0 or 1 · rows: how many · mode, address: text.
    """

    what: str
    before: Any
    after: Any


@dataclass
class Past:
    """What the rows so far say; `take` the rows in their order."""

    sheets: dict[Key, Mapping[str, str]] = field(default_factory=dict)
    returned: set[Key] = field(default_factory=set)
    values: dict[str, Payload] = field(default_factory=dict)
    rulings: dict[str, Payload] = field(default_factory=dict)
    orders: dict[str, list[str]] = field(default_factory=dict)
    latest: dict[tuple[str, str], Any] = field(default_factory=dict)

    def take(self, action: Action, subject: str, payload: Payload) -> list[Part]:
        """What this row changed; from now on it is part of the past."""
        name = subject.partition(":")[2]
        take = TAKES.get(action)
        return take(self, name, payload) if take is not None else []

    def sheet(self, name: str, payload: Payload) -> list[Part]:
        """A whole sheet in place of what its judge had given before, if anything."""
        key = (name, str(payload["sitting"]), int(payload["attempt"]), str(payload["kind"]))
        before = self.sheets.get(key)
        if payload.get("submits", 1):
            self.sheets[key] = payload["marks"]
            self.returned.discard(key)
        return [Part("marks", before, payload["marks"])]

    def sheet_returned(self, name: str, payload: Payload) -> list[Part]:
        """The judge's sheets for this appearance no longer count; what they said is kept for what replaces it."""
        mine = [
            key for key in self.sheets if key[:2] == (name, payload["sitting"]) and key not in self.returned
        ]  # fmt: skip
        self.returned.update(mine)
        return [Part("marks", self.sheets[key], None) for key in mine]

    def strayed(self, name: str, payload: Payload) -> list[Part]:
        """Marks that wait for a decision."""
        del name
        return [Part("waiting", None, payload["marks"])]

    def stray_decided(self, name: str, payload: Payload) -> list[Part]:
        """A waiting message counts, or is set aside."""
        del name
        return [Part("stray", None, payload["decision"])]

    def adjusted(self, name: str, payload: Payload) -> list[Part]:
        """A new value."""
        del name
        self.values[payload["adjustment"]] = payload
        return [Part("value", None, payload)]

    def adjustment_cancelled(self, name: str, payload: Payload) -> list[Part]:
        """A value that no longer counts."""
        del name
        return [Part("value", self.values.get(payload["adjustment"]), None)]

    def ruled(self, name: str, payload: Payload) -> list[Part]:
        """A ruling, or several alike."""
        for ruling in payload.get("rulings", [name]):
            self.rulings[ruling] = payload
        return [Part("ruling", None, payload)]

    def ruling_cancelled(self, name: str, payload: Payload) -> list[Part]:
        """Rulings that no longer stand; what they said is in the row that made them."""
        first = next(iter(payload.get("rulings", [name])), name)
        return [Part("ruling", self.rulings.get(first, payload), None)]

    def drawn(self, name: str, payload: Payload) -> list[Part]:
        """A draw: committed to, then carried out."""
        if "order" not in payload:
            return [Part("draw", None, payload)]
        return self._ordered(name, [code for group in payload["order"] for code in group])

    def order_changed(self, name: str, payload: Payload) -> list[Part]:
        """An order laid by hand, made known, or one entry moved in it."""
        if "order" in payload:
            return self._ordered(name, list(payload["order"]))
        if "after" in payload:
            return [Part("position", payload.get("before"), payload["after"])]
        return []

    def _ordered(self, name: str, codes: list[str]) -> list[Part]:
        before = self.orders.get(name)
        self.orders[name] = codes
        return [Part("order", before, codes)]

    def awards_given(self, name: str, payload: Payload) -> list[Part]:
        """How many of each award, before and now; who got it is the seal's to say."""
        counts: dict[str, int] = {}
        for award, _entry, _place in payload["awards"]:
            counts[award] = counts.get(award, 0) + 1
        return self.replaces("awards", name, counts)

    def certificate(self, name: str, payload: Payload) -> list[Part]:
        """The next version of a certificate."""
        return self.replaces("version", name, payload["version"])

    def certificate_revoked(self, name: str, payload: Payload) -> list[Part]:
        """No version counts any more."""
        return [Part("version", self.latest.get(("version", name), payload["version"]), None)]

    def office_changed(self, name: str, payload: Payload) -> list[Part]:
        """One person or two, and when scores are let out."""
        if "one_person" in payload:
            return self.replaces("alone", name, payload["one_person"])
        return [Part("mode", payload["mode"][0], payload["mode"][1])] if "mode" in payload else []

    def moved(self, name: str, before: str, after: str) -> list[Part]:
        """A round's step from where the rows left it; `before` where they say nothing yet."""
        known = self.latest.get(("state", name), before)
        self.latest["state", name] = after
        return [Part("state", known, after)]

    def replaces(self, what: str, name: str, after: Any) -> list[Part]:
        """The newest of something, in place of the one before."""
        before = self.latest.get((what, name))
        self.latest[what, name] = after
        return [Part(what, before, after)]


def _number(what: str, key: str) -> Callable[[Past, str, Payload], list[Part]]:
    return lambda past, name, payload: past.replaces(what, name, payload[key])


def _switch(what: str, *, on: bool) -> Callable[[Past, str, Payload], list[Part]]:
    return lambda _past, _name, _payload: [Part(what, int(not on), int(on))]


TAKES: dict[Action, Callable[[Past, str, Payload], list[Part]]] = {
    Action.RULES_ADOPTED: _number("rules", "number"),
    Action.ROUND_MOVED: lambda past, name, payload: past.moved(name, payload["from"], payload["to"]),
    Action.SHEET_SUBMITTED: Past.sheet,
    Action.SHEET_CORRECTED: Past.sheet,
    Action.SHEET_RETURNED: Past.sheet_returned,
    Action.MESSAGE_STRAYED: Past.strayed,
    Action.STRAY_DECIDED: Past.stray_decided,
    Action.CARD_REVOKED: lambda _past, _name, payload: [
        Part("card", payload["generation"] - 1, payload["generation"])
    ],
    Action.ADJUSTED: Past.adjusted,
    Action.ADJUSTMENT_CANCELLED: Past.adjustment_cancelled,
    Action.RULED: Past.ruled,
    Action.RULING_CANCELLED: Past.ruling_cancelled,
    Action.RELEASED: _switch("released", on=True),
    Action.RELEASE_WITHDRAWN: _switch("released", on=False),
    Action.ROUND_SEALED: lambda past, name, payload: [
        *past.moved(name, "locked", "sealed"), *past.replaces("seal", name, payload["seal"]),
    ],
    Action.ROUND_REOPENED: lambda past, name, _payload: past.moved(name, "sealed", "locked"),
    Action.ROWS_IMPORTED: lambda _past, _name, payload: [Part("rows", None, payload["rows"])],
    Action.IMPORT_UNDONE: lambda _past, _name, payload: [Part("rows", payload["rows"], None)],
    Action.CHECKED_IN: _switch("checked_in", on=True),
    Action.CHECK_IN_UNDONE: _switch("checked_in", on=False),
    Action.ORDER_DRAWN: Past.drawn,
    Action.ORDER_CHANGED: Past.order_changed,
    Action.OFFICE_CHANGED: Past.office_changed,
    Action.CLOCK_PRESSED: lambda _past, _name, payload: [Part("press", None, payload)],
    Action.CLOCK_UNDONE: lambda _past, _name, payload: [Part("press", payload, None)],
    Action.APPROVAL_PROPOSED: lambda _past, _name, payload: (
        [Part("proposed", None, payload)] if payload.get("act") == "override" else []
    ),
    Action.ADDRESS_CHANGED: lambda _past, _name, payload: [Part("address", payload["old"], payload["new"])],
    Action.AWARDS_GIVEN: Past.awards_given,
    Action.AWARDS_PUBLISHED: _switch("published", on=True),
    Action.AWARDS_HIDDEN: _switch("published", on=False),
    Action.CERTIFICATE_ISSUED: Past.certificate,
    Action.CERTIFICATE_CORRECTED: Past.certificate,
    Action.CERTIFICATE_REVOKED: Past.certificate_revoked,
}
