"""A file comes in: checked, stored, written down; or refused, and then nothing is left of it."""

import gzip
import hashlib
import io
import os
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.webapp.uploads import files
from webapp import clock, intake, jobs, uploads
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.events import Event
from webapp.uploads import actions
from webapp.uploads.models import Upload


def a_file(data: bytes, name: str = "ktp.jpg") -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name, content_type="text/html")


def events() -> list[str]:
    return list(db.session.scalars(select(Event.name).where(Event.name.startswith("uploads.")).order_by(Event.id)))


def stored(folder) -> list[str]:
    return [path.name for path in folder.root.glob("*/*")]


def test_a_photo_is_stored_under_a_random_name_and_written_down(office, folder, siti):
    upload = uploads.receive(a_file(files.telling_photo("JPEG"), "../KTP Siti.jpeg"), by=siti)
    assert (upload.name, upload.media_type, upload.owner_id) == ("KTP Siti.jpg", "image/jpeg", siti.id)
    assert (upload.width, upload.height, upload.pages) == (640, 480, None)
    kept = folder.get(upload.token)
    assert (len(kept), hashlib.sha256(kept).hexdigest()) == (upload.size, upload.sha256)
    assert files.SERIAL.encode() not in kept
    assert stored(folder) == [upload.token] and "KTP" not in upload.token
    assert events() == ["uploads.upload.receive"]


def test_the_event_tells_no_name(office, siti):
    uploads.receive(a_file(files.jpeg(), "Surat sakit Siti.jpg"), by=siti)
    event = db.session.scalars(select(Event).where(Event.name == "uploads.upload.receive")).one()
    assert set(event.facts) == {"size", "media_type"} and event.actor_id == siti.id


@pytest.mark.parametrize(
    "file", [None, a_file(b"", ""), a_file(b""), a_file(b"<html>"), a_file(files.jpeg()[:-900])],
    ids=["nothing chosen", "an empty field", "empty", "a page", "broken"],
)  # fmt: skip
def test_a_refused_file_leaves_nothing(office, folder, siti, file):
    with pytest.raises(Refusal):
        uploads.receive(file, by=siti)
    assert stored(folder) == [] and db.session.scalars(select(Upload)).all() == [] and events() == []


def test_a_full_disk_is_a_plain_refusal_and_no_row(office, siti, monkeypatch):
    class Full:
        def put(self, _key: str, _data: bytes) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setitem(office.extensions, "uploads", Full())
    with pytest.raises(Refusal, match=r"belum bisa disimpan|could not be kept"):
        uploads.receive(a_file(files.jpeg()), by=siti)
    assert db.session.scalars(select(Upload)).all() == [] and events() == []


def test_a_service_enters_the_file_in_its_own_transaction(office, folder, siti):
    kept = uploads.keep(a_file(files.jpeg()))

    @transactional
    def attach(fails: bool) -> None:
        uploads.enter(kept, by=siti)
        if fails:
            raise Refusal("the case is closed")

    with pytest.raises(Refusal):
        attach(fails=True)
    assert db.session.scalars(select(Upload)).all() == [] and stored(folder) == [kept.token]
    attach(fails=False)
    assert db.session.scalars(select(Upload.token)).all() == [kept.token]


def test_forgetting_leaves_neither_row_nor_file(office, folder, siti):
    upload = uploads.receive(a_file(files.jpeg()), by=siti)
    uploads.forget(upload, by=siti)
    assert stored(folder) == [] and db.session.scalars(select(Upload)).all() == []
    assert events() == ["uploads.upload.receive", "uploads.upload.forget"]


def test_a_sweep_deletes_what_no_row_speaks_of_after_a_day(office, folder, siti):
    wanted = uploads.receive(a_file(files.jpeg()), by=siti)
    never_entered, struck = uploads.keep(a_file(files.jpeg())), uploads.receive(a_file(files.jpeg()), by=siti)
    uploads.strike(struck.id, by=siti)
    actions.drop_strays()
    assert len(stored(folder)) == 3, "today's are left alone: their row may be on its way"
    yesterday = (clock.machine() - timedelta(hours=25)).timestamp()
    for path in folder.root.glob("*/*"):
        os.utime(path, (yesterday, yesterday))
    actions.drop_strays()
    assert stored(folder) == [wanted.token] and never_entered.token != wanted.token


def test_the_sweep_is_in_the_rhythm_of_the_others(office):
    assert "webapp.uploads.actions.drop_strays" in [sweep.name for sweep in jobs.sweeps_of(office)]


