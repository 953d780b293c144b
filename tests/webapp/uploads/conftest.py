"""An installation with a desk that takes files, as a service would."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Blueprint, Flask, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from tests.pages import Browser
from webapp import access, create_app, uploads
from webapp.access import require
from webapp.db import db
from webapp.hypermedia import go
from webapp.settings import Settings
from webapp.uploads.models import Upload
from webapp.uploads.storage import Folder

desk = Blueprint("desk", __name__)


@desk.post("/desk/files")
@require("accounts.see_own")
@uploads.accepts_files
def hand_in() -> ResponseReturnValue:
    upload = uploads.receive(request.files.get("file"), by=access.me())
    return go(url_for(".file", token=upload.token))


@desk.post("/desk/words")
@require("accounts.see_own")
def say() -> ResponseReturnValue:
    return str(len(request.form["words"]))


@desk.get("/desk/files/<token>")
@require("accounts.see_own")
def file(token: str) -> ResponseReturnValue:
    upload = db.session.scalars(select(Upload).where(Upload.token == token)).one()
    return uploads.send(upload, inline="inline" in request.args)


@pytest.fixture(scope="session")
def office_with_files(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(replace(settings, uploads=tmp_path_factory.mktemp("uploads")))
    app.register_blueprint(desk)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def office(app: Flask, office_with_files: Flask) -> Iterator[Flask]:
    """The same database and moment as `app`, with an empty folder for files."""
    with office_with_files.app_context():
        yield office_with_files
        for path in folder_of(office_with_files).root.glob("*/*"):
            path.unlink()
        db.session.remove()


def folder_of(office: Flask) -> Folder:
    found = office.extensions["uploads"]
    assert isinstance(found, Folder)
    return found


@pytest.fixture
def folder(office: Flask) -> Folder:
    return folder_of(office)


@pytest.fixture
def siti_browser(office: Flask, siti) -> Browser:
    return Browser(office).as_person(siti)
