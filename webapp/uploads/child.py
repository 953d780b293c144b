"""Judges one handed-in file in a process of its own, which can do nothing else (T45).

checking.py starts it as a plain program, so that it is quick and holds nothing of the application. Its argument is the
kind of file; it reads the file from standard input and writes one line of JSON, then the file as it is to be kept.

Before the first byte is read it has given up, for good: new file descriptors (so no file, no socket, no pipe), new
processes, more processor time, memory and output than one file needs, and, where the kernel lets anybody have one, it
sits in a network of its own with nothing in it. What it does not have is a filter of system calls.
"""

import ctypes
import json
import re
import resource
import sys
import zlib
from io import BytesIO
from typing import Any

import pikepdf
import pillow_heif
from pikepdf import settings
from PIL import Image, MpoImagePlugin, WebPImagePlugin  # noqa: F401 - two that Pillow would load late

MEGA = 1024 * 1024
SECONDS = 10
LIMITS = {
    resource.RLIMIT_CPU: SECONDS,
    resource.RLIMIT_AS: 1024 * MEGA,  # the largest HEIC is in memory four times while it is being read
    resource.RLIMIT_FSIZE: 16 * MEGA,
    resource.RLIMIT_NOFILE: 0,
    resource.RLIMIT_CORE: 0,  # nobody's papers in a dump
}
THREADED = ("HEIF",)  # its decoder has a thread of its own; all others may begin nothing
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET

MOST_KEPT = 10 * MEGA
MOST_PIXELS = 40_000_000
MOST_SIDE = 4000
FEW_COLOURS = 256
TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
ORIENTATION = 0x0112

MOST_PAGES = 200
MOST_UNPACKED = 256 * MEGA  # all streams of a PDF together
STRINGS = re.compile(rb"\((?:\\.|[^\\)])*\)", re.DOTALL)  # as qpdf writes them: brackets inside are escaped
ACTIVE = re.compile(
    rb"/(JS|JavaScript|Launch|SubmitForm|ImportData|GoToE|Rendition|Movie|Sound|RichMedia\w*|3D|XFA|"
    rb"EmbeddedFiles?|EF|FileAttachment)(?!\w)"
)
HEX = re.compile(rb"<[0-9A-Fa-f]{64,}>")  # where the signature itself stands, which cannot cover itself
PACKERS = {"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"}
FLATE = {"/FlateDecode", "/Fl"}

Verdict = tuple[dict[str, Any], bytes]


class Unfit(Exception):
    """Not to be kept; its argument is one of the faults that checking.py has words for."""


def get_ready() -> None:
    """Load what would else be loaded late, and set the libraries' own limits."""
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = None  # ours is lower, and has words of its own
    pillow_heif.register_heif_opener(decode_threads=0, thumbnails=False, depth_images=False, aux_images=False)
    pikepdf.new().save(BytesIO(), encryption=pikepdf.Encryption())  # qpdf opens its source of chance at first use
    settings.set_qpdf_limits(flate_max_memory=MOST_UNPACKED, run_length_max_memory=MOST_UNPACKED)


def confine(kind: str) -> None:
    """From here on this process can only compute, and only so much."""
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    for namespaces in (NEW_USER | NEW_NETWORK, NEW_NETWORK):
        if unshare(namespaces) == 0:
            break
    begins_nothing = {} if kind in THREADED else {resource.RLIMIT_NPROC: 0}
    for what, most in {**LIMITS, **begins_nothing}.items():
        resource.setrlimit(what, (most, most))


def judged(kind: str, data: bytes) -> Verdict:
    """What is told and what is kept of a file of this kind (JPEG, PNG, WEBP, HEIF, PDF). Raises Unfit."""
    return judged_pdf(data) if kind == "PDF" else judged_image(kind, data)


def judged_image(kind: str, data: bytes) -> Verdict:
    """The picture drawn anew, upright and not larger than anybody needs: nothing else that was in the file is left."""
    with Image.open(BytesIO(data), formats=(kind,)) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Unfit("vast")
        drawn = drawn_anew(image)
    media_type, kept = written(drawn, as_png=kind == "PNG" and is_drawing(drawn))
    return {"media_type": media_type, "width": drawn.width, "height": drawn.height, "pages": None}, kept


def drawn_anew(image: Image.Image) -> Image.Image:
    orientation = orientation_of(image)
    drawn = in_plain_colours(image)
    drawn.thumbnail((MOST_SIDE, MOST_SIDE))
    if orientation in TURNED:
        drawn = drawn.transpose(TURNED[orientation])
    drawn.info = {}  # Pillow would write some of it again
    return drawn.copy()


