"""What strangers make to hurt us: refused in plain words at once, or drawn anew until nothing of it is left."""

import gzip
import io
import resource
import subprocess
import sys
import zlib
from pathlib import Path

import pikepdf
import pytest

from tests.webapp.uploads import files
from webapp import i18n
from webapp.uploads import checking
from webapp.uploads.checking import FAULTS, Unfit, check

pytestmark = pytest.mark.usefixtures("app")
SECOND, FIFTY_MEGABYTES = 1.0, 50 * files.MEGA
HTML = b"<html><body>" + files.SCRIPT + b"</body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">' + files.SCRIPT + b"</svg>"


def fault_of(data: bytes) -> str:
    with pytest.raises(Unfit) as refused:
        check(data)
    return refused.value.fault


OTHER_KINDS = {
    "svg": lambda: SVG,
    "html": lambda: HTML,
    "xml": lambda: b"<?xml version='1.0'?><a/>",
    "docx": files.office,
    "xlsx": lambda: files.office("xl/workbook.xml"),
    "doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "text": lambda: b"hello",
    "program": lambda: b"MZ" + bytes(100),
    "zip bomb": files.zip_bomb,
    "gzip": lambda: gzip.compress(files.jpeg()),
    "gif": files.gif,
    "gif and script": lambda: files.gif() + b"/*" + files.SCRIPT + b"*/",
    "script and jpeg": lambda: files.SCRIPT + files.jpeg(),
    "avif": lambda: b"\0\0\0\x20ftypavif" + bytes(64),
    "film": lambda: b"\0\0\0\x20ftypisom" + bytes(64),
    "tiff": lambda: files.photo_as("TIFF"),
    "bmp": lambda: files.photo_as("BMP"),
    "one byte": lambda: b"\xff",
}


@pytest.mark.parametrize("name", OTHER_KINDS)
def test_other_kinds_are_known_by_their_content(name):
    """T32: the extension and the browser's word are not even asked for."""
    assert fault_of(OTHER_KINDS[name]()) == "kind"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("tail", [files.SCRIPT, files.office(), files.a_pdf()], ids=["script", "office", "pdf"])
def test_an_image_with_a_tail_loses_it(form, tail):
    """T31: the tail is not in what is kept."""
    kept = check(files.photo_as(form) + tail).kept
    assert tail[:12] not in kept and files.SCRIPT not in kept and b"PK\x03\x04" not in kept and b"%PDF" not in kept


def test_a_jpeg_that_is_also_a_page_is_drawn_anew():
    polyglot = files.jpeg(comment=HTML)
    assert HTML in polyglot and HTML not in check(polyglot).kept


def test_a_pdf_with_something_before_and_after_loses_both():
    kept = check(HTML + b"\n" + files.a_pdf() + b"\n" + files.office()).kept
    assert kept.startswith(b"%PDF-") and kept.rstrip().endswith(b"%%EOF")
    assert files.SCRIPT not in kept and b"PK\x03\x04" not in kept
    assert len(pikepdf.open(io.BytesIO(kept)).pages) == 1


ACTIVE = {
    "script at the door": files.with_action(files.javascript()),
    "launch": files.with_action(pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))),
    "sends itself": files.with_action(pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F=pikepdf.String("x"))),
    "attachment": files.with_attachment, "script behind a link": files.with_link_script,
    "xfa": files.with_xfa, "film": files.with_film,
}  # fmt: skip


@pytest.mark.parametrize("change", ACTIVE.values(), ids=ACTIVE)
@pytest.mark.parametrize("compact", [False, True], ids=["plain", "object streams"])
def test_a_pdf_that_does_something_is_refused(change, compact):
    mode = pikepdf.ObjectStreamMode.generate if compact else pikepdf.ObjectStreamMode.disable
    assert fault_of(files.a_pdf(change, object_stream_mode=mode)) == "active"


def test_a_script_whose_name_is_spelled_in_numbers_is_found():
    plain = files.a_pdf(files.with_action(files.javascript()))
    spelled = plain.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4aS")
    assert spelled != plain and fault_of(spelled) == "active"


def test_a_signed_pdf_that_does_something_is_refused_all_the_same():
    def both(pdf):
        files.with_action(files.javascript())(pdf)
        pdf.Root.Signature = pikepdf.Dictionary(ByteRange=pikepdf.Array([0, 1, 2, 3]))

    assert fault_of(files.a_pdf(both)) == "active"


