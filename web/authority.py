"""Make this installation's own certificate authority, and the server's certificate for an address of the venue.

What devices are asked to trust must harm nobody should its key be stolen, so the authority may only speak for private
addresses and local names (RFC 5280 §4.2.1.10). The constraint is not marked critical, as the RFC would have it:
devices that know it obey it either way, and old ones that do not would refuse the certificate altogether.
"""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from settings import TLS_AUTHORITY_FILE, TLS_SERVER_FILE
from web import tls

AUTHORITY_DAYS = 3650
# Apple's devices take at most 825 days from an authority of one's own and 398 from a public one; both are kept. The
# first two days lie in the past: a tablet that has not seen the internet for long may be slow.
SERVER_DAYS, EARLIER = 397, timedelta(days=2)
PRIVATE = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "::1/128", "fc00::/7",
    "fe80::/10",
)  # fmt: skip
LOCAL = ("localhost", "local", "lan", "home.arpa", "internal")
NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


class CannotCertify(ValueError):
    """Why no certificate is made for this address, in one line; nothing was changed."""


@dataclass(frozen=True)
class Made:
    """What was made: whether the authority is new, its certificate in DER, and the server's certificate."""

    new_authority: bool
    authority: bytes
    certificate: tls.Certificate


@dataclass(frozen=True)
class Authority:
    """The authority with its key."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def make(instance: Path, host: str, *, now: datetime, anew: bool = False) -> Made:
    """Certify `host`, with the authority that is there or with a new one (`anew`, or where there is none).

    Raises CannotCertify where the host cannot be used, and where the authority there may not speak for it.
    """
    host = checked(host)
    found = None if anew else authority(instance)
    new = found is None
    known = found or _new_authority(host, now)
    if not _may(known.certificate, host):
        raise CannotCertify(f"the authority in {instance} may not speak for {host}: --new-authority makes another, "
                            "which every device has to trust anew")  # fmt: skip
    hosts = list(dict.fromkeys([host, *(each for each in _own_names() if _may(known.certificate, each))]))
    body = _server(known, hosts, now)
    if new:
        _write(instance / TLS_AUTHORITY_FILE, known.key, known.certificate)
    _write(instance / TLS_SERVER_FILE, *body)
    certificate = tls.Certificate(host, tuple(hosts), body[1].not_valid_after_utc)
    return Made(new, known.certificate.public_bytes(serialization.Encoding.DER), certificate)


def renew(instance: Path, *, now: datetime) -> Made | None:
    """Make the certificate again where it soon ends; None where that is not so, or where no authority is there."""
    before = tls.certificate(instance)
    if before is None or now < before.until - tls.RENEW or not (instance / TLS_AUTHORITY_FILE).exists():
        return None
    return make(instance, before.host, now=now)


def authority(instance: Path) -> Authority | None:
    """The authority of this folder; None where there is none. Raises CannotCertify where its file is damaged."""
    path = instance / TLS_AUTHORITY_FILE
    if not path.exists():
        return None
    body = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(body, password=None)
        certificate = x509.load_pem_x509_certificate(body)
    except (ValueError, TypeError) as error:
        raise CannotCertify(f"{path} is damaged: bring it back from a backup, or --new-authority") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise CannotCertify(f"{path} is not one of ours: move it away, or --new-authority")
    return Authority(key, certificate)


def checked(host: str) -> str:
    """A host in the form of certificates. Raises CannotCertify where no tablet could reach the server by it."""
    host = tls.same_form(host.strip())
    address = _address(host)
    if address is None:
        if re.fullmatch(r"[0-9.]+", host) or not NAME.fullmatch(host) or len(host) > 64:
            raise CannotCertify(f"{host!r} is neither an address like 192.168.1.10 nor a name")
        if host.rpartition(".")[2] not in {each.rpartition(".")[2] for each in LOCAL}:
            raise CannotCertify(f"{host} is a public name: give it a public certificate, at a proxy in front")
    elif address.is_unspecified or address.is_multicast or address == IPv4Address("255.255.255.255"):
        raise CannotCertify(f"{host} is no machine's address")
    return host


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _own_names() -> list[str]:
    """Further hosts of the certificate: this machine under its own names, for its own screen and for mDNS."""
    own = socket.gethostname().partition(".")[0].lower()
    return ["localhost", "127.0.0.1", *([f"{own}.local"] if NAME.fullmatch(own) else [])]


def _may(authority: x509.Certificate, host: str) -> bool:
    """Whether the authority's constraints let it speak for a host."""
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    address = _address(host)
    if address is not None:
        nets = [each.value for each in permitted if isinstance(each, x509.IPAddress)]
        return any(isinstance(net, IPv4Network | IPv6Network) and address in net for net in nets)
    names = [each.value for each in permitted if isinstance(each, x509.DNSName)]
    return any(host == name or host.endswith(f".{name}") for name in names)


def _new_authority(host: str, now: datetime) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    # A part of the key's own name tells two venues' authorities apart in a device's list.
    name = x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Lectern"),
        x509.NameAttribute(NameOID.COMMON_NAME, f"Lectern venue {identifier.digest.hex()[:8].upper()}"),
    ])  # fmt: skip
    nets = [ip_network(each) for each in PRIVATE]
    address = _address(host)
    if address is not None and not any(address in net for net in nets):
        # Some networks give public addresses to their own machines; the authority then speaks for that one as well.
        nets.append(ip_network(host))
    permitted: list[x509.GeneralName] = [x509.DNSName(each) for each in LOCAL]
    permitted += [x509.IPAddress(net) for net in nets]
    built = (
        _begin(name, name, key, now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(x509.NameConstraints(permitted, None), critical=False)
    )
    return Authority(key, built.sign(key, hashes.SHA256()))


def _server(
    authority: Authority, hosts: list[str], now: datetime
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    addresses = [(_address(each), each) for each in hosts]
    names: list[x509.GeneralName] = [
        x509.DNSName(host) if address is None else x509.IPAddress(address) for address, host in addresses
    ]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    built = (
        _begin(subject, authority.certificate.subject, key, now, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(signer, critical=False)
    )
    return key, built.sign(authority.key, hashes.SHA256())


def _begin(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    begins = (now - EARLIER).replace(microsecond=0)
    return x509.CertificateBuilder(
        subject_name=subject, issuer_name=issuer, public_key=key.public_key(),
        serial_number=x509.random_serial_number(), not_valid_before=begins,
        not_valid_after=begins + timedelta(days=days),
    )  # fmt: skip


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _write(path: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    """Key and certificate in one file for its owner alone, which appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ))  # fmt: skip
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