def orientation_of(image: Image.Image) -> int:
    """How the camera was held; what cannot be read is taken as upright."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:
        return 1


def in_plain_colours(image: Image.Image) -> Image.Image:
    """RGB or grey; RGBA where something can really be seen through."""
    if image.mode == "I;16":
        return image.convert("I").point(lambda value: value / 256).convert("L")  # at once, it would be white
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema() != (255, 255):
            return image
    return image if image.mode in ("RGB", "L") else image.convert("RGB")


def is_drawing(image: Image.Image) -> bool:
    """Whether JPEG would spoil it: it has see-through parts, or few colours with sharp edges."""
    return image.mode == "RGBA" or image.getcolors(FEW_COLOURS) is not None


def written(image: Image.Image, as_png: bool) -> tuple[str, bytes]:
    out = BytesIO()
    if as_png:
        image.save(out, "PNG")
        if len(out.getvalue()) <= MOST_KEPT:
            return "image/png", out.getvalue()
        out = BytesIO()
    if image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    image.save(out, "JPEG", quality=85)
    return "image/jpeg", out.getvalue()


def judged_pdf(data: bytes) -> Verdict:
    """The document written anew without what stood before or after it; one that is signed stays as it is, to the byte.

    Writing a signed document anew would break the signature that makes it worth something.
    """
    try:
        pdf = pikepdf.open(BytesIO(data))
    except pikepdf.PasswordError as locked:
        raise Unfit("locked") from locked
    with pdf:
        pages = len(pdf.pages)
        if not 0 < pages <= MOST_PAGES:
            raise Unfit("long" if pages else "blank")
        source = source_of(pdf)
        if ACTIVE.search(source):
            raise Unfit("active")
        refuse_bombs(pdf)
        whole = data.startswith(b"%PDF-") and data.rstrip(b"\r\n \0").endswith(b"%%EOF") and not pdf.is_encrypted
        kept = data if whole and is_signed_whole(pdf, data) else written_anew(pdf)
    return {"media_type": "application/pdf", "width": None, "height": None, "pages": pages}, kept


def is_signed_whole(pdf: pikepdf.Pdf, data: bytes) -> bool:
    """Whether a signature of it covers the whole file, from the first byte to the last, but for itself.

    A signature that covers less, or a name that only looks like one, lets anything stand between the objects.
    """
    return any(isinstance(thing, pikepdf.Dictionary) and covers_all(thing, data) for thing in pdf.objects)


def covers_all(signature: pikepdf.Dictionary, data: bytes) -> bool:
    ranges = signature.get("/ByteRange")
    if not isinstance(ranges, pikepdf.Array) or not isinstance(signature.get("/Contents"), pikepdf.String):
        return False
    try:
        start, gap, after, rest = (int(number) for number in ranges)
    except (TypeError, ValueError):
        return False
    return start == 0 < gap < after and after + rest == len(data) and bool(HEX.fullmatch(data[gap:after]))


def source_of(pdf: pikepdf.Pdf) -> bytes:
    """Every object as PDF source, names spelled out, without the texts of strings and streams."""
    parts = [pdf.trailer.unparse(resolved=True)]
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            parts.append(thing.stream_dict.unparse(resolved=True))
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Array):
            parts.append(thing.unparse(resolved=True))
    return STRINGS.sub(b"", b"\n".join(parts))


def refuse_bombs(pdf: pikepdf.Pdf) -> None:
    """Whoever opens it must not be flooded: no stream packed twice, and all of them unpacked stay within bounds."""
    left = MOST_UNPACKED
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            left -= unpacked(thing, left)
            if left < 0:
                raise Unfit("packed")


def unpacked(stream: pikepdf.Stream, most: int) -> int:
    """How many bytes the stream has when it is unpacked; counting stops soon after `most`."""
    filters = stream.get("/Filter", pikepdf.Array())
    names = [str(name) for name in (filters if isinstance(filters, pikepdf.Array) else [filters])]
    packers = [name for name in names if name in PACKERS]
    if len(packers) > 1:
        raise Unfit("packed")
    if not packers:
        return 0
    return inflated(stream.read_raw_bytes(), most) if names[0] in FLATE else len(stream.read_bytes())


def inflated(data: bytes, most: int) -> int:
    """The size after inflating, without keeping the result."""
    inflate, size = zlib.decompressobj(), 0
    try:
        while data and size <= most:
            size += len(inflate.decompress(data, MEGA))
            data = inflate.unconsumed_tail
    except zlib.error:
        return size  # a reader shows what came before the damage
    return size


def written_anew(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    pdf.save(out, encryption=False)
    return out.getvalue()


def main() -> None:
    kind = sys.argv[1]
    get_ready()
    confine(kind)
    try:
        told, kept = judged(kind, sys.stdin.buffer.read())
    except Unfit as fault:
        told, kept = {"fault": str(fault)}, b""
    except MemoryError:
        told, kept = {"fault": "packed"}, b""
    except Exception as error:  # whatever a parser says of what a stranger wrote
        told, kept = {"fault": "broken", "why": type(error).__name__}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + kept)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
