"""NIK and phone numbers as people write them."""

import pytest

from webapp.accounts.identity import plain_nik, plain_phone


@pytest.mark.parametrize("typed", ["1275024504900001", "1275 0245 0490 0001", "1275.0245.0490-0001"])
def test_a_nik_may_be_written_in_groups(typed):
    assert plain_nik(typed) == "1275024504900001"


@pytest.mark.parametrize("elsewhere", ["3171010101850002", "1101010101010001"])
def test_a_nik_of_another_province_is_as_good(elsewhere):
    assert plain_nik(elsewhere) == elsewhere


@pytest.mark.parametrize(
    "wrong",
    ["", "127502450490000", "12750245049000011", "12750245049O0001", "1275027204900001", "1275024513900001",
     "1275023102900001", "1275024504900000", "0075024504900001", "١٢٧٥٠٢٤٥٠٤٩٠٠٠٠١"],
)  # fmt: skip
def test_what_cannot_be_a_nik_is_refused(wrong):
    assert plain_nik(wrong) is None


def test_born_on_29_february_2000():
    assert plain_nik("1275022902000001")


@pytest.mark.parametrize("typed", ["081234567890", "0812-3456-7890", "+62 812 3456 7890", "62812 3456-7890"])
def test_a_phone_number_in_any_spacing(typed):
    assert plain_phone(typed) == "081234567890"


@pytest.mark.parametrize("wrong", ["", "12345", "0612345678", "08123", "+65 8123 4567", "08123456789012345"])
def test_what_is_no_mobile_number(wrong):
    assert plain_phone(wrong) is None
