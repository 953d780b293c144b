"""Https without a city's certificate: an authority of this machine's own, which phones nearby are told to trust.

A service worker needs https, so `make run TLS=1` could not show the installed app otherwise. Whoever steals the
authority's key gains little: it may vouch for machines of a local network only, and phones hold it to that.
"""

import fcntl
import socket
import ssl
import struct
from dataclasses import dataclass
from datetime import UTC, timedelta
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from webapp import atomic, clock

LOOPBACK = IPv4Address("127.0.0.1")
NETWORKS = tuple(
    IPv4Network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8")
)
DOMAINS = ("localhost", "local")
LIFE_OF_AUTHORITY = timedelta(days=3 * 365)
LIFE = timedelta(days=397)  # browsers take 398 at most
RENEWED = timedelta(days=30)  # before its end
CLOCKS_DIFFER = timedelta(days=1)
ADDRESS_OF_INTERFACE = 0x8915  # SIOCGIFADDR
USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@dataclass(frozen=True)
class TlsFiles:
    """The four files of the folder. Phones want the authority as DER, servers the rest as PEM."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "ca.crt"

    @property
    def authority_key(self) -> Path:
        return self.folder / "ca.key"

    @property
    def certificate(self) -> Path:
        return self.folder / "server.crt"

    @property
    def key(self) -> Path:
        return self.folder / "server.key"


@dataclass(frozen=True)
class Pair:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def is_whole(self) -> bool:
        """Whether they belong together, and for a while yet."""
        ends = self.certificate.not_valid_after_utc.replace(tzinfo=None)
        return self.certificate.public_key() == self.key.public_key() and ends - clock.machine() > RENEWED


def make_ready(folder: Path, addresses: list[IPv4Address], hostname: str) -> TlsFiles:
    """See to it that the folder holds an authority and a certificate for this machine under these addresses.

    The authority stays as long as it can: phones trust it. The certificate is made anew when an address changes, and
    before it ends.
    """
    files = TlsFiles(folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    authority = _read(files.authority, files.authority_key)
    if authority is None or not authority.is_whole():
        authority = _new_authority(hostname)
        _keep(authority, files.authority, files.authority_key, Encoding.DER)
    names = _names(addresses, hostname)
    server = _read(files.certificate, files.key)
    if server is None or not server.is_whole() or not _is_for(server.certificate, names, authority):
        _keep(_new_server(names, authority), files.certificate, files.key, Encoding.PEM)
    return files


def addresses() -> list[IPv4Address]:
    """This machine's addresses in local networks; first the one on the way out."""
    found = {address for _number, name in socket.if_nameindex() if (address := _address_of(name))}
    near = [address for address in found if not address.is_loopback and any(address in block for block in NETWORKS)]
    out = _way_out()
    return sorted(near, key=lambda address: (address != out, address))


def trusting(authority: Path) -> ssl.SSLContext:
    """For calling this machine's own server."""
    return ssl.create_default_context(cadata=authority.read_bytes())


def fingerprint(authority: Path) -> str:
    """What a phone shows of a certificate, to compare."""
    return x509.load_der_x509_certificate(authority.read_bytes()).fingerprint(hashes.SHA256()).hex(":").upper()


def what_to_do(authority: Path, url: str) -> str:
    """How a phone in this network comes to trust this machine and to the installed app."""
    if urlsplit(url).hostname == str(LOOPBACK):
        return "It has no address in a local network, or HOST keeps it to this machine: phones do not reach it."
    return f"""On an Android phone in the same network (the certificate is for trials with your own phones only):
  1. Open {url}/ca.crt and go on past the warning, this once; or bring the file over yourself:
     {authority}
  2. Settings > Security & privacy > More > Encryption & credentials > Install a certificate > CA certificate.
     Its SHA-256 must begin with {fingerprint(authority)[:23]} there, under Trusted credentials > User.
  3. Open {url} again: the lock is closed and nothing warns. Menu > Install app.
  Take the certificate out of the phone when the trial is over. It vouches for this machine until {_end(authority)}."""


def _end(authority: Path) -> str:
    return f"{x509.load_der_x509_certificate(authority.read_bytes()).not_valid_after_utc:%d %B %Y}"


def _address_of(interface: str) -> IPv4Address | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            answer = fcntl.ioctl(asking, ADDRESS_OF_INTERFACE, struct.pack("256s", interface.encode()[:15]))
        except OSError:  # it has none
            return None
    return IPv4Address(answer[20:24])


def _way_out() -> IPv4Address | None:
    """By which address packets would leave. A connected datagram socket only asks the kernel; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return IPv4Address(asking.getsockname()[0])


def _names(addresses: list[IPv4Address], hostname: str) -> list[x509.GeneralName]:
    names = [x509.DNSName("localhost"), x509.DNSName(f"{hostname}.local")]
    return [*names, *(x509.IPAddress(address) for address in [LOOPBACK, *addresses])]


def _read(certificate: Path, key: Path) -> Pair | None:
    """The pair in these files, or None where one is missing or spoilt."""
    try:
        content, secret = certificate.read_bytes(), load_pem_private_key(key.read_bytes(), None)
        is_pem = content.startswith(b"-----")
        found = x509.load_pem_x509_certificate(content) if is_pem else x509.load_der_x509_certificate(content)
    except (OSError, ValueError):
        return None
    return Pair(found, secret) if isinstance(secret, ec.EllipticCurvePrivateKey) else None


def _keep(pair: Pair, certificate: Path, key: Path, encoding: Encoding) -> None:
    atomic.write(key, pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    atomic.write(certificate, pair.certificate.public_bytes(encoding), 0o644)


def _is_for(certificate: x509.Certificate, names: list[x509.GeneralName], authority: Pair) -> bool:
    said = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    try:  # every authority of this machine has the same name: the signature tells
        certificate.verify_directly_issued_by(authority.certificate)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return list(said) == names


def _new_authority(hostname: str) -> Pair:
    key, name = ec.generate_private_key(ec.SECP256R1()), _name(f"Binjai Smart City, percobaan di {hostname}"[:64])
    blocks = [x509.IPAddress(block) for block in NETWORKS]
    limits = x509.NameConstraints([*blocks, *(x509.DNSName(domain) for domain in DOMAINS)], excluded_subtrees=None)
    builder = (
        _builder(name, name, key, LIFE_OF_AUTHORITY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign"), critical=True)
        .add_extension(limits, critical=True)
    )
    return Pair(builder.sign(key, hashes.SHA256()), key)


def _new_server(names: list[x509.GeneralName], authority: Pair) -> Pair:
    key, above = ec.generate_private_key(ec.SECP256R1()), authority.certificate
    builder = (
        _builder(_name("Binjai Smart City"), above.subject, key, LIFE)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_above(above), critical=False)
    )
    return Pair(builder.sign(authority.key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, life: timedelta
) -> x509.CertificateBuilder:
    now = clock.machine().replace(tzinfo=UTC)
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - CLOCKS_DIFFER)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _above(authority: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    known = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known)


def _usage(only: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage == only for usage in USAGES})


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
