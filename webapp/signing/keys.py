"""This installation's own signing key and certificate: two files in the instance folder, never in the database (T121).

The certificate file may hold several certificates. The first belongs to the key and signs; the further ones belong to
earlier keys, and what they signed still counts as ours. A certificate that is taken out of the file is revoked.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from webapp import atomic, clock
from webapp.settings import Settings

KEY_FILE = "signing-key.pem"
CERTIFICATE_FILE = "signing-certificate.pem"
LIFE = timedelta(days=3650)
NEW = timedelta(days=1)  # clocks differ
NOT_CERTIFIED = "contoh, belum tersertifikasi"
ONLY_SIGNS = x509.KeyUsage(
    digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
    key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
)  # fmt: skip


@dataclass(frozen=True)
class KeyFiles:
    """Where the private key and the certificates of this installation lie, as PEM."""

    key: Path
    certificates: Path

    @property
    def absent(self) -> bool:
        return not self.key.exists() and not self.certificates.exists()


def key_files(settings: Settings) -> KeyFiles:
    """The files that the settings name, or those of the instance folder."""
    return KeyFiles(
        settings.signing_key or settings.instance / KEY_FILE,
        settings.signing_certificate or settings.instance / CERTIFICATE_FILE,
    )


def certificates_in(files: KeyFiles) -> list[x509.Certificate]:
    """The certificate that signs, then the earlier ones. Raises ValueError or OSError when there is none."""
    return x509.load_pem_x509_certificates(files.certificates.read_bytes())


def make_once(files: KeyFiles, city: str, age: timedelta = NEW) -> None:
    """A key for trials where there is none. Of a half that was lost nothing new is made: it may be found again.

    Its certificate holds since `age` ago: letters of a demo's past are signed with it.
    """
    if files.absent:
        renew(files, city, age)


def renew(files: KeyFiles, city: str, age: timedelta = NEW) -> None:
    """Make a new key for this city and sign with it from now on; what earlier keys signed still counts as ours."""
    earlier = files.certificates.read_bytes() if files.certificates.exists() else b""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _self_signed(key, f"{city} ({NOT_CERTIFIED})", age).public_bytes(Encoding.PEM)
    atomic.write(files.key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    atomic.write(files.certificates, certificate + earlier, 0o644)


def _self_signed(key: ec.EllipticCurvePrivateKey, subject: str, age: timedelta) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"), x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    now = clock.now()
    return (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - age)
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(ONLY_SIGNS, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
