"""What this installation's folder holds for https: its own authority, the server's certificate, the address they serve.

Each file is a private key and its certificate in one, so that the two are replaced together. Nothing here makes one:
that is web/authority.py.
"""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from settings import TLS_AUTHORITY_FILE, TLS_SERVER_FILE

# From here on a start renews the certificate by itself: an event and what follows it fit into this.
RENEW = timedelta(days=45)
BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


@dataclass(frozen=True)
class Certificate:
    """The server's certificate: the host it was made for, every host it is good for, and until when."""

    host: str
    hosts: tuple[str, ...]
    until: datetime

    def covers(self, host: str) -> bool:
        """Whether it is for this host, an address or a name."""
        return same_form(host) in self.hosts

    def is_over(self, now: datetime) -> bool:
        """Whether browsers refuse it by now."""
        return now >= self.until


def same_form(host: str) -> str:
    """A host as certificates write it: addresses in their shortest form, names in small letters."""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return host.lower()


def certificate(instance: Path) -> Certificate | None:
    """The server's certificate; None where there is none or the file is damaged."""
    body = _read(instance / TLS_SERVER_FILE)
    return _certificate(body) if body is not None else None


def authority(instance: Path) -> bytes | None:
    """The authority's certificate in DER, which devices are told to trust; None where there is none."""
    body = _read(instance / TLS_AUTHORITY_FILE)
    if body is None or BEGIN not in body or END not in body:
        return None
    try:
        der = ssl.PEM_cert_to_DER_cert(BEGIN + body.partition(BEGIN)[2].partition(END)[0] + END + "\n")
        return der if name_of(der) else None
    except ValueError:
        return None


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate as devices show it: 64 hexadecimal digits in pairs."""
    digest = hashlib.sha256(der).hexdigest().upper()
    return " ".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def name_of(der: bytes) -> str:
    """What devices call a certificate in their lists: its common name."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    found = x509.load_der_x509_certificate(der).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def secure_address(instance: Path, url: str, *, now: datetime) -> str:
    """The https address that stands beside this http one, on the same host and port.

    Empty where the certificate is missing, over, or for another host, and where `url` is https already.
    """
    parts = urlsplit(url)
    found = certificate(instance) if parts.scheme == "http" and parts.hostname else None
    if found is None or found.is_over(now) or not found.covers(parts.hostname or "") or authority(instance) is None:
        return ""
    return f"https://{parts.netloc}"


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None


@lru_cache(maxsize=4)
def _certificate(body: str) -> Certificate | None:
    from cryptography import x509  # Only an installation with https loads it.
    from cryptography.x509.oid import NameOID

    try:
        found = x509.load_pem_x509_certificate(body.encode())
        host = str(found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, IndexError, x509.ExtensionNotFound):
        return None
    hosts = [each.lower() for each in names.get_values_for_type(x509.DNSName)]
    hosts += [str(each) for each in names.get_values_for_type(x509.IPAddress)]
    return Certificate(host, tuple(hosts), found.not_valid_after_utc.astimezone(UTC))
