"""The letter on its paper: everything is there to be read, whatever its length and letters."""

import re
from io import BytesIO

import pikepdf
import pytest
import segno
from PIL import Image

from tests.webapp.signing import poppler
from tests.webapp.signing.letters import a_letter
from webapp.signing import signer
from webapp.signing.document import QR, drawn, sealed
from webapp.signing.sheet import LEFT, RIGHT

WARNING = "BELUM TERSERTIFIKASI: dibuat untuk uji coba, tidak berlaku sebagai dokumen resmi"
DPI = 300
LONG = "Jalan Sultan Hasanuddin Nomor 12, Kelurahan Kebun Lada, Kecamatan Binjai Utara. " * 12


class Certified:
    """A provider whose signatures have the force of law."""

    certified = True

    def sign(self, pdf: bytes, *, signer_name: str, signer_title: str, reason: str, place: str) -> bytes:
        return pdf


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


def test_all_of_it_can_be_read_and_copied(letter):
    read = poppler.text(letter)
    for words in (
        "PEMERINTAH KOTA BINJAI", "DINAS PERIZINAN", "SURAT IZIN PRAKTIK DOKTER", "Nomor: SIP-DU/0001/2026",
        "Siti Aminah", "24 November 2026 – 23 November 2031", "Dasar hukum", "Undang-Undang Nomor 17 Tahun 2023",
        "Binjai, 24 November 2026", "Ditandatangani secara elektronik", "24 November 2026, 09.12 WIB",
        "Ratna Dewi Lubis", "http://127.0.0.1:8000/perizinan/cek/7KQ2M9XW4HBT6RNPC3VD",
        "Kode: 7KQ2-M9XW-4HBT-6RNP-C3VD", "Halaman 1 dari 1",
    ):  # fmt: skip
        assert words in read
    assert pages_of(letter) == 1


def test_a_signature_that_is_not_certified_says_so_on_every_page(signing_key):
    pdf = sealed(a_letter(facts=(("Alamat", LONG),) * 10), signer())
    assert pages_of(pdf) > 1
    assert poppler.text(pdf).count(WARNING) == pages_of(pdf) + 1  # at each foot, and in a frame under the number


def test_a_certified_signature_needs_no_warning(app):
    assert "BELUM" not in poppler.text(sealed(a_letter(), Certified()))


def test_marks_stand_under_the_number(app):
    read = poppler.text(drawn(a_letter(marks=("CONTOH: nama dan alamat rekaan",)), certified=True))
    assert read.index("Nomor:") < read.index("CONTOH: nama dan alamat rekaan") < read.index("Berdasarkan")


def test_long_facts_go_on_over_pages_and_none_is_lost(app):
    facts = tuple((f"Syarat {number}", f"{LONG} Akhir{number}.") for number in range(12))
    pdf = drawn(a_letter(facts=facts), certified=False)
    read = poppler.text(pdf)
    assert all(f"Akhir{number}." in read for number in range(12))
    assert f"Halaman {pages_of(pdf)} dari {pages_of(pdf)}" in read
    heads = read.count("Surat Izin Praktik Dokter SIP-DU/0001/2026")
    assert heads == pages_of(pdf) - 1, "each further page says whose it is"


@pytest.mark.parametrize("facts", [(("Nama", "Siti Aminah"),), (("Alamat", LONG),) * 20])
def test_every_word_lies_between_the_margins(app, facts):
    pdf = drawn(a_letter(facts=facts, basis=(LONG,) * 9, code=LONG, title=LONG[:70]), certified=False)
    boxes = poppler.run(pdf, "pdftotext", "-bbox", "letter.pdf", "-").stdout.decode()
    sides = [(float(left), float(right)) for left, right in re.findall(r'xMin="([\d.]+)" .*xMax="([\d.]+)"', boxes)]
    assert len(sides) > 50
    assert min(left for left, _right in sides) >= points(LEFT) - 1
    assert max(right for _left, right in sides) <= points(210 - RIGHT) + 1


@pytest.mark.parametrize("many", range(8, 22))
def test_signature_and_check_stay_on_one_page(app, many):
    pdf = drawn(a_letter(facts=(("Syarat", "ada"),) * many), certified=False)
    last = poppler.run(pdf, "pdftotext", "-f", str(pages_of(pdf)), "letter.pdf", "-").stdout.decode()
    assert all(words in last for words in ("Binjai, 24 November 2026", "Ratna Dewi Lubis", "7KQ2-M9XW"))


@pytest.mark.parametrize(
    "value",
    [
        "", "\n\n", "x" * 3000, "Łucja Đorđević-Çelik", "王小明 عبد", "e\u0301", "\u202egnp.exe",
        "{nb} \x01 (\\) %%EOF", "a\tb\r\nc",
    ],
)  # fmt: skip
def test_no_text_stops_a_letter(signing_key, value):
    fields = ("title", "number", "signer_name", "signer_title", "place", "code")
    lists = ("opening", "closing", "basis", "marks")
    strange = {**dict.fromkeys(fields, value), **dict.fromkeys(lists, (value,)), "facts": ((value, value),)}
    assert poppler.accepted(sealed(a_letter(**strange), signer()))


def test_what_looks_like_a_command_is_only_text(app):
    assert "{nb} (a) \\ %%EOF" in poppler.text(drawn(a_letter(opening=("{nb} (a) \\ %%EOF",)), certified=False))


def test_the_same_letter_gives_the_same_bytes(app):
    assert drawn(a_letter(), certified=False) == drawn(a_letter(), certified=False)
    assert drawn(a_letter(), certified=False) != drawn(a_letter(number="2"), certified=False)


def test_the_file_says_what_it_is_and_in_which_language(letter):
    with pikepdf.open(BytesIO(letter)) as document:
        assert document.docinfo["/Title"] == "Surat Izin Praktik Dokter SIP-DU/0001/2026"
        assert document.docinfo["/Author"] == "Dinas Perizinan"
        assert document.docinfo["/CreationDate"] == "D:20261124021200Z"
        assert document.Root.Lang == "id"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        width, height = (float(side) for side in document.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842), "A4"


def test_the_qr_picture_is_what_a_phone_expects(app):
    """Each square of the printed picture is looked at in its middle."""
    letter = a_letter()
    printed = Image.open(BytesIO(poppler.picture(drawn(letter, certified=True), DPI))).convert("L")
    rows = list(segno.make(letter.check, error="m", micro=False).matrix_iter(border=4))
    left, top, square = pixels(LEFT), top_of_frame(printed), pixels(QR) / len(rows)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            middle = int(left + (across + 0.5) * square), int(top + (down + 0.5) * square)
            assert (printed.getpixel(middle) < 128) == bool(dark), (down, across)


def points(length: float) -> float:
    return length / 25.4 * 72


def pixels(length: float) -> float:
    return length / 25.4 * DPI


def top_of_frame(printed: Image.Image) -> int:
    """Where the left side of the frame around the picture begins: the only long line at the left margin."""
    dark = [printed.getpixel((int(pixels(LEFT)), y)) < 200 for y in range(printed.height)]
    return next(y for y in range(printed.height) if all(dark[y : y + 200]))
