"""A judge's tablet in Python: the reference client of the tablet's protocol (docs/architecture.md).

It opens the printed card's link, sits down, reads its state, and sends whole-sheet snapshots. A message is sent until
it is answered, always with the same id and the same bytes; the server answers a repeat with the bytes of its first
answer, so nothing is lost on a bad network and nothing counts twice.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from commands.replaying.errors import ReplayError
from commands.replaying.pages import form_token
from commands.replaying.plan import SheetPlan, Snapshot

PAD = re.compile(r'<script type="application/json" id="pad">(.*?)</script>', re.DOTALL)
FIRST_DELAY, LONGEST_DELAY = 1.0, 30.0
MOST_TRIES = 6
APPLIED = ("saved", "submitted")


@dataclass
class Sent:
    """One message and what became of it. `result` is None where no answer ever came; `milliseconds` until it came.

    `tried`: it was under way at least once. `receipt`: the ledger row's `seq` and `hash` that a submission was given.
    """

    uid: str
    sheet: SheetPlan
    snapshot: Snapshot
    result: str | None = None
    version: int = 0
    milliseconds: float | None = None
    repeats: int = 0
    answered_differently: bool = False
    tried: bool = False
    receipt: Mapping[str, Any] | None = None

    @property
    def is_acknowledged(self) -> bool:
        """Whether the server told the tablet that it has the marks."""
        return self.result in APPLIED


@dataclass
class Tablet:
    """One device on one seat."""

    url: str
    judge: str
    sent: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=30, trust_env=False, headers={"User-Agent": "replay"})
        self.n = 0
        self.lease: dict[str, str] = {}
        self.addresses: dict[str, str] = {}

    def sit_down(self, card: str) -> None:
        """Open the card's link, press once, and learn from the seat's page what this device may use from now on."""
        page = self._page(self.http.get(f"/judge/{card}"))
        token = form_token(page)
        if token is None:
            raise ReplayError(f"the card of {self.judge} cannot be sat down with: its page has no form")
        pressed = self.http.post(f"/judge/{card}", data={"csrf_token": token}, follow_redirects=True)
        pad = PAD.search(self._page(pressed))
        if pad is None:
            raise ReplayError(f"the seat's page of {self.judge} holds no pad")
        self.addresses = json.loads(pad[1])
        self.lease = json.loads(pad[1])["lease"]
        seated = self.state()["seat"]["judge"]
        if seated != self.judge:
            raise ReplayError(f"the card seated {seated} where {self.judge} should sit now")

    def state(self) -> dict[str, Any]:
        """Everything this judge may see, own sheets included."""
        found: dict[str, Any] = json.loads(self._page(self.http.get(self.addresses["state"])))
        return found

    def judge_one(self, sheet: SheetPlan) -> None:
        """Fill in one sheet, snapshot by snapshot, each based on the newest version this tablet has seen."""
        state = self.state()
        base = _version(state, sheet)
        for snapshot in sheet.snapshots:
            self.n += 1
            message = {
                "id": str(uuid.uuid4()), "n": self.n, "kind": snapshot.kind, "sheet": "mark", "round": sheet.round,
                "entry": sheet.entry, "attempt": 1, "rules": state["rules"], "base": base, "marks": snapshot.marks,
                "note": "", "tapped_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            }  # fmt: skip
            sent = Sent(str(message["id"]), sheet, snapshot)
            self.sent.append(sent)
            body = json.dumps({"v": 1, "lease": self.lease["id"], "messages": [message]}).encode()
            base = self._deliver(sent, body, base)

    def close(self) -> None:
        """Put the tablet away."""
        self.http.close()

    def _deliver(self, sent: Sent, body: bytes, base: int) -> int:
        """Send until answered, then once more where the first answer counts as lost. Returns the newest version."""
        began = time.perf_counter()
        first = self._post(body)
        if first is None:
            return base
        sent.milliseconds = (time.perf_counter() - began) * 1000
        answer = json.loads(first)["answers"][0]
        sent.result, sent.version, sent.receipt = answer["result"], answer["version"], answer["ledger"]
        if sent.snapshot.resent:
            again = self._post(body)
            sent.repeats += 1
            sent.answered_differently = again is not None and again != first
        return max(base, sent.version)

    def _post(self, body: bytes) -> bytes | None:
        """One answered request's body; None after so many tries that a person would be called."""
        delay = FIRST_DELAY
        for _ in range(MOST_TRIES):
            try:
                answer = self.http.post(
                    self.addresses["messages"], content=body,
                    headers={"Content-Type": "application/json", "X-Lease": self.lease["secret"]},
                )  # fmt: skip
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 200:
                return answer.content
            if answer is not None and answer.status_code < 500 and answer.status_code != 429:
                said = f"{answer.status_code} {answer.text[:200]}"
                raise ReplayError(f"the server refused a message of {self.judge}: {said}")
            time.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY)
        return None

    def _page(self, answer: httpx.Response) -> str:
        if answer.status_code != 200:
            raise ReplayError(f"the tablet of {self.judge} got {answer.status_code} from {answer.request.url.path}")
        return answer.text


def _version(state: dict[str, Any], sheet: SheetPlan) -> int:
    """The version of this judge's own sheet that the state shows, 0 where there is none yet."""
    for round_ in state["rounds"]:
        for appearance in round_["appearances"]:
            if appearance["id"] == sheet.appearance:
                return int(appearance["mine"]["version"]) if appearance["mine"] else 0
    raise ReplayError(f"{sheet.judge} does not see no. {sheet.entry} of the round {sheet.round} on the tablet")
