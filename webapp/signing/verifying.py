"""Is this PDF one of ours, whole and unchanged? Judged by pyHanko and by the bytes, with no network and no program."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Literal

from asn1crypto.cms import ContentInfo, SignedData
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding
from flask import current_app
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from webapp.signing.keys import certificates_in

log = logging.getLogger(__name__)
LARGEST = 10_000_000  # bytes; our own letters have some ten thousand
REMAINS = (b"/ByteRange", b"ETSI.CAdES.detached")  # written in every signature, in the clear

Kind = Literal["valid", "changed", "extended", "unsigned", "broken", "foreign"]


@dataclass(frozen=True)
class Verdict:
    """What a PDF turned out to be.

    valid: signed by this installation, every byte as it was. changed: a signature is there, but the bytes are not those
    that were signed. extended: ours, and something was put after it. unsigned: a PDF without a signature. foreign:
    signed by somebody else, or by a certificate that is no longer ours. broken: no PDF that can be read.
    """

    kind: Kind
    signed_by: str = ""  # as the signature says; only when valid
    signed_at: datetime | None = None  # naive UTC; only when valid


def verify(pdf: bytes) -> Verdict:
    """Judge a PDF that somebody shows us. Never raises, whatever the bytes are."""
    if len(pdf) > LARGEST:
        return Verdict("broken")
    try:
        signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if signatures:
            return _judged(pdf, signatures)
        unreadable: Kind = "unsigned"
    except Exception as error:  # a hostile file may break pyHanko anywhere: in reading, in ASN.1, in recursion
        log.info("unreadable PDF: %s", type(error).__name__)
        unreadable = "broken"
    return Verdict("changed" if any(remains in pdf for remains in REMAINS) else unreadable)


def _judged(pdf: bytes, signatures: Sequence[EmbeddedPdfSignature]) -> Verdict:
    """By our own signature where there is one; whatever stands beside it came later."""
    ours = _our_certificates()
    signature = next((one for one in signatures if one.signer_cert.dump() in ours), signatures[0])
    context = ValidationContext(trust_roots=[Certificate.load(der) for der in ours], allow_fetching=False)
    status = validate_pdf_signature(signature, context, skip_diff=True)
    if not (status.intact and status.valid):
        return Verdict("changed")
    if signature.signer_cert.dump() not in ours:
        return Verdict("foreign")
    if not _as_written(pdf, signature):
        return Verdict("changed")
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return Verdict("extended")
    at = signature.self_reported_timestamp
    return Verdict("valid", str(signature.sig_object.get("/Name", "")), at and at.astimezone(UTC).replace(tzinfo=None))


def _our_certificates() -> list[bytes]:
    """As DER; none where signing is not set up."""
    try:
        return [one.public_bytes(Encoding.DER) for one in certificates_in(current_app.extensions["signing"])]
    except (OSError, ValueError):
        return []


def _as_written(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the one place that a signature cannot cover, its own, holds the signature and nothing else.

    A changed byte there would go unseen, and a signature wrapped around foreign content would too: pyHanko compares
    the length of the signed parts with that of the file, but not where they lie. So the signature is put together
    anew from its signed parts, and must come out as it stands in the file (RFC 5652, 5.1 and 5.3).
    """
    _start, end, resumed, _length = signature.byte_range
    data, signer = signature.signed_data, signature.signer_info
    signed_parts = {name: data[name] for name in ("encap_content_info", "certificates", "signer_infos")}
    algorithms = [signer["digest_algorithm"]]
    anew = SignedData({"version": "v1", "digest_algorithms": algorithms, **signed_parts})
    message = ContentInfo({"content_type": "signed_data", "content": anew}).dump()
    contents = message.ljust(len(signature.pkcs7_content), b"\0")
    return signer["version"].native == "v1" and pdf[end:resumed] == b"<%s>" % contents.hex().upper().encode()
