"""How fast certificates are made: 500 sheets in one PDF, their size and memory, and whether every name reads back.

Usage: python -m bench.certificates
The limit, measured in the same run, prints the same texts with neither ornament nor QR code. Each run is a process of
its own, so that its peak memory is its own; the first sheet, for which the fonts are parsed, is not timed. Counted is
the processor's time, so that other work on the machine matters less.
"""
from __future__ import annotations

import io
import json
import re
import resource
import subprocess
import sys
import time

from bench.figures import Figure, table
from certificates.drawing import Press
from certificates.setting import Labels, Sheet
from contest import layouts
from contest.wording import Wording
from settings import HERE

SHEETS = 500
RUNS = 3
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许龚𠅤㛃喆"
GIVEN = "子涵知遥以宁北辰疏桐𬭎䶮犇燚堃清和望星一苇予安小明"
MINORITY = ("阿依努尔·艾山", "买买提·吐尔逊", "古丽娜尔·艾合买提")
ADDRESS = "http://192.168.1.10:8000/verify"


def names() -> list[str]:
    """So many different names, rare characters and long ones among them."""
    made = [f"{FAMILY[at % len(FAMILY)]}{GIVEN[at // len(FAMILY) % len(GIVEN)]}{GIVEN[(at * 7) % len(GIVEN)]}"
            for at in range(SHEETS)]  # fmt: skip
    for at in range(0, SHEETS, 50):
        made[at] = MINORITY[at // 50 % len(MINORITY)]
    return made


def sheets() -> list[Sheet]:
    """The sheets to print."""
    labels = Labels("证书编号：", "防伪码：", "查询：", "扫码验证")
    found = []
    for at, name in enumerate(names()):
        words = Wording(
            title=layouts.TITLE, body=layouts.BODY, closing=layouts.CLOSING, issuers=("星河市科学技术协会",),
            issued_on="2026-05-25", note="", names=(name,), teachers=("闻笛",), work=f"月球的土，能种第{at}棵菜吗？",
            contest="第八届星河市科普讲解大赛总决赛", award="二等奖", division="公众组",
        )  # fmt: skip
        code = f"{at:016d}".translate(str.maketrans("01", "ZY"))
        check_at = "192.168.1.10:8000/verify"
        found.append(Sheet(words, f"KPJJ2026-A2-{at:04d}", code, f"{ADDRESS}/{code}", check_at, labels))
    return found


def run(bare: bool) -> None:
    """Print once in this process and say on one line how it went."""
    file, all_sheets = io.BytesIO(), sheets()
    press = Press(file, title="bench", author="bench", with_frame=not bare, with_code=not bare)
    press.draw(all_sheets[0])
    began = time.process_time()
    for each in all_sheets[1:]:
        press.draw(each)
    press.save()
    seconds = time.process_time() - began
    found = {"pages_per_second": (SHEETS - 1) / seconds, "bytes": len(file.getvalue()),
             "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}  # fmt: skip
    if not bare:
        text = subprocess.run(["pdftotext", "-", "-"], input=file.getvalue(), capture_output=True, check=True).stdout
        plain = re.sub(r"\s", "", text.decode())
        found["names_read"] = sum(name in plain for name in names())
    print(json.dumps(found))


def measured() -> list[Figure]:
    """Our figures beside the limit's, the better of a few runs each."""
    ours, limit = _best("ours"), _best("bare")
    if ours["names_read"] != SHEETS:
        raise SystemExit(f"pdftotext read {ours['names_read']} of {SHEETS} names")
    empty = "the same texts without ornament and QR code"
    return [
        Figure(f"{SHEETS} certificates, all {SHEETS} names read back by pdftotext", ours["pages_per_second"],
               limit["pages_per_second"], "pages/s of a core", empty, more_is_better=True),
        Figure("a certificate in the file", ours["bytes"] / SHEETS / 1000, limit["bytes"] / SHEETS / 1000, "KB", empty),
        Figure("peak memory of the process", ours["peak_kb"] / 1000, limit["peak_kb"] / 1000, "MB", empty),
    ]  # fmt: skip


def _best(kind: str) -> dict[str, float]:
    found: list[dict[str, float]] = []
    for _ in range(RUNS):
        done = subprocess.run(
            [sys.executable, "-m", "bench.certificates", kind], cwd=HERE, capture_output=True, check=True, text=True
        )
        found.append(json.loads(done.stdout))
    return max(found, key=lambda each: each["pages_per_second"])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(bare=sys.argv[1] == "bare")
    else:
        print(table(measured()))
