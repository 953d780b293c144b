"""A file goes out: alone in its own locked room, whatever it is (T31, T35)."""

import io

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.http import parse_options_header

from tests.webapp.uploads import files
from webapp import uploads


@pytest.fixture
def hand_in(office, siti):
    return lambda data, name: uploads.receive(FileStorage(io.BytesIO(data), filename=name), by=siti)


def had(browser, upload, query=""):
    return browser.http.get(f"/desk/files/{upload.token}{query}")


def test_every_file_is_locked_in(hand_in, siti_browser):
    for data in (files.jpeg(), files.png(), files.a_pdf()):
        for query in ("", "?inline"):
            upload = hand_in(data, "surat")
            answer = had(siti_browser, upload, query)
            assert answer.status_code == 200 and answer.mimetype == upload.media_type
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("sandbox; default-src 'none'") and "allow" not in policy
            assert answer.headers["Cache-Control"] == "no-store"
            assert "ETag" not in answer.headers and "Last-Modified" not in answer.headers
            assert answer.data == uploads.storage.storage().get(upload.token)


@pytest.mark.parametrize(
    ("data", "query", "how"),
    [(files.jpeg(), "", "attachment"), (files.jpeg(), "?inline", "inline"), (files.png(), "?inline", "inline"),
     (files.a_pdf(), "", "attachment"), (files.a_pdf(), "?inline", "attachment")],
    ids=["photo", "photo on a page", "drawing on a page", "pdf", "pdf on a page"],
)  # fmt: skip
def test_only_images_are_ever_shown_a_pdf_is_always_saved(hand_in, siti_browser, data, query, how):
    answer = had(siti_browser, hand_in(data, "surat"), query)
    assert parse_options_header(answer.headers["Content-Disposition"])[0] == how


@pytest.mark.parametrize(
    ("came", "goes"),
    [("KTP.jpg", "KTP.jpg"), ('a";x="b.jpg', "a ;x= b.jpg"), ("surat tanah — é.jpg", "surat tanah — é.jpg"),
     ("../../x\r\nX-Evil: 1", "xX-Evil 1.jpg"), ("gpj.\u202eexe", "gpj.jpg")],
)  # fmt: skip
def test_the_name_stands_in_the_header_as_rfc_6266_says(hand_in, siti_browser, came, goes):
    answer = had(siti_browser, hand_in(files.jpeg(), came))
    line = answer.headers["Content-Disposition"]
    assert line.isascii() and "\r" not in line and "\n" not in line and "X-Evil" not in answer.headers
    assert parse_options_header(line) == ("attachment", {"filename": goes})


def test_a_file_that_has_gone_is_a_plain_word_and_a_line_in_the_log(hand_in, siti_browser, folder, caplog):
    upload = hand_in(files.jpeg(), "ktp.jpg")
    folder.delete(upload.token)
    answer = had(siti_browser, upload)
    assert answer.status_code == 503 and "<h1" in answer.get_data(as_text=True)
    assert f"upload {upload.id} cannot be read" in caplog.text


def test_what_a_photo_told_is_not_in_what_goes_out(hand_in, siti_browser):
    """T34, at the other end."""
    answer = had(siti_browser, hand_in(files.telling_photo("JPEG"), "ktp.jpg"))
    assert files.SERIAL.encode() not in answer.data and b"Exif" not in answer.data
