"""A form whose fields have changed since the page was opened: what was typed is shown, never dropped unseen (T92)."""

import pytest


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def turned_down(browser, request):
    """Send this to the form for an account, with what its own fields hold, as a page of an earlier release would."""

    def send(**earlier: str):
        form = browser.open("/register").form("/register")
        return form.send(htmx=request.param, name="", **earlier)

    return send


def test_what_has_no_field_any_more_is_given_back(turned_down):
    page = turned_down(full_name="Agus <Percobaan>", nickname=" ")
    assert page.status == 422
    assert "Salin tulisan yang belum punya tempat" in page.find(".summary").text
    assert [item.text for item in page.html.select(".summary ul")[1].select("li")] == ["Agus <Percobaan>"]


def test_what_has_one_stands_in_it_and_no_password_is_shown(turned_down):
    page = turned_down(phone="0813-7000-7009", old_password="hujan di kebun")
    assert "Salin tulisan" not in page.text
    assert page.find("#phone")["value"] == "0813-7000-7009"
