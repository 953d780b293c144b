"""Letters that a core font lacks become the nearest that it has."""

import pytest

from webapp.signing.glyphs import ENCODING, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Siti Aminah – “Bu RT” ’45", "Siti Aminah – “Bu RT” ’45"), ("Ñandú Žižek Œuvre", "Ñandú Žižek Œuvre"),
        ("Ćosić Łukasz Đorđe Yılmaz", "Cosic Lukasz Dorde Yilmaz"), ("Ṣāliḥ", "Salih"), ("Nguyễn", "Nguyen"),  # noqa: RUF001
        ("e\u0301", "é"), ("ﬁrma ①", "firma 1"), ("王 عبد", "? ???"), ("Nuʻman Maʼruf", "Nu‘man Ma’ruf"),  # noqa: RUF001
        ("satu\u200b\u202edua\u0000\x85", "satudua"), ("a\nb\tc\r", "a\nb c"), ("1−2‑3", "1-2-3"), ("\ud800", "?"),  # noqa: RUF001
    ],
)  # fmt: skip
def test_the_nearest_letters(text, shown):
    assert printable(text) == shown


def test_every_letter_there_is_can_be_put_on_paper():
    everything = "".join(map(chr, range(0x30000)))
    printable(everything).encode(ENCODING)
