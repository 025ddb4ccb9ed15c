"""How each kind of device comes to trust this event's own authority, and what kind a browser says it is."""

from __future__ import annotations

import plistlib
import re
import uuid
from dataclasses import dataclass

from flask_babel import gettext as _

FILE, PROFILE = "lectern-venue.crt", "lectern-venue.mobileconfig"
# In the order in which they are asked: HarmonyOS and Android name Linux, an iPad may call itself a Macintosh (the
# page's script puts that right, for only the device knows whether it is touched).
KINDS = (
    ("harmony", re.compile(r"HarmonyOS|OpenHarmony|ArkWeb|HMSCore", re.IGNORECASE)),
    ("android", re.compile(r"Android", re.IGNORECASE)),
    ("ios", re.compile(r"iPad|iPhone|iPod")),
    ("windows", re.compile(r"Windows NT")),
    ("mac", re.compile(r"Macintosh")),
)  # fmt: skip


@dataclass(frozen=True)
class Way:
    """A kind of device: its name, its icon, which file it takes, what to do in order, and how to forget it again."""

    kind: str
    title: str
    icon: str
    file: str
    steps: tuple[str, ...]
    after: str


def kind_of(user_agent: str) -> str:
    """The kind of device that a browser says it is; empty where it is none we know."""
    return next((kind for kind, pattern in KINDS if pattern.search(user_agent)), "")


def ways(user_agent: str, name: str) -> list[Way]:
    """Every kind's way, the asking device's first. `name` is what the authority is called in a device's lists."""
    mine = kind_of(user_agent)
    found = [_android(name), _harmony(name), _ios(name), _windows(name), _mac(name)]
    return sorted(found, key=lambda way: way.kind != mine)


def profile(der: bytes, name: str) -> bytes:
    """The authority as a configuration profile for Apple's devices, the same bytes each time."""
    whole, part = (str(uuid.uuid5(uuid.NAMESPACE_OID, f"{name}:{each}")) for each in ("profile", "root"))
    said = _("只用于这场活动的平板，只对本地网络的地址有效。活动后可以移除。")
    root = {
        "PayloadType": "com.apple.security.root", "PayloadVersion": 1, "PayloadIdentifier": f"lectern.venue.{part}",
        "PayloadUUID": part, "PayloadDisplayName": name, "PayloadCertificateFileName": FILE, "PayloadContent": der,
    }  # fmt: skip
    return plistlib.dumps({
        "PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": f"lectern.venue.{whole}",
        "PayloadUUID": whole, "PayloadDisplayName": name, "PayloadDescription": said, "PayloadContent": [root],
    })  # fmt: skip


def _android(name: str) -> Way:
    return Way(
        "android", _("安卓平板、手机"), "tablet", FILE,
        (
            _("用 Chrome 打开这一页，按「下载证书」。微信等应用里的浏览器不认自己装的证书。"),
            _("打开系统「设置」，搜索「证书」，进「安装证书 → CA 证书」（多在「安全 → 加密与凭据」下）。"),
            _("看过提醒，按「仍然安装」，有锁屏密码就输入，选刚下载的 %(file)s。", file=FILE),
            _("回到这一页，按「检查这台设备」。"),
        ),
        _("活动后移除：设置 → 加密与凭据 → 用户凭据（或「信任的凭据 → 用户」），删掉 %(name)s。", name=name),
    )  # fmt: skip


def _harmony(name: str) -> Way:
    return Way(
        "harmony", _("鸿蒙平板、手机"), "tablet", FILE,
        (
            _("用自带的浏览器打开这一页，按「下载证书」。"),
            _("打开「设置」，搜索「证书」，进「证书与凭据 → 从存储设备安装」（多在「隐私和安全 → 高级」下）。"),
            _("选「CA 证书」，看过提醒后继续，选刚下载的 %(file)s。", file=FILE),
            _("回到这一页，按「检查这台设备」。"),
        ),
        _("活动后移除：设置 → 证书与凭据 → 用户证书，删掉 %(name)s。", name=name),
    )  # fmt: skip


def _ios(name: str) -> Way:
    return Way(
        "ios", _("iPad、iPhone"), "tablet", PROFILE,
        (
            _("用 Safari 打开这一页，按「下载描述文件」，再按「允许」。"),
            _("打开「设置」，最上面有「已下载描述文件」：按它，再按「安装」，输入锁屏密码。"),
            _("再到「设置 → 通用 → 关于本机 → 证书信任设置」，打开 %(name)s 的开关。少了这一步就不算。", name=name),
            _("回到这一页，按「检查这台设备」。"),
        ),
        _("活动后移除：设置 → 通用 → VPN 与设备管理，选 %(name)s，按「移除描述文件」。", name=name),
    )  # fmt: skip


def _windows(name: str) -> Way:
    return Way(
        "windows", _("Windows 电脑"), "monitor", FILE,
        (
            _("按「下载证书」，打开下载的文件，按「安装证书」，选「当前用户」。"),
            _("选「将所有的证书都放入下列存储」，浏览到「受信任的根证书颁发机构」，一直按到完成。"),
            _("系统问要不要安装 %(name)s 时按「是」，然后把浏览器全部关掉再打开。", name=name),
            _("回到这一页，按「检查这台设备」。"),
        ),
        _("活动后移除：运行 certmgr.msc，在「受信任的根证书颁发机构」里删掉 %(name)s。", name=name),
    )  # fmt: skip


def _mac(name: str) -> Way:
    return Way(
        "mac", _("苹果电脑"), "monitor", FILE,
        (
            _("按「下载证书」，打开下载的文件，加到「登录」钥匙串。"),
            _("打开「钥匙串访问」，在「证书」里双击 %(name)s，展开「信任」，选「始终信任」。", name=name),
            _("关上窗口时输入电脑的密码，然后把浏览器退出再打开。"),
            _("回到这一页，按「检查这台设备」。"),
        ),
        _("活动后移除：在「钥匙串访问」里删掉 %(name)s。", name=name),
    )  # fmt: skip
