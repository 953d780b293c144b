"""Signing: what stands in a signature, and that it needs nobody and disturbs nobody."""

import socket
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader

from tests.webapp.signing import poppler
from tests.webapp.signing.letters import a_letter
from webapp import clock
from webapp.signing import signer, verify
from webapp.signing.document import sealed


def test_who_signed_why_where_and_when(letter):
    words = PdfFileReader(BytesIO(letter)).embedded_signatures[0].sig_object
    assert words["/Name"] == "Ratna Dewi Lubis, Kepala Dinas Perizinan"
    assert words["/Reason"] == "Surat Izin Praktik Dokter SIP-DU/0001/2026"
    assert words["/Location"] == "Binjai"
    assert words["/M"] == f"D:{clock.now():%Y%m%d%H%M%S}Z", "by the city's clock, not the machine's"
    assert "- Signature Type: ETSI.CAdES.detached" in poppler.pdfsig(letter)


def test_a_name_in_any_letters(signing_key):
    pdf = sealed(a_letter(signer_name="Łukasz 王"), signer())
    assert verify(pdf).signed_by == "Łukasz 王, Kepala Dinas Perizinan"
    assert poppler.accepted(pdf)


def test_our_own_key_is_no_certified_signature(signing_key):
    assert signer().certified is False


def test_signing_and_judging_need_no_network(signing_key, monkeypatch):
    def no_network(*_arguments: object) -> None:
        raise AssertionError("somebody wants to talk")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    assert verify(sealed(a_letter(), signer())).kind == "valid"


def test_many_threads_sign_at_once(app, signing_key):
    """As in the server, where each request has a thread."""

    def one(number: int) -> tuple[str, str]:
        with app.app_context():
            verdict = verify(sealed(a_letter(number=f"SIP-DU/{number:04d}/2026"), signer()))
        return verdict.kind, verdict.signed_by

    with ThreadPoolExecutor(8) as pool:
        assert {kind for kind, _name in pool.map(one, range(24))} == {"valid"}
