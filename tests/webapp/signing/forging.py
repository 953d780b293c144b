"""What somebody may do to a letter of the city who has no key."""

import re
from io import BytesIO

import pikepdf
from asn1crypto.cms import ContentInfo
from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

from webapp.signing.keys import KeyFiles

ROOM = 6000  # bytes for the wrapped signature and its padding
FORGED = b"BT /F1 14 Tf 90 600 Td (Nama: Pemalsu) Tj ET"


def one_byte_changed(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def with_a_note(pdf: bytes) -> bytes:
    """An incremental update that changes nothing that is shown."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.set_info(DictionaryObject({NameObject("/Note"): NameObject("/Seen")}))
    return written(writer)


def with_another_page(pdf: bytes) -> bytes:
    """An incremental update that shows something else: the signed page stays in the file, unseen."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(StreamObject(stream_data=FORGED))
    writer.update_container(page)
    return written(writer)


def with_signature_hidden(pdf: bytes) -> bytes:
    """An incremental update that forgets the form with the signature."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    del writer.root["/AcroForm"]
    writer.update_root()
    return written(writer)


def signed_once_more(pdf: bytes, files: KeyFiles) -> bytes:
    """Somebody else's signature behind ours; what ours forbids is struck out first."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    del writer.root["/Perms"]
    writer.update_root()
    again = IncrementalPdfFileWriter(BytesIO(written(writer)))
    signer = SimpleSigner.load(str(files.key), str(files.certificates))
    return bytes(sign_pdf(again, PdfSignatureMetadata(field_name="Second"), signer).getvalue())


def written(writer: IncrementalPdfFileWriter) -> bytes:
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def without_signature(pdf: bytes) -> bytes:
    """Saved anew without the form: not a byte of the signature is left."""
    return saved_anew(pdf, keep_signature=False)


def saved_anew(pdf: bytes, *, keep_signature: bool = True) -> bytes:
    output = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        if not keep_signature:
            for name in ("/AcroForm", "/Perms"):
                del document.Root[name]
            for page in document.pages:
                del page.obj["/Annots"]
        document.save(output)
    return output.getvalue()


def wrapped(pdf: bytes) -> bytes:
    """A signature wrapped around a page of our own, with every signed byte still there.

    The two signed parts are moved apart. Between them stand another page, a second signature object which says where
    the parts are now, and a cross-reference at the very place that the end of the file, being signed, still names.
    This signature object writes the signature in plain bytes: they take half the room of hexadecimal digits, so the
    length of the file comes out as a verifier expects it, and the other half is free. pyHanko 0.38 calls this whole.
    """
    signature = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
    _start, end, resumed, length = (int(number) for number in signature.byte_range)
    moved = end + 2 * ROOM + 2
    table_at = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    places = {int(found[1]): found.start() for found in re.finditer(rb"(?m)^(\d+) 0 obj", pdf)}
    page_number, signature_number = numbered(pdf, places, b"/Type /Page\n"), numbered(pdf, places, b"/Contents <")
    content_number = max(places) + 1
    page = re.sub(rb"/Contents \d+", b"/Contents %d" % content_number, whole_object(pdf, places[page_number]))

    places = {number: place if place < end else place - resumed + moved for number, place in places.items()}
    gap = pdf[end:resumed] + b"\n"
    places[page_number] = end + len(gap)
    gap += page
    places[content_number] = end + len(gap)
    gap += b"%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (content_number, len(FORGED), FORGED)
    gap = gap.ljust(table_at - end)
    places[signature_number] = table_at + len(cross_reference(pdf, places, table_at))
    gap += cross_reference(pdf, places, table_at)
    gap += b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached" % signature_number
    gap += b"/ByteRange[0 %d %d %d]" % (end, moved, length)
    gap += b"/Contents(%s)>>\nendobj\n" % in_plain_bytes(ContentInfo.load(signature.pkcs7_content).dump())
    return pdf[:end] + gap.ljust(moved - end) + pdf[resumed:]


def numbered(pdf: bytes, places: dict[int, int], holding: bytes) -> int:
    """The number of the one object that holds these words."""
    return next(number for number, place in places.items() if holding in whole_object(pdf, place))


def whole_object(pdf: bytes, place: int) -> bytes:
    return pdf[place : pdf.index(b"endobj", place)] + b"endobj\n"


def cross_reference(pdf: bytes, places: dict[int, int], at: int) -> bytes:
    """One table of all objects, and the signed file's own trailer without what came before it."""
    size = max(places) + 1
    rows = [b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 00000 f \n" for n in range(1, size)]
    trailer = pdf[pdf.rindex(b"trailer") : pdf.rindex(b"startxref")]
    trailer = re.sub(rb"/Size \d+", b"/Size %d" % size, re.sub(rb"/Prev \d+\n", b"", trailer))
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return head + b"".join(rows) + trailer + b"startxref\n%d\n%%%%EOF\n" % at


def in_plain_bytes(message: bytes) -> bytes:
    return re.sub(rb"[()\\\r\n]", lambda found: b"\\%03o" % found[0][0], message.ljust(ROOM, b"\0"))
