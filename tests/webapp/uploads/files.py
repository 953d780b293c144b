"""Files as people and as strangers send them, made on the spot."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from webapp.settings import ROOT

MEGA = 1024 * 1024
CHILD = ROOT / "webapp" / "uploads" / "child.py"
SCRIPT = b"<script>alert(document.domain)</script>"
ZEROS = 300 * MEGA  # what the bombs hold
SEAL = b"% nothing but these very bytes has this line"
SERIAL = "SN-1275024504900001"

pillow_heif.register_heif_opener()


# --- images


def a_photo(width: int = 640, height: int = 480) -> Image.Image:
    """Many colours, like a photo."""
    steps, grain = Image.linear_gradient("L").resize((width, height)), Image.effect_noise((width, height), 40)
    return Image.merge("RGB", [steps, steps.transpose(Image.Transpose.ROTATE_180), grain])


def a_drawing(mode: str = "RGB") -> Image.Image:
    """Two colours with a sharp edge."""
    sheet = Image.new(mode, (200, 100), "white")
    sheet.paste("navy" if mode == "RGB" else (0, 0, 128, 255), (20, 20, 120, 60))
    return sheet


def written(image: Image.Image, form: str, **more) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@cache
def photo_as(form: str) -> bytes:
    return written(a_photo(), form)


def jpeg(**more) -> bytes:
    return written(a_photo(), "JPEG", **more)


def png() -> bytes:
    return written(a_drawing(), "PNG")


def telling_exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes about its owner: where, when, with which camera, and a small picture of it all."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = orientation, "TelltalePhone", "2026:11:24 07:30:00"
    exif.get_ifd(0x8769)[0xA431] = SERIAL
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (3.0, 36.0, 1.5), "E", (98.0, 29.0, 7.5)
    return exif


def telling_photo(form: str, orientation: int = 1) -> bytes:
    more = {"xmp": b"<x:xmpmeta>" + SERIAL.encode() + b"</x:xmpmeta>", "icc_profile": b"profile of " + SERIAL.encode()}
    if form == "JPEG":
        more["comment"] = f"taken with {SERIAL}"
    if form in ("HEIF", "WEBP"):
        more.pop("icc_profile")  # these check that it is one
    data = written(a_photo(), form, exif=telling_exif(orientation).tobytes(), **more)
    assert SERIAL.encode() in data
    return data


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_pixels(width: int, height: int) -> bytes:
    """One bit a pixel, all of one colour: a few hundred kilobytes, and as many bytes as pixels when it is opened."""
    pack = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    packed = b"".join(pack.compress(row) for _row in range(height)) + pack.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def png_with_text_bomb() -> bytes:
    text = b"Comment\0\0" + zlib.compress(bytes(200 * MEGA), 9)
    return png()[:33] + chunk(b"zTXt", text) + png()[33:]


# --- PDF


def a_pdf(change: Callable[[Pdf], object] = lambda pdf: None, pages: int = 1, **saving) -> bytes:
    pdf = pikepdf.new()
    for _page in range(pages):
        pdf.add_blank_page()
    change(pdf)
    out = io.BytesIO()
    as_it_is = {} if "encryption" in saving else {"stream_decode_level": pikepdf.StreamDecodeLevel.none}
    pdf.save(out, compress_streams=False, **as_it_is, **saving)
    return out.getvalue()


def with_action(action: Dictionary) -> Callable[[Pdf], object]:
    return lambda pdf: setattr(pdf.Root, "OpenAction", action)


def javascript(text: str = "app.alert(1)") -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=pikepdf.String(text))


def with_attachment(pdf: Pdf) -> None:
    pdf.attachments["virus.exe"] = b"MZ"


def with_link_script(pdf: Pdf) -> None:
    """Not at the front door: the action of a link, behind another one."""
    first = Dictionary(S=Name.URI, URI=pikepdf.String("https://contoh.invalid"), Next=Array([javascript()]))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=first)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])


def with_xfa(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=Stream(pdf, b"<xdp:xdp/>"))


def with_film(pdf: Pdf) -> None:
    film = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]))
    pdf.pages[0].obj.Annots = Array([film])


def packed_page(layers: int, size: int = ZEROS) -> Callable[[Pdf], object]:
    """The page's content is zeros, packed so many times."""

    def pack(pdf: Pdf) -> None:
        data = packed_zeros(size)
        for _layer in range(layers - 1):
            data = zlib.compress(data, 9)
        stream = Stream(pdf, b"")
        stream.write(data, filter=Array([Name.FlateDecode] * layers))
        pdf.pages[0].obj.Contents = pdf.make_indirect(stream)

    return pack


@cache
def packed_zeros(size: int) -> bytes:
    pack = zlib.compressobj(9)
    return b"".join(pack.compress(bytes(MEGA)) for _part in range(size // MEGA)) + pack.flush()


def a_signed_pdf() -> bytes:
    """As an office signs it: a signature whose ranges are all bytes of this very file, but for itself."""
    drawn = a_pdf(sign_with([0, *ROOM])).replace(b"startxref", SEAL + b"\nstartxref")
    gap = drawn.index(b"<" + b"00" * SIGNATURE + b">")
    after = gap + 2 * SIGNATURE + 2
    ranges = (gap, after, len(drawn) - after)
    for room, number in zip(ROOM, ranges, strict=True):
        drawn = drawn.replace(str(room).encode(), str(number).encode().rjust(len(str(room))))
    return drawn


SIGNATURE, ROOM = 64, (1111111111, 2222222222, 1333333333)  # its bytes; numbers that leave room for those to come


def sign_with(ranges: list[int]) -> Callable[[Pdf], None]:
    """A signature field over these ranges."""

    def sign(pdf: Pdf) -> None:
        contents = pikepdf.String(bytes(SIGNATURE))
        signature = Dictionary(
            Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), ByteRange=Array(ranges), Contents=contents
        )  # fmt: skip
        field = Dictionary(FT=Name.Sig, T=pikepdf.String("TTE"), V=pdf.make_indirect(signature))
        pdf.Root.AcroForm = Dictionary(SigFlags=3, Fields=Array([pdf.make_indirect(field)]))

    return sign


def locked_pdf(user: str, owner: str = "owner") -> bytes:
    return a_pdf(encryption=pikepdf.Encryption(owner=owner, user=user))


# --- neither


def office(name: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr(name, "<w:document/>")
        parts.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return out.getvalue()


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts, parts.open("zeros", "w") as zeros:
        for _part in range(ZEROS // MEGA):
            zeros.write(bytes(MEGA))
    return out.getvalue()


def gif() -> bytes:
    return written(a_drawing().convert("P"), "GIF")
