"""A letter that was tampered with is told from a real one: by us, and by poppler, which knows nothing of us."""

import random
import re
import time
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tests.webapp.signing import forging, poppler
from tests.webapp.signing.letters import HEAD, a_letter
from webapp import clock
from webapp.signing import keys, verify, verifying
from webapp.signing.document import drawn, sealed
from webapp.signing.port import LocalSigner


def seeded() -> random.Random:
    return random.Random(67)  # noqa: S311 - the same offsets each time


def signed_parts(pdf: bytes) -> tuple[int, int]:
    """Where the place of the signature begins and ends: the one part that it does not cover."""
    _start, end, resumed, _length = PdfFileReader(BytesIO(pdf)).embedded_signatures[0].byte_range
    return int(end), int(resumed)


def test_a_letter_of_ours_is_valid(letter):
    verdict = verify(letter)
    assert (verdict.kind, verdict.signed_at) == ("valid", clock.now())
    assert HEAD in verdict.signed_by
    assert poppler.accepted(letter)


def test_pyhanko_finds_a_whole_document_that_allows_no_change(letter):
    signature = PdfFileReader(BytesIO(letter)).embedded_signatures[0]
    context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(signature, context)
    assert status.bottom_line
    assert (status.coverage, status.md_algorithm) == (SignatureCoverageLevel.ENTIRE_FILE, "sha256")
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.docmdp_level.name == "NO_CHANGES"


def test_one_changed_byte_anywhere(letter):
    chance = seeded()
    for place in chance.sample(range(len(letter)), 150):
        assert verify(forging.one_byte_changed(letter, place)).kind == "changed", place


def test_poppler_sees_one_changed_byte_of_what_is_signed(letter):
    chance = seeded()
    end, resumed = signed_parts(letter)
    for place in chance.sample([*range(end), *range(resumed, len(letter))], 25):
        forged = forging.one_byte_changed(letter, place)
        assert not poppler.accepted(forged), place
    in_the_page = letter.index(b"stream\n") + 200
    assert poppler.MISMATCH in poppler.pdfsig(forging.one_byte_changed(letter, in_the_page))


def test_one_changed_byte_of_the_signature_itself(letter):
    end, resumed = signed_parts(letter)
    for place in [*range(end, end + 100), *range(resumed - 40, resumed)]:
        other = b"7" if letter[place : place + 1] != b"7" else b"8"
        assert verify(letter[:place] + other + letter[place + 1 :]).kind == "changed", place


def test_changes_to_the_signature_that_others_overlook(letter, monkeypatch):
    """Where the signature lies, pyHanko minds neither small digits nor what stands in the padding."""
    end, resumed = signed_parts(letter)
    small = letter[:end] + letter[end:resumed].lower() + letter[resumed:]
    padded = letter[: resumed - 3] + b"77" + letter[resumed - 1 :]
    assert poppler.accepted(small)
    assert [verify(forged).kind for forged in (small, padded)] == ["changed", "changed"]
    monkeypatch.setattr(verifying, "_as_written", lambda _pdf, _signature: True)
    assert [verify(forged).kind for forged in (small, padded)] == ["valid", "valid"], "the control"


@pytest.mark.parametrize("update", [forging.with_a_note, forging.with_another_page])
def test_an_incremental_update(letter, update):
    forged = update(letter)
    assert forged.startswith(letter)
    assert verify(forged).kind == "extended"
    words = poppler.pdfsig(forged)
    assert poppler.VALID in words, "half of its words would deceive"
    assert poppler.NOT_WHOLE in words
    assert not poppler.accepted(forged)


def test_an_incremental_update_can_show_something_else(letter):
    """The control: the update of the test above is a forgery that a reader sees."""
    shown = poppler.text(forging.with_another_page(letter))
    assert "Pemalsu" in shown
    assert "Siti Aminah" not in shown


def test_anything_behind_the_end(letter):
    assert verify(letter + b"%\n").kind == "extended"
    assert not poppler.accepted(letter + b"%\n")