FAULTY = {
    "empty": ("empty", lambda: b""),
    "one byte too many": ("heavy", lambda: files.jpeg() + bytes(checking.LARGEST_FILE)),
    "cut jpeg": ("broken", lambda: files.jpeg()[:-2000]),
    "cut png": ("broken", lambda: files.png()[:-60]),
    "cut webp": ("broken", lambda: files.photo_as("WEBP")[:-300]),
    "cut heic": ("broken", lambda: files.photo_as("HEIF")[:-3000]),
    "only a beginning": ("broken", lambda: b"\xff\xd8\xff"),
    "only a pdf's name": ("broken", lambda: b"%PDF-1.7\n%%EOF"),
    "pdf of noise": ("broken", lambda: b"%PDF-1.4\n" + bytes(range(256)) * 40),
    "text bomb in a png": ("broken", files.png_with_text_bomb),
    "password": ("locked", lambda: files.locked_pdf(user="rahasia")),
    "no page": ("blank", lambda: files.a_pdf(pages=0)),
    "too many pages": ("long", lambda: files.a_pdf(pages=201)),
    "50,000 pixels a side": ("vast", lambda: files.png_of_pixels(50_000, 50_000)),
    "41 megapixels": ("vast", lambda: files.png_of_pixels(8200, 5000)),
    "pdf packed three times": ("packed", lambda: files.a_pdf(files.packed_page(3))),
    "pdf packed once": ("packed", lambda: files.a_pdf(files.packed_page(1))),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_file_is_refused_at_once_and_costs_little(name):
    """T33: below a second of work, and the server's own process grows by less than 50 MB."""
    fault, make = FAULTY[name]
    data = make()
    start_up = work_of(lambda: fault_of(b"\xff\xd8\xff\xe0"))
    with Growth() as growth:
        took = work_of(lambda: found.append(fault_of(data)), found := [])
    assert found == [fault]
    assert took - start_up < SECOND
    assert growth.most < FIFTY_MEGABYTES


def work_of(act, _found=None) -> float:
    """Processor seconds of this process and its children, which do not depend on who else is at work."""
    before = spent()
    act()
    return spent() - before


def spent() -> float:
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


class Growth:
    """By how many bytes this process grew at its largest."""

    def __enter__(self):
        Path("/proc/self/clear_refs").write_text("5")  # the high-water mark begins anew
        self._before = self._mark("VmRSS")
        return self

    def __exit__(self, *_error):
        self.most = self._mark("VmHWM") - self._before

    def _mark(self, name: str) -> int:
        line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024


def test_forty_megapixels_are_not_too_many():
    assert check(files.png_of_pixels(8000, 5000)).width == 4000


def test_every_refusal_is_a_sentence_in_both_languages():
    for language in ("id", "en"):
        with i18n.in_language(language):
            for fault in FAULTS:
                words = str(Unfit(fault))
                assert words.endswith(".") and "%" not in words
                assert all(len(sentence.split()) <= 15 for sentence in words.split(". ")), words


# --- controls: without the defences these files do what they were made for


def test_control_the_measure_sees_memory_that_is_used():
    with Growth() as growth:
        bytearray(60 * files.MEGA)[:] = b"x" * (60 * files.MEGA)
    assert growth.most > FIFTY_MEGABYTES


WITHOUT_LIMITS = """
import importlib.util, resource, sys
spec = importlib.util.spec_from_file_location("child", sys.argv[1])
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)
child.MOST_PIXELS, child.MOST_UNPACKED = 10**12, 2**32 - 1
child.PACKERS = child.PACKERS if sys.argv[2] == "PNG" else set()
child.get_ready()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    child.judged(sys.argv[2], sys.stdin.buffer.read())
except child.Unfit as fault:
    print(fault)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def without_limits(kind: str, data: bytes) -> list[str]:
    command = [sys.executable, "-c", WITHOUT_LIMITS, str(files.CHILD), kind]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode().split()


def test_control_without_the_limit_a_picture_eats_the_memory():
    assert int(without_limits("PNG", files.png_of_pixels(12_000, 12_000))[-1]) * 1024 > 2 * FIFTY_MEGABYTES


def test_control_without_the_count_a_packed_pdf_would_be_kept_and_flood_its_reader():
    bomb = files.a_pdf(files.packed_page(3, size=100 * files.MEGA))
    assert without_limits("PDF", bomb)[0].isdecimal(), "no fault was found"
    with pikepdf.open(io.BytesIO(bomb)) as pdf:
        assert len(pdf.pages[0].obj.Contents.read_bytes()) > FIFTY_MEGABYTES


def test_control_the_bombs_are_small_and_explode():
    assert len(files.zip_bomb()) < files.MEGA
    assert len(files.a_pdf(files.packed_page(3))) < 10_000
    assert len(zlib.decompress(files.packed_zeros(60 * files.MEGA))) > FIFTY_MEGABYTES
