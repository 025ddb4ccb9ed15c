"""What /status asks: of the server (for staff) each check answers here; of the device a script fills the answers in."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import text

from settings import Settings
from web import addresses, backups, fonts, signs, tls, venue
from web.db import reading
from web.words import shown_time

LITTLE_BYTES, TOO_LITTLE_BYTES = 5_000_000_000, 500_000_000
GOOD, WARN, BAD = "good", "warn", "bad"


@dataclass(frozen=True)
class Check:
    """A line of the page: what was asked, how it is, and what that means. `id` is what a script fills in."""

    title: str
    text: str
    state: str = ""
    id: str = ""


def server() -> list[Check]:
    """How the server is, always in the same order."""
    settings: Settings = current_app.extensions["lectern_settings"]
    return [
        _database(settings), _disk(settings), _worker(), _backup(settings), *_address(settings), _https(settings),
        _fonts(),
    ]  # fmt: skip


def device() -> list[Check]:
    """What a script asks of the device, with what it means where the answer is no."""
    return [
        Check(_("和服务器的往返时间"), _("100 毫秒以内很顺，超过 500 毫秒请靠近无线路由器。"), id="latency"),
        Check(_("本机存储（断网保存）"), _("评分和填写断网时存在这里。没有的话请不要用无痕窗口。"), id="storage"),
        Check(_("安全连接"), _("https 或本机才有。没有时下面带星号的功能不能用，其余一切照常。"), id="secure"),
        Check(_("网页内相机 *"), _("没有也能签到：用手机自带的相机扫码。"), id="camera"),
        Check(_("屏幕常亮 *"), _("没有时请在系统设置里把自动锁屏调到最长。"), id="wake"),
        Check(_("离线打开页面 *"), _("没有时断网后不要刷新；已打开的页面照常工作。"), id="offline"),
        Check(_("通知 *"), _("只是提醒更及时，没有也不影响。"), id="notice"),
        Check(_("屏幕大小"), _("评委平板至少 768×1024，控制台至少 1280×720。"), id="screen"),
    ]


def _database(settings: Settings) -> Check:
    began = time.perf_counter()
    with reading() as db:
        db.execute(text("SELECT 1"))
    took = (time.perf_counter() - began) * 1000
    kind = "SQLite" if settings.is_sqlite else "PostgreSQL"
    ms = f"{took:.1f}"
    said = _("%(kind)s，应答 %(ms)s 毫秒", kind=kind, ms=ms)
    return Check(_("数据库"), said, GOOD if took < 200 else WARN)


def _disk(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.instance).free
    said = _("剩余 %(size)s", size=_size(free))
    if free < TOO_LITTLE_BYTES:
        return Check(_("磁盘空间"), _("%(said)s。马上腾出空间，否则上传和备份会失败。", said=said), BAD)
    if free < LITTLE_BYTES:
        return Check(_("磁盘空间"), _("%(said)s。收视频前请腾出空间。", said=said), WARN)
    return Check(_("磁盘空间"), said, GOOD)


def _worker() -> Check:
    if signs.worker_is_alive():
        return Check(_("后台任务"), _("在运行：复核、证书、备份会自己完成。"), GOOD)
    stopped = _("没有运行。证书、复核和自动备份都在等它：请用 make run 或 make venue 重新启动。")
    return Check(_("后台任务"), stopped, BAD)


def _backup(settings: Settings) -> Check:
    if not settings.is_sqlite:
        return Check(_("备份"), _("PostgreSQL 由您自己的 pg_dump 负责，另存上传的文件和密钥。"), WARN)
    newest, failed = backups.last(), signs.seen(backups.SIGN_FAILED)
    if failed is not None and (newest is None or failed["at"] > newest.at):
        return Check(_("备份"), _("%(time)s 备份没有成功，请检查磁盘。", time=shown_time(failed["at"])), BAD)
    if newest is None:
        return Check(_("备份"), _("还没有。发布成绩后会自动备份；也可以运行 make backup。"), WARN)
    facts = {"time": shown_time(newest.at), "size": _size(newest.size), "folder": backups.folder_of(settings)}
    said = _("已备份 %(time)s，%(size)s，在 %(folder)s", **facts)
    if settings.backups is None:
        return Check(_("备份"), _("%(said)s。和数据在同一块盘上，建议设到另一块盘。", said=said), WARN)
    return Check(_("备份"), said, GOOD)


def _address(settings: Settings) -> list[Check]:
    url = settings.public_url
    if not url:
        unset = _("没有设定：印出的码会带打开页面时的地址。真实比赛请用 make venue。")
        return [Check(_("二维码里的地址"), unset, WARN)]
    here = addresses.still_here(url)
    said = {
        True: _("%(url)s，这台机器有这个地址。", url=url),
        False: _("%(url)s，但这台机器已经没有这个地址：印出的码打不开。请把地址还给它，或重印。", url=url),
        None: _("%(url)s（域名，由网络决定指向哪里）", url=url),
    }[here]
    found = [Check(_("二维码里的地址"), said, BAD if here is False else GOOD)]
    gone = [each for each in dict.fromkeys(start.url for start in venue.starts(settings.instance)) if each != url]
    if gone:
        words = _("以前用过 %(urls)s；那时印的码打不开，需要重印。", urls=" ".join(gone))
        found.append(Check(_("以前印的码"), words, WARN))
    return found


def _https(settings: Settings) -> Check:
    title, found = _("安全地址（https）"), tls.certificate(settings.instance)
    secure = current_app.config["SECURE_URL"]
    if not secure and found is None:
        return Check(title, _("没有。相机、屏幕常亮、离线打开要用它：赛前运行 flask tls，再印评委卡。"), WARN)
    if not secure:
        return Check(title, _("证书已经有了，评委卡还用普通地址：没有轮次在评分时重新启动 make venue 就生效。"), WARN)
    if found is None:
        return Check(title, _("%(url)s，证书由前面的服务器负责。", url=secure), GOOD)
    facts = {"url": secure, "date": shown_time(found.until, form="yyyy-MM-dd")}
    if found.until - datetime.now(UTC) < tls.RENEW:
        return Check(title, _("%(url)s，证书 %(date)s 到期：重新启动 make venue 会自动续期。", **facts), WARN)
    return Check(title, _("%(url)s，证书有效到 %(date)s。评委卡带这个地址。", **facts), GOOD)


def _fonts() -> Check:
    try:
        names = [each.removeprefix("Lectern-") for each in fonts.names()]
    except fonts.NoFont:
        return Check(_("打印用的中文字体"), _("没有找到，证书和表格印不出中文。请再运行一次 make。"), BAD)
    return Check(_("打印用的中文字体"), ", ".join(names), GOOD)


def _size(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
