"""Every setting once: its name, default and meaning, read from the environment (CONTEST_*)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
# In the instance folder of a real event: which addresses were chosen, the newest last.
VENUE_FILE = "venue.json"
# There too, where the event has https: its own authority and the server's certificate, each with its private key.
TLS_AUTHORITY_FILE, TLS_SERVER_FILE = "tls-authority.pem", "tls-server.pem"


class SettingError(ValueError):
    """A setting has a value that cannot be used; the message names the variable and says how to mend it."""


def setting(default: Any, meaning: str) -> Any:
    """A settings field with the sentence that `docs/settings.md` and `flask settings` show for it."""
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """The whole configuration of one installation. Each field is the variable CONTEST_<FIELD IN CAPITALS>."""

    instance: Path = setting(HERE / "instance", "Folder of the database, the keys and printed files.")
    database_url: str = setting("", "SQLAlchemy address of the database; empty: SQLite in the instance folder.")
    uploads: Path | None = setting(None, "Folder of uploaded files, one for all hosts; empty: in the instance folder.")
    backups: Path | None = setting(None, "Folder of backups, best on a second disk; empty: in the instance folder.")
    redis_url: str = setting("", "Redis for the live bus, limits and jobs; empty: in this process and SQLite.")
    public_url: str = setting("", "Address that printed codes carry, http://192.168.1.10:8000; empty: the request's.")
    secure_url: str = setting("", "Address of https that judges' cards carry; empty: made by `flask tls`, or none.")
    secret_key: str = setting("", "Key of cookies and cards; empty: made once and kept in the instance folder.")
    host: str = setting("127.0.0.1", "Address the web process listens on (HOST does the same).")
    port: int = setting(8000, "Port the web process listens on (PORT does the same).")
    workers: int = setting(1, "Web worker processes; more than one needs PostgreSQL and Redis.")
    streams: int = setting(0, "Live streams one worker holds before phones poll; 0: as many as it can.")
    time_zone: str = setting("Asia/Shanghai", "Time zone shown where no contest says another.")
    demo: bool = setting(True, "Load the demo contest and its accounts at the first start.")
    secure_cookies: bool = setting(False, "Send cookies over https only; set it where the site has https.")
    proxies: int = setting(0, "How many trusted reverse proxies stand in front (X-Forwarded-For).")
    busy_seconds: float = setting(10.0, "How long a writer waits for SQLite's write lock, in seconds.")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read CONTEST_* (and HOST, PORT). Raises SettingError naming the variable that cannot be read."""
        values: dict[str, object] = {}
        for each in fields(cls):
            name = f"CONTEST_{each.name.upper()}"
            short = each.name.upper() if each.name in ("host", "port") else ""
            text = environ.get(name) or (environ.get(short) if short else None)
            if text:
                values[each.name] = _parse(name, str(each.type), text)
        settings = cls(**values)  # type: ignore[arg-type]
        settings.check()
        return settings

    def check(self) -> None:
        """Raise SettingError where two settings contradict each other."""
        if self.workers > 1 and (self.is_sqlite or not self.redis_url):
            raise SettingError("CONTEST_WORKERS above 1 needs CONTEST_DATABASE_URL (PostgreSQL) and CONTEST_REDIS_URL")
        if not 0 <= self.port <= 65535:
            raise SettingError(f"CONTEST_PORT is {self.port}: a port is 0 to 65535")

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is SQLite (one laptop, one worker)."""
        return self.sqlalchemy_url.startswith("sqlite")

    @property
    def is_venue(self) -> bool:
        """Whether `make venue` has used this instance folder: real accounts and contests, so never a demo."""
        return (self.instance / VENUE_FILE).exists()

    @property
    def sqlalchemy_url(self) -> str:
        """The address SQLAlchemy opens; psycopg 3 is the PostgreSQL driver."""
        if not self.database_url:
            return f"sqlite:///{self.instance / 'lectern.sqlite3'}"
        for scheme in ("postgresql://", "postgres://"):
            if self.database_url.startswith(scheme):
                return "postgresql+psycopg://" + self.database_url.removeprefix(scheme)
        return self.database_url

    def key(self) -> str:
        """The secret key: the setting, or one made once and kept readable by the owner alone."""
        if self.secret_key:
            return self.secret_key
        path = self.instance / "secret_key"
        self.instance.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        return path.read_text(encoding="ascii").strip()


def _parse(name: str, kind: str, text: str) -> object:
    try:
        if kind == "int":
            return int(text)
        if kind == "float":
            return float(text)
        if kind.startswith("Path"):
            return Path(text).expanduser().resolve()
        if kind == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
    except (ValueError, KeyError):
        raise SettingError(f"{name} is {text!r}: expected a value like {_EXAMPLES[kind.split()[0]]}") from None
    return text


_EXAMPLES = {"int": "8000", "float": "10.0", "bool": "1 or 0", "Path": "/var/lib/lectern"}
