"""The signer port: how a letter of the city becomes a signed one, whoever keeps the key."""

import asyncio
import logging
from datetime import UTC
from io import BytesIO
from typing import Protocol

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from flask import Flask, current_app
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from webapp import clock
from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.settings import Settings
from webapp.signing.keys import KeyFiles, certificates_in, key_files

log = logging.getLogger(__name__)
FIELD = "Signature"


class Signer(Protocol):
    """Signs a PDF as a whole (PAdES), so that every later change of any byte shows.

    An adapter for a certified provider such as BSrE (PP 71/2019 art. 60 tells certified signatures from others) is made
    for one signing, of the officer's NIK and passphrase: both are typed at the moment of signing, passed on and never
    stored. It has `certified = True` and turns each answer of the provider but the signed file into a Refusal.
    """

    @property
    def certified(self) -> bool:
        """Whether the signature has the force of law; if not, the letter says so on its face."""

    def sign(self, pdf: bytes, *, signer_name: str, signer_title: str, reason: str, place: str) -> bytes:
        """The same PDF, signed now. Raises Refusal where it cannot be signed."""


class LocalSigner:
    """Signs with the key of this installation, for development and trials. Needs no network."""

    certified = False

    def __init__(self, files: KeyFiles) -> None:
        """Raises Refusal where there is no key, or where it has no certificate that is valid now."""
        try:
            self._signer = _loaded(files)
        except (OSError, ValueError, TypeError) as error:
            log.error("no signing with %s: %s", files.key, error)
            raise Refusal(_("Letters cannot be signed here yet. The administrator has to set that up.")) from error

    def sign(self, pdf: bytes, *, signer_name: str, signer_title: str, reason: str, place: str) -> bytes:
        """PAdES B-B with SHA-256 over the whole document, which allows no change afterwards."""
        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            name=f"{signer_name}, {signer_title}",
            reason=reason,
            location=place,
        )
        return asyncio.run(_signed(pdf, PdfSigner(metadata, self._signer)))


async def _signed(pdf: bytes, signer: PdfSigner) -> bytes:
    """What PdfSigner.sign_pdf does, but by the city's clock. Nothing in it waits for anything."""
    session = signer.init_signing_session(IncrementalPdfFileWriter(BytesIO(pdf)))
    session.system_time = clock.now().replace(tzinfo=UTC)
    reserved = await session.estimate_signature_container_size(None)
    document = session.prepare_tbs_document(None, bytes_reserved=reserved)
    digest, output = document.digest_tbs_document()
    attributes = PdfCMSSignedAttributes(signing_time=session.system_time)
    finished = await document.perform_signature(digest.document_digest, attributes)
    await finished.post_signature_processing(output)
    output.seek(0)
    return bytes(output.read())


def _loaded(files: KeyFiles) -> SimpleSigner:
    """Raises OSError, ValueError or TypeError when key and certificate are not there or not fit to sign with."""
    key = load_pem_private_key(files.key.read_bytes(), password=None)
    own = certificates_in(files)[0]
    if key.public_key() != own.public_key():
        raise ValueError("the first certificate is not that of the key")
    if not own.not_valid_before_utc <= clock.now().replace(tzinfo=UTC) <= own.not_valid_after_utc:
        raise ValueError("the certificate is not valid at this time")
    private = PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    certificate = Certificate.load(own.public_bytes(Encoding.DER))
    return SimpleSigner(certificate, private, SimpleCertificateStore())  # type: ignore[no-untyped-call]


def init_app(app: Flask, settings: Settings) -> None:
    app.extensions["signing"] = key_files(settings)


def signer() -> Signer:
    """Who signs for this installation. Raises Refusal where that is not set up."""
    return LocalSigner(current_app.extensions["signing"])
