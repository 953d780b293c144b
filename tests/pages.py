"""A browser for tests that uses pages as people do, and checks each page and fragment it is given."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.people import PASSWORD
from webapp.accounts import actions
from webapp.accounts.models import Person
from webapp.accounts.sessions import TOKEN
from webapp.db import db

VOID_LABELS = ("hidden", "submit", "button")


class Wire:
    """The line to the server: each request in a context of its own, as in a real process, and not in the test's."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.session_transaction = self.client.session_transaction

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self._send(self.client.get, path, **kwargs)

    def head(self, path: str, **kwargs: Any) -> TestResponse:
        return self._send(self.client.head, path, **kwargs)

    def post(self, path: str, **kwargs: Any) -> TestResponse:
        return self._send(self.client.post, path, **kwargs)

    def _send(self, method: Callable[..., TestResponse], path: str, **kwargs: Any) -> TestResponse:
        db.session.rollback()  # the test holds no lock while the server works
        answer = Context().run(method, path, **kwargs)
        db.session.expire_all()  # and sees what the server has changed
        return answer


class Browser:
    """Opens pages, fills in forms, follows redirects; `htmx=True` sends what htmx would send."""

    def __init__(self, app: Flask) -> None:
        self.app, self.http = app, Wire(app)
        self.page: Page | None = None

    def as_person(self, person: Person, confirmed: bool = False) -> Browser:
        """Already signed in, without the form; `confirmed` has just given the password again."""
        token = actions.open_session(person)
        assert not confirmed or actions.confirm(token, PASSWORD, by=person)
        with self.http.session_transaction() as session:
            session[TOKEN] = token
        return self

    def open(self, path: str, status: int = 200) -> Page:
        response = self.http.get(path, follow_redirects=True)
        assert response.status_code == status, f"{path}: {response.status_code} instead of {status}"
        self.page = Page(self, response)
        self.page.check()
        return self.page

    def fragment(self, path: str, root: str) -> Page:
        response = self.http.get(path, headers={"HX-Request": "true"})
        assert response.status_code == 200
        return Page(self, response).check_fragment(root)


@dataclass
class Page:
    """An answer that is HTML."""

    browser: Browser
    response: TestResponse

    def __post_init__(self) -> None:
        self.html = BeautifulSoup(self.response.get_data(as_text=True), "html.parser")

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return " ".join(self.html.get_text(" ").split())

    @property
    def path(self) -> str:
        return self.response.request.path

    def find(self, selector: str) -> Tag:
        found = self.html.select_one(selector)
        assert found is not None, f"no {selector} on {self.path}"
        return found

    def has(self, selector: str) -> bool:
        return self.html.select_one(selector) is not None

    def form(self, action: str) -> Form:
        """The form whose action contains this text."""
        found = [form for form in self.html.find_all("form") if action in str(form.get("action", ""))]
        assert found, f"no form to {action} on {self.path}"
        return Form(self, found[0])

    def click(self, words: str) -> Page:
        """Follow the link with these words."""
        for link in self.html.find_all("a"):
            if words in " ".join(link.get_text(" ").split()):
                return self.browser.open(urljoin(self.path, str(link["href"])))
        raise AssertionError(f"no link «{words}» on {self.path}")

    def check(self) -> Page:
        """One h1, a title, a language, labelled inputs, forms with action and token, unique ids."""
        assert len(self.html.find_all("h1")) == 1, f"{self.path}: one h1"
        assert self.html.title and self.html.title.get_text(strip=True), f"{self.path}: a title"
        assert self.find("html").get("lang") in ("id", "en")
        self._check_parts()
        return self

    def check_fragment(self, root: str) -> Page:
        """Exactly one root element, with the id asked for."""
        roots = [child for child in self.html.children if isinstance(child, Tag)]
        assert [child.get("id") for child in roots] == [root]
        self._check_parts()
        return self

    def _check_parts(self) -> None:
        ids = [tag["id"] for tag in self.html.find_all(id=True)]
        assert len(ids) == len(set(ids)), f"{self.path}: ids are unique ({[i for i in ids if ids.count(i) > 1]})"
        for form in self.html.find_all("form", method=lambda method: method != "dialog"):
            assert form.get("action"), f"{self.path}: a form without action"
            if form.get("method", "get").lower() == "post":
                assert form.find("input", {"name": "csrf_token"}), f"{self.path}: a form without token"
        for control in self.html.find_all(["input", "select", "textarea"]):
            if control.get("type") not in VOID_LABELS:
                assert self._label_of(control), f"{self.path}: {control} has no label"

    def _label_of(self, control: Tag) -> bool:
        named = control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label")
        return bool(named) or self.html.find("label", {"for": control.get("id")}) is not None


@dataclass
class Form:
    """A form on a page, as a person would fill it in."""

    page: Page
    tag: Tag

    def values(self) -> MultiDict[str, str]:
        filled = MultiDict[str, str]()
        for control in self.tag.find_all(["input", "textarea", "select"]):
            kind, name = control.get("type", "text"), control.get("name")
            if name and (kind not in ("radio", "checkbox") or control.has_attr("checked")):
                filled.add(str(name), str(control.get("value", "")))
        return filled

    def send(self, htmx: bool = False, follow: bool = True, **typed: str) -> Page:
        """Submit it with these fields typed in."""
        action = urlsplit(urljoin(self.page.path, str(self.tag["action"])))
        path = action.path + (f"?{action.query}" if action.query else "")
        headers = {"Sec-Fetch-Site": "same-origin", **({"HX-Request": "true"} if htmx else {})}
        browser = self.page.browser
        filled = self.values()
        for name, value in typed.items():
            filled[name] = value
        response = browser.http.post(path, data=filled, headers=headers, follow_redirects=follow and not htmx)
        browser.page = Page(browser, response)
        return browser.page
