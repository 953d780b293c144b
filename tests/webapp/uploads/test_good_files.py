"""What is kept of honest files: images drawn anew without a word about their owner, PDFs as they should be."""

import io

import pikepdf
import pytest
from PIL import Image

from tests.webapp.uploads import files
from webapp.uploads.checking import check

pytestmark = pytest.mark.usefixtures("app")
HEADS = {"image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/png": b"\x89PNG"}


@pytest.mark.parametrize(
    ("form", "kept_as"),
    [("JPEG", "image/jpeg"), ("PNG", "image/jpeg"), ("WEBP", "image/jpeg"), ("HEIF", "image/jpeg")],
)
def test_a_photo_of_each_kind_becomes_a_jpeg(form, kept_as):
    found = check(files.photo_as(form))
    assert (found.media_type, found.width, found.height, found.pages) == (kept_as, 640, 480, None)
    assert found.kept.startswith(HEADS[kept_as])
    assert files.opened(found.kept).size == (640, 480)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_drawing_keeps_its_sharp_edges(mode):
    found = check(files.written(files.a_drawing(mode), "PNG"))
    assert found.media_type == "image/png"
    assert files.opened(found.kept).convert(mode).getpixel((20, 20)) == files.a_drawing(mode).getpixel((20, 20))


def test_what_can_be_seen_through_stays_so():
    sheet = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    found = check(files.written(sheet, "PNG"))
    assert files.opened(found.kept).getpixel((9, 9))[3] == 0


def test_a_see_through_webp_is_laid_on_white_paper():
    found = check(files.written(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "WEBP", lossless=True))
    assert files.opened(found.kept).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "LA", "I;16"])
def test_every_kind_of_colour_is_understood(mode):
    """A 16-bit grey scan too, which Pillow's own conversion would make white."""
    grey = Image.linear_gradient("L")
    shown = grey.convert("I").point(lambda v: v * 257).convert("I;16") if mode == "I;16" else grey.convert(mode)
    form = "JPEG" if mode == "CMYK" else "PNG"
    kept = files.opened(check(files.written(shown, form)).kept).convert("L")
    assert abs(kept.getpixel((128, 20)) - 20) < 30 and abs(kept.getpixel((128, 240)) - 240) < 30


def test_a_large_photo_is_made_smaller():
    found = check(files.written(files.a_photo(5000, 2500), "JPEG"))
    assert (found.width, found.height) == (4000, 2000)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright(orientation):
    """The dark edge is at the top for whoever looks at it, however the telephone was held."""
    camera = Image.linear_gradient("L").resize((300, 200)).convert("RGB")
    seen = check(files.written(camera, "JPEG", exif=files.telling_exif(orientation).tobytes()))
    assert ((seen.width, seen.height) == (200, 300)) == (orientation > 4)
    shown, expected = files.opened(seen.kept), {1: "top", 2: "top", 3: "bottom", 4: "bottom"}
    corners = {"top": (150, 2), "bottom": (150, 197), "left": (2, 150), "right": (197, 150)}
    dark = min(corners, key=lambda side: shown.getpixel(clamped(corners[side], shown))[0])
    assert dark == expected.get(orientation, {5: "left", 6: "right", 7: "right", 8: "left"}.get(orientation))


def clamped(point, image):
    return min(point[0], image.width - 1), min(point[1], image.height - 1)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_nothing_in_the_kept_photo_tells_of_its_owner(form):
    """T34: no place, no serial number, no small picture, no comment, no profile."""
    data = files.telling_photo(form)
    sent = files.opened(data)
    assert sent.getexif().get_ifd(0x8825), "the control: the place is in what was sent"
    kept = check(data).kept
    for word in (files.SERIAL, "Exif", "TelltalePhone", "2026:11:24", "xmp", "profile", "http", "iCCP", "tEXt"):
        assert word.encode() not in kept, word
    shown = files.opened(kept)
    assert not shown.getexif() and not set(shown.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_pdf_stays_a_pdf():
    found = check(files.a_pdf(pages=3))
    assert (found.media_type, found.width, found.pages) == ("application/pdf", None, 3)
    assert len(pikepdf.open(io.BytesIO(found.kept)).pages) == 3


def test_a_pdf_that_opens_at_a_page_or_links_elsewhere_is_honest():
    def honest(pdf):
        pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])
        pdf.docinfo["/Title"] = "How to /Launch /JavaScript (a book)"

    assert check(files.a_pdf(honest)).pages == 1


def test_a_signed_pdf_stays_as_it_is_to_the_byte():
    """Written anew, its signature would be worth nothing."""
    signed = files.a_signed_pdf()
    assert check(signed).kept == signed
    assert files.SEAL not in check(b"%!" + signed).kept, "with something around it no signature holds anyway"


@pytest.mark.parametrize("ranges", [[0, 1, 2, 3], [0, 9, 99, 9], [], ["a", 1, 2, 3]])
def test_what_only_looks_signed_is_written_anew(ranges):
    """T31: a name in it, or a signature over a part, is no reason to keep what else somebody has hidden in the file."""
    drawn = files.a_pdf(files.sign_with([pikepdf.String(n) if isinstance(n, str) else n for n in ranges]))
    hidden = drawn.replace(b"startxref", files.SEAL + b"\nstartxref")
    assert files.SEAL not in check(hidden).kept


def test_a_pdf_that_only_its_maker_may_change_opens_without_a_password_and_is_taken():
    kept = check(files.locked_pdf(user="")).kept
    assert not pikepdf.open(io.BytesIO(kept)).is_encrypted
