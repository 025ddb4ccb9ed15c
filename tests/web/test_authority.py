"""The event's own authority and certificate: what devices ask of them, renewal, and what they may not speak for."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from settings import TLS_AUTHORITY_FILE, TLS_SERVER_FILE
from web import authority, tls

NOW = datetime(2026, 5, 16, 6, 30, tzinfo=UTC)
HOST = "192.168.1.10"


def read(folder: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / name).read_bytes())


def extension(found: x509.Certificate, kind: type[x509.ExtensionType]) -> x509.Extension[x509.ExtensionType]:
    return found.extensions.get_extension_for_class(kind)


def is_trusted(root: x509.Certificate, leaf: x509.Certificate, host: str, now: datetime = NOW) -> bool:
    """Whether a device that trusts the authority takes the certificate for this host."""
    address: x509.DNSName | x509.IPAddress
    try:
        address = x509.IPAddress(ip_address(host))
    except ValueError:
        address = x509.DNSName(host)
    verifier = PolicyBuilder().store(Store([root])).time(now).build_server_verifier(address)
    try:
        verifier.verify(leaf, [])
    except VerificationError:
        return False
    return True


def test_a_device_that_trusts_the_authority_takes_the_certificate_for_its_hosts_and_no_other(tmp_path: Path):
    made = authority.make(tmp_path, HOST, now=NOW)
    root, leaf = read(tmp_path, TLS_AUTHORITY_FILE), read(tmp_path, TLS_SERVER_FILE)
    assert (made.new_authority, made.certificate.host, {HOST, "localhost", "127.0.0.1"} <= set(made.certificate.hosts)
            ) == (True, HOST, True)
    hosts = (*made.certificate.hosts, "192.168.1.11", "example.org")
    assert [host for host in hosts if is_trusted(root, leaf, host)] == list(made.certificate.hosts)
    leaf.verify_directly_issued_by(root)


def test_both_are_as_apples_devices_ask_for(tmp_path: Path):
    authority.make(tmp_path, HOST, now=NOW)
    root, leaf = read(tmp_path, TLS_AUTHORITY_FILE), read(tmp_path, TLS_SERVER_FILE)
    for each in (root, leaf):
        key = each.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        assert (key.curve.name, each.signature_hash_algorithm.name) == ("secp256r1", "sha256")
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=398)
    assert leaf.not_valid_before_utc <= NOW - timedelta(days=1)  # a tablet whose clock is behind
    assert root.not_valid_after_utc > NOW + timedelta(days=9 * 365)
    assert list(extension(leaf, x509.ExtendedKeyUsage).value) == [ExtendedKeyUsageOID.SERVER_AUTH]
    basic = extension(root, x509.BasicConstraints)
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
    assert extension(leaf, x509.BasicConstraints).value.ca is False


def test_the_authority_may_speak_for_private_addresses_and_local_names_alone(tmp_path: Path):
    authority.make(tmp_path, HOST, now=NOW)
    permitted = extension(read(tmp_path, TLS_AUTHORITY_FILE), x509.NameConstraints).value.permitted_subtrees
    nets = [each.value for each in permitted if isinstance(each, x509.IPAddress)]
    assert [net for net in nets if not net.is_private and not net.is_link_local] == []
    names = {each.value for each in permitted if isinstance(each, x509.DNSName)}
    assert names == {"localhost", "local", "lan", "home.arpa", "internal"}


def test_a_network_with_public_addresses_has_an_authority_that_may_speak_for_that_one_too(tmp_path: Path):
    authority.make(tmp_path, "203.0.113.7", now=NOW)
    root, leaf = read(tmp_path, TLS_AUTHORITY_FILE), read(tmp_path, TLS_SERVER_FILE)
    permitted = extension(root, x509.NameConstraints).value.permitted_subtrees
    assert x509.IPAddress(ip_network("203.0.113.7/32")) in permitted
    assert (is_trusted(root, leaf, "203.0.113.7"), is_trusted(root, leaf, "203.0.113.8")) == (True, False)
    with pytest.raises(authority.CannotCertify, match=r"may not speak for 203\.0\.113\.8"):
        authority.make(tmp_path, "203.0.113.8", now=NOW)
    assert read(tmp_path, TLS_SERVER_FILE) == leaf


def test_keys_are_their_owners_alone_and_belong_to_their_certificates(tmp_path: Path):
    authority.make(tmp_path, HOST, now=NOW)
    for name in (TLS_AUTHORITY_FILE, TLS_SERVER_FILE):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
        key = load_pem_private_key((tmp_path / name).read_bytes(), None)
        assert key.public_key() == read(tmp_path, name).public_key()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([TLS_AUTHORITY_FILE, TLS_SERVER_FILE])


def test_made_again_the_authority_stays_and_the_certificate_is_new(tmp_path: Path):
    authority.make(tmp_path, HOST, now=NOW)
    root, leaf = read(tmp_path, TLS_AUTHORITY_FILE), read(tmp_path, TLS_SERVER_FILE)
    later = NOW + timedelta(days=300)
    again = authority.make(tmp_path, "10.0.0.5", now=later)
    assert (again.new_authority, read(tmp_path, TLS_AUTHORITY_FILE)) == (False, root)
    renewed = read(tmp_path, TLS_SERVER_FILE)
    assert renewed.serial_number != leaf.serial_number
    assert is_trusted(root, renewed, "10.0.0.5", later)
    other = authority.make(tmp_path, HOST, now=later, anew=True)
    assert (other.new_authority, read(tmp_path, TLS_AUTHORITY_FILE) == root) == (True, False)


def test_a_certificate_is_renewed_before_it_ends_and_not_earlier(tmp_path: Path):
    assert authority.renew(tmp_path, now=NOW) is None
    made = authority.make(tmp_path, HOST, now=NOW)
    soon = made.certificate.until - tls.RENEW
    assert authority.renew(tmp_path, now=soon - timedelta(days=1)) is None
    renewed = authority.renew(tmp_path, now=soon + timedelta(days=1))
    assert (renewed.certificate.host, renewed.certificate.until > made.certificate.until) == (HOST, True)
    (tmp_path / TLS_AUTHORITY_FILE).unlink()
    assert authority.renew(tmp_path, now=renewed.certificate.until) is None


@pytest.mark.parametrize("host", [
    "", " ", "192.168.1", "192.168.1.256", "1.2.3.4.5", "http://192.168.1.10", "192.168.1.10:8000", "a b", "-x.local",
    "x..local", "::", "224.0.0.1", "255.255.255.255", "contest.example.org", "example", "讲台.local",
    "x" * 70 + ".local", "a\nb.local", "0.0.0.0",  # noqa: S104  named, not bound
])  # fmt: skip
def test_a_host_that_no_tablet_could_use_is_refused_in_one_line_and_nothing_is_written(tmp_path: Path, host: str):
    with pytest.raises(authority.CannotCertify) as refused:
        authority.make(tmp_path, host, now=NOW)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host, form", [
    ("FD00:0:0::5", "fd00::5"), ("[fd00::5]", "fd00::5"), ("Lectern.LOCAL", "lectern.local"),
    ("hall.lan", "hall.lan"), (" 10.1.2.3 ", "10.1.2.3"), ("hall.home.arpa", "hall.home.arpa"),
])  # fmt: skip
def test_other_hosts_are_written_in_one_form(tmp_path: Path, host: str, form: str):
    made = authority.make(tmp_path, host, now=NOW)
    assert (made.certificate.host, made.certificate.covers(host.strip())) == (form, True)


@pytest.mark.parametrize("body", [b"", b"no key", b"-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n"])
def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path, body: bytes):
    (tmp_path / TLS_AUTHORITY_FILE).write_bytes(body)
    (tmp_path / TLS_SERVER_FILE).write_bytes(body)
    with pytest.raises(authority.CannotCertify, match="is damaged"):
        authority.make(tmp_path, HOST, now=NOW)
    assert (tmp_path / TLS_AUTHORITY_FILE).read_bytes() == body
    assert tls.certificate(tmp_path) is None
    assert tls.secure_address(tmp_path, f"http://{HOST}:8000", now=NOW) == ""


def test_https_stands_beside_the_plain_address_of_the_same_host_while_the_certificate_is_good(tmp_path: Path):
    assert tls.secure_address(tmp_path, f"http://{HOST}:8000", now=NOW) == ""
    made = authority.make(tmp_path, HOST, now=NOW)
    given = (f"http://{HOST}:8000", "http://localhost:8000", "http://192.168.1.11:8000", f"https://{HOST}:8000", "x")
    found = [tls.secure_address(tmp_path, url, now=NOW) for url in given]
    assert found == [f"https://{HOST}:8000", "https://localhost:8000", "", "", ""]
    assert tls.secure_address(tmp_path, given[0], now=made.certificate.until) == ""
