"""What a file is called when it comes back, whatever it was called when it came (T35)."""

import pytest

from webapp import i18n
from webapp.uploads.naming import harmless

pytestmark = pytest.mark.usefixtures("app")

NAMES = [
    ("KTP Siti.JPG", "image/jpeg", "KTP Siti.jpg"),
    ("IMG_2041.HEIC", "image/jpeg", "IMG_2041.jpg"),
    ("akta notaris.pdf", "application/pdf", "akta notaris.pdf"),
    ("../../etc/passwd", "image/png", "passwd.png"),
    ("..\\..\\boot.ini", "image/png", "boot.png"),
    ("C:\\Users\\siti\\ktp.jpeg", "image/jpeg", "ktp.jpg"),
    ("surat.pdf.exe", "application/pdf", "surat.pdf.pdf"),
    ("ktp\0.jpg", "image/jpeg", "ktp.jpg"),
    ("gpj.\u202eexe.pdf", "application/pdf", "gpj.exe.pdf"),
    ("a\r\nSet-Cookie: x=1.pdf", "application/pdf", "aSet-Cookie x=1.pdf"),
    ('"; filename="x.html', "image/jpeg", "; filename= x.jpg"),
    ("<script>.png", "image/png", "script.png"),
    ("CON", "image/png", "_CON.png"),
    ("aux.jpg", "image/jpeg", "_aux.jpg"),
    ("com1.tar.pdf", "application/pdf", "_com1.tar.pdf"),
    ("CONTOH.pdf", "application/pdf", "CONTOH.pdf"),
    (".htaccess", "image/png", "htaccess.png"),
    ("\u200b\u2066\ufeff.pdf", "application/pdf", "pdf.pdf"),
    ("surat tanah — 木.pdf", "application/pdf", "surat tanah — 木.pdf"),
    ("e\u0301.pdf", "application/pdf", "é.pdf"),
]  # fmt: skip


@pytest.mark.parametrize(("came", "kind", "goes"), NAMES)
def test_a_name_is_made_harmless(came, kind, goes):
    assert harmless(came, kind) == goes


@pytest.mark.parametrize("nothing", [None, "", "   . . ", "\0", "///", "\u202e"])
def test_a_file_without_a_name_is_called_a_file(nothing):
    assert harmless(nothing, "image/png") == f"{i18n.gettext('file')}.png"


def test_a_name_of_four_kilobytes_is_cut_and_keeps_its_ending():
    name = harmless("á" * 4096 + ".pdf", "application/pdf")
    assert len(name) == 120 and name.endswith("á.pdf")