def test_a_place_that_cannot_delete_does_not_stop_the_story(office, folder, siti, monkeypatch, caplog):
    upload = uploads.receive(a_file(files.jpeg()), by=siti)

    def stuck(_key: str) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(folder, "delete", stuck)
    uploads.forget(upload, by=siti)
    assert db.session.scalars(select(Upload)).all() == [] and "could not be deleted" in caplog.text


# --- by way of a page


def token_of(browser) -> dict[str, str]:
    return {"csrf_token": browser.open("/privacy").find("[name=csrf_token]")["value"]}


def sent(browser, data: bytes, name: str = "ktp.jpg", path: str = "/desk/files", **more):
    boundary, form = encode_multipart({**token_of(browser), "file": a_file(data, name)})
    return browser.http.post(path, data=form, content_type=f"multipart/form-data; boundary={boundary}", **more)


def test_one_person_does_not_keep_all_checkers_busy(siti_browser, monkeypatch):
    """The control: the first 120 in ten minutes are let in, whatever becomes of them."""
    monkeypatch.setattr(uploads.actions, "check", lambda data: pytest.fail("not reached") if data else None)
    answers = [siti_browser.http.post("/desk/files", data=token_of(siti_browser)).status_code for _file in range(121)]
    assert answers[-1] == 429 and 429 not in answers[:-1]


def test_nine_megabytes_come_through_a_view_that_takes_files(siti_browser, folder):
    data = files.jpeg() + bytes(9 * files.MEGA)  # a tail that is thrown away
    assert sent(siti_browser, data).status_code == 303
    assert len(stored(folder)) == 1


def test_a_file_of_ten_megabytes_and_a_byte_is_refused_with_its_reason(siti_browser, folder):
    answer = sent(siti_browser, files.jpeg() + bytes(10 * files.MEGA))
    assert answer.status_code == 422 and "10 MB" in answer.get_data(as_text=True)
    assert stored(folder) == []


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_more_than_that_is_not_even_read(siti_browser, folder, htmx):
    headers = {"HX-Request": "true"} if htmx else {}
    answer = sent(siti_browser, bytes(12 * files.MEGA), headers=headers)
    words = answer.get_data(as_text=True)
    assert answer.status_code == 413 and "10 MB" in words
    assert ("<html" in words) != htmx
    assert not htmx or answer.headers["HX-Retarget"] == "#notice"
    assert stored(folder) == []


@pytest.mark.parametrize(("bound", "taken_in"), [(100, 12), (2, 2)])
def test_a_browser_may_finish_sending_what_is_too_large(siti_browser, monkeypatch, bound, taken_in):
    """One that is cut off shows no answer at all. There is an end to this kindness too."""
    monkeypatch.setattr(intake, "THROWN_AWAY", bound * files.MEGA)
    body = io.BytesIO(bytes(12 * files.MEGA))
    answer = siti_browser.http.post(
        "/desk/files", input_stream=body, content_length=12 * files.MEGA, content_type="multipart/form-data; boundary=x"
    )
    assert (answer.status_code, body.tell()) == (413, taken_in * files.MEGA)


def test_all_other_views_stay_at_one_megabyte(siti_browser):
    words = {**token_of(siti_browser), "words": "x" * 400_000}
    assert siti_browser.http.post("/desk/words", data=words).get_data(as_text=True) == "400000"
    answer = sent(siti_browser, bytes(2 * files.MEGA), path="/desk/words")
    assert answer.status_code == 413


def test_a_form_packed_by_gzip_is_not_unpacked(siti_browser, folder):
    """T33: the server knows no packed forms, so it sees no token in it."""
    bomb = gzip.compress(bytes(50 * files.MEGA))
    answer = siti_browser.http.post(
        "/desk/files", data=bomb, headers={"Content-Encoding": "gzip"}, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 403 and stored(folder) == []


def test_a_stranger_is_asked_to_sign_in_and_nothing_is_kept(office, folder, browser):
    answer = sent(type(browser)(office), files.jpeg())
    assert answer.status_code != 200 and stored(folder) == []


def test_no_token_no_file(siti_browser, folder):
    form = {"file": (io.BytesIO(files.jpeg()), "ktp.jpg")}
    answer = siti_browser.http.post("/desk/files", data=form, content_type="multipart/form-data")
    assert answer.status_code == 403 and stored(folder) == []


def test_a_refusal_is_a_page_in_plain_words(siti_browser):
    answer = sent(siti_browser, files.office(), "surat.pdf")
    words = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "PDF" in words and "<h1" in words