def test_a_signature_wrapped_around_another_page(letter, monkeypatch):
    forged = forging.wrapped(letter)
    assert "Pemalsu" in poppler.text(forged)
    assert verify(forged).kind == "changed"
    assert poppler.NOT_WHOLE in poppler.pdfsig(forged)
    monkeypatch.setattr(verifying, "_as_written", lambda _pdf, _signature: True)
    assert verify(forged).kind == "valid", "the control: pyHanko alone is deceived"


def test_a_removed_signature(letter):
    forged = forging.without_signature(letter)
    assert "Siti Aminah" in poppler.text(forged)
    assert verify(forged).kind == "unsigned"
    assert poppler.NO_SIGNATURE in " ".join(poppler.pdfsig(forged))
    assert not poppler.accepted(forged)


def test_a_letter_that_was_never_signed(signing_key):
    assert verify(drawn(a_letter(), certified=False)).kind == "unsigned"


def test_a_signature_hidden_by_an_update_has_left_its_remains(letter):
    forged = forging.with_signature_hidden(letter)
    assert verify(forged).kind == "changed"
    assert not poppler.accepted(forged)


def test_a_letter_that_some_program_saved_anew(letter):
    forged = forging.saved_anew(letter)
    assert verify(forged).kind == "changed"
    assert not poppler.accepted(forged)


def test_somebody_else_under_our_name(signing_key, other_key):
    forged = sealed(a_letter(), LocalSigner(other_key))
    assert "Kota Binjai" in keys.certificates_in(other_key)[0].subject.rfc4514_string()
    assert poppler.accepted(forged), "poppler knows no certificate of ours: whose it is, only we can say"
    assert verify(forged).kind == "foreign"


def test_somebody_else_signs_our_letter_once_more(letter, other_key):
    """Theirs is valid and whole, and stands beside ours; the letter is no longer as we sent it."""
    forged = forging.signed_once_more(letter, other_key)
    assert {poppler.VALID, poppler.WHOLE} <= {*poppler.pdfsig(forged)}
    assert not poppler.accepted(forged)
    assert verify(forged).kind == "extended"


def test_where_signing_is_not_set_up_every_signature_is_foreign(letter, app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.extensions, "signing", keys.KeyFiles(tmp_path / "none", tmp_path / "none"))
    assert verify(letter).kind == "foreign"


def test_what_is_no_letter_at_all_or_was_cut_off(signing_key, letter):
    chance = seeded()
    for garbage in (
        b"",
        b"%PDF-1.7\n",
        b"hello",
        chance.randbytes(5000),
        b"\0" * 100_000,
        b"%PDF-1.7\n" + chance.randbytes(999),
    ):
        assert verify(garbage).kind == "broken"
    for length in chance.sample(range(len(letter)), 20):
        assert verify(letter[:length]).kind in ("broken", "changed", "unsigned")


@pytest.mark.parametrize(
    "hostile",
    [
        b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\n" + b"<<" * 200_000 + b"\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n",
        b"%PDF-1.7\nxref\n0 99999999\n" + b"0000000000 65535 f \n" * 1000 + b"trailer\n<<>>\nstartxref\n9\n%%EOF\n",
        b"%PDF-1.7\n" + b"1 0 obj\n<</A 1>>\nendobj\n" * 400_000 + b"startxref\n9\n%%EOF\n",
    ],
    ids=["deep lists", "deep tables", "a table before itself", "a table too long", "nine megabytes"],
)  # fmt: skip
def test_hostile_bytes_are_judged_soon(signing_key, hostile):
    began = time.process_time()
    assert verify(hostile).kind == "broken"
    assert time.process_time() - began < 5


def test_more_than_any_letter_holds_is_not_even_read(letter):
    assert verify(letter.ljust(verifying.LARGEST + 1)).kind == "broken"


def test_a_verdict_never_fails_on_broken_structure(letter):
    """Names of the structure torn, one after the other: whatever breaks inside, the answer is a verdict."""
    for name in sorted({found[0] for found in re.finditer(rb"/[A-Z]\w+|obj|xref|trailer|startxref", letter)}):
        assert verify(letter.replace(name, b"#" * len(name))).kind in ("broken", "changed"), name
