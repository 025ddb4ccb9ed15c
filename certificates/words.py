"""Words of certificates: the fixed ones on the sheet in its own language, and the states in the reader's."""

from __future__ import annotations

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from certificates.setting import Labels
from contest.honours import Differs
from contest.models import PrintState
from web.words import LANGUAGES


def labels(*, english: bool, version: int) -> Labels:
    """The fixed words of a sheet, its version among them."""
    with force_locale(LANGUAGES["en" if english else "zh"]):
        return Labels(
            number=_("证书编号："), code=_("防伪码："), check=_("查询："), scan=_("扫码验证"),
            version=_("（第 %(number)s 版）", number=version),
        )  # fmt: skip


def differs(kind: Differs) -> str:
    """In what a certificate no longer fits."""
    words: dict[Differs, str] = {
        Differs.NAME: _("姓名与证书不一致"), Differs.TITLE: _("作品名称与证书不一致"),
        Differs.TEACHERS: _("指导教师与证书不一致"), Differs.AWARD: _("奖项与证书不一致"),
        Differs.GONE: _("最新的封存里没有这个奖项"),
    }  # fmt: skip
    return words[kind]


def print_state(state: PrintState) -> str:
    """How far a print batch has come."""
    words: dict[PrintState, str] = {
        PrintState.WAITING: _("排队中"), PrintState.RUNNING: _("正在生成"), PrintState.DONE: _("可以打印"),
        PrintState.FAILED: _("没有生成"),
    }  # fmt: skip
    return words[state]


def problem(code: str) -> str:
    """Why a print file was not made, and what to do."""
    words: dict[str, str] = {
        "no_font": _("这台机器没有可用的中文字体，请安装字体后重试。"),
        "disk_full": _("服务器磁盘已满，请腾出空间后重试。"),
        "seal": _("印章图片打不开，请重新上传印章后重试。"),
    }  # fmt: skip
    return words.get(code) or str(_("生成时出错，已记入日志。请重试；仍不行时联系技术人员。"))


def sheets(count: int) -> str:
    """So many sheets."""
    return str(ngettext("%(num)s 张", "%(num)s 张", count))
