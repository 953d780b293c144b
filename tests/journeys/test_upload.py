"""A file on its way out of a browser: made smaller, with a bar and a way to stop; and without scripts all the same.

The forms are those of the page that shows every piece; what the city would answer is answered here.
"""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.journeys.browsers import is_marked, mark

PHOTO = "#gaya-upload"
TAKEN = '<div class="gaya-case" id="gaya-upload"><p data-result tabindex="-1">Sudah kami terima</p></div>'
MEGABYTE = 1024 * 1024


def a_photo(width: int, height: int) -> bytes:
    out = io.BytesIO()
    grain = [Image.effect_noise((width, height), 60) for _colour in range(3)]
    Image.merge("RGB", grain).save(out, "JPEG", quality=92)
    return out.getvalue()


def a_file(name: str, kind: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": kind, "buffer": data}


def choose(page: Page, file: dict[str, object], way: str = "browse") -> None:
    with page.expect_file_chooser() as opened:
        page.locator(f"{PHOTO} [data-upload-{way}]").click()
    opened.value.set_files(file)


def open_forms(page: Page) -> None:
    page.goto("/gaya")
    mark(page)


def sent_by(page: Page, answer=TAKEN) -> list[bytes]:
    """What is posted from here on, instead of posting it."""
    sent: list[bytes] = []

    def take(route: Route) -> None:
        sent.append(route.request.post_data_buffer or b"")
        route.fulfill(body=answer, content_type="text/html")

    page.route("**/preferences", take)
    return sent


def test_a_photo_is_made_smaller_and_the_answer_takes_its_place(visit):
    page = visit()
    open_forms(page)
    sent, photo = sent_by(page), a_photo(3000, 2000)
    choose(page, a_file("IMG 1.JPG", "image/jpeg", photo))
    expect(page.locator(f"{PHOTO} [data-result]")).to_be_focused()
    assert is_marked(page), "only the form's place was drawn anew"
    [form] = sent
    assert b'filename="IMG 1.jpg"' in form and len(form) < len(photo) / 2
    start = form.index(b"\xff\xd8\xff")
    assert Image.open(io.BytesIO(form[start:])).size == (2000, 1333)


def test_a_pdf_travels_as_it_is(visit):
    page = visit()
    open_forms(page)
    sent, paper = sent_by(page), b"%PDF-1.7\n" + bytes(range(256)) * 50
    choose(page, a_file("surat.pdf", "application/pdf", paper))
    expect(page.locator(f"{PHOTO} [data-result]")).to_be_visible()
    assert paper in sent[0] and b'name="csrf_token"' in sent[0]


def test_whoever_uses_no_mouse_is_left_at_the_same_place(visit):
    page = visit()
    open_forms(page)
    sent_by(page, '<div id="gaya-upload"><form id="gaya-ktp-form" action="/" tabindex="-1">Kirim lagi</form></div>')
    choose(page, a_file("surat.pdf", "application/pdf", b"%PDF-1.7"))
    expect(page.locator("#gaya-ktp-form")).to_have_text("Kirim lagi")
    expect(page.locator("#gaya-ktp-form")).to_be_focused()


def test_the_camera_is_asked_for_only_by_its_own_button(visit):
    page = visit(is_mobile=True)
    open_forms(page)
    sent_by(page)
    field = page.locator(f"{PHOTO} [data-upload-input]")
    with page.expect_file_chooser():
        page.locator(f"{PHOTO} [data-upload-camera]").click()
    expect(field).to_have_attribute("capture", "environment")
    with page.expect_file_chooser():
        page.locator(f"{PHOTO} [data-upload-browse]").click()
    assert field.get_attribute("capture") is None and "application/pdf" in str(field.get_attribute("accept"))


def test_the_bar_moves_and_the_upload_can_be_stopped(visit):
    page = visit()
    open_forms(page)
    slow = page.context.new_cdp_session(page)
    slow.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 400_000},
    )
    choose(page, a_file("rencana.pdf", "application/pdf", bytes(4 * MEGABYTE)))
    words, bar = page.locator(f"{PHOTO} [data-upload-words]"), page.locator(f"{PHOTO} [data-upload-bar]")
    expect(words).to_contain_text(re.compile(r"[1-9]\d? %"))
    assert 0 < float(bar.evaluate("bar => bar.value")) < 100
    expect(page.locator("#gaya-upload-again [data-upload-browse]")).to_be_disabled()
    page.locator(f"{PHOTO} [data-upload-cancel]").click()
    expect(page.locator(f"{PHOTO} [data-upload-progress]")).to_be_hidden()
    expect(page.locator(f"{PHOTO} [data-upload-browse]")).to_be_focused()
    expect(page.locator("#gaya-upload-again [data-upload-browse]")).to_be_enabled()
    expect(page.locator("#live")).not_to_be_empty()
    slow.detach()
    sent = sent_by(page)
    choose(page, a_file("surat.pdf", "application/pdf", b"%PDF-1.7"))
    expect(page.locator(f"{PHOTO} [data-result]")).to_be_visible()
    assert len(sent) == 1, "after stopping, the next file goes its way"


def test_what_is_too_large_is_told_beside_it_before_it_is_sent(visit):
    page = visit()
    open_forms(page)
    sent = sent_by(page)
    choose(page, a_file("rencana.pdf", "application/pdf", bytes(11 * MEGABYTE)))
    expect(page.locator(f"{PHOTO} [data-upload-error]")).to_contain_text("10 MB")
    assert sent == []


def test_a_lost_line_is_told_beside_it_and_the_form_stays(visit, guard):
    guard.forgive("net::ERR_FAILED", "htmx:sendError", "htmx:afterRequest")
    page = visit()
    open_forms(page)
    page.route("**/preferences", lambda route: route.abort())
    choose(page, a_file("surat.pdf", "application/pdf", b"%PDF-1.7"))
    expect(page.locator(f"{PHOTO} [data-upload-error]")).to_be_visible()
    expect(page.locator(f"{PHOTO} [data-upload-browse]")).to_be_enabled()


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_what_the_server_finds_too_large_gets_an_answer_and_not_a_broken_line(visit, guard, scripts):
    """This form may bring one megabyte; it brings six. The server lets the browser finish, else it shows nothing."""
    guard.forgive_answers(413)
    guard.forgive("Response Status Error Code 413")
    page = visit(java_script_enabled=scripts)
    page.goto("/gaya")
    paper = a_file("rencana.pdf", "application/pdf", bytes(6 * MEGABYTE))
    if scripts:
        choose(page, paper)
        expect(page.locator(f"{PHOTO} [data-upload-error]")).to_be_visible()
    else:
        page.locator(f"{PHOTO} [data-upload-input]").set_input_files(paper)
        with page.expect_response("**/preferences") as answered:
            page.locator(f"{PHOTO} button[data-busy]").click()
        assert answered.value.status == 413
    expect(page.locator("#notice")).to_contain_text("10 MB")


def test_without_scripts_the_browser_s_own_chooser_is_there(visit):
    page = visit(java_script_enabled=False)
    page.goto("/gaya")
    expect(page.locator(f"{PHOTO} [data-upload-input]")).to_be_visible()
    expect(page.locator(f"{PHOTO} [data-upload-browse]")).to_be_hidden()
    page.locator(f"{PHOTO} [data-upload-input]").set_input_files(a_file("ktp.jpg", "image/jpeg", a_photo(64, 64)))
    with page.expect_request("**/preferences") as posted:
        page.locator(f"{PHOTO} button[data-busy]").click()
    assert posted.value.method == "POST"
    expect(page).to_have_url(re.compile("/gaya$"))
