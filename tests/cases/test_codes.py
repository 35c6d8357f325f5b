"""Tracking codes over the telephone, and the keys behind owner links."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cases import codes

BODIES = st.text(alphabet=codes.ALPHABET, min_size=6, max_size=6)
CODES = BODIES.map(lambda body: codes.valid_code("PK", body))


@given(CODES)
def test_a_code_is_its_own_canonical_form(code: str) -> None:
    assert codes.normalise(code) == code
    assert codes.normalise(code, "PK") == code


@given(CODES, st.data())
def test_one_wrong_character_makes_a_code_invalid_and_finds_it_again(code: str, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([3, 4, 5, 6, 8, 9, 10]))
    wrong = data.draw(st.sampled_from(codes.ALPHABET).filter(lambda character: character != code[at]))
    typed = code[:at] + wrong + code[at + 1 :]
    assert codes.normalise(typed) is None
    assert code in codes.near(typed)


@given(CODES, st.integers(0, 5))
def test_two_swapped_neighbours_make_a_code_invalid_and_find_it_again(code: str, at: int) -> None:
    body = code[3:].replace("-", "")
    swapped = body[:at] + body[at + 1] + body[at] + body[at + 2 :]
    if swapped != body:
        assert codes.normalise(f"PK-{swapped}") is None
        assert code in codes.near(f"PK-{swapped}")


@example("PK-PK00-00X", 2, "0")  # begins like its prefix
@given(CODES, st.integers(0, 6), st.sampled_from(codes.ALPHABET))
def test_a_missing_or_surplus_character_finds_the_code_again(code: str, at: int, surplus: str) -> None:
    body = code[3:].replace("-", "")
    assert code in codes.near(body[:at] + body[at + 1 :], "PK")
    longer = body[:at] + surplus + body[at:]
    assert code in codes.near(longer, "PK")


@pytest.mark.parametrize(
    "written", ["pk-7f3k-92x", "PK7F3K92x", "  pk 7f3k 92x ", "PK–7F3K–92x", "7F3K-92x", "pk_7f3k_92x"]
)
def test_case_blanks_and_dashes_do_not_matter(written: str) -> None:
    code = codes.valid_code("PK", "7F3K92")
    assert codes.normalise(written.replace("x", code[-1].lower()), "PK") == code


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    code = codes.valid_code("PK", "101010")
    assert codes.normalise("PK-IO" + "lo-iO" + code[-1]) == code


def test_a_prefix_may_contain_letters_the_body_cannot() -> None:
    code = codes.valid_code("OIL", "7F3K92")
    assert codes.normalise(code, "OIL") == code
    assert codes.normalise(code.replace("OIL", "01L").lower(), "OIL") == code


def test_a_code_of_another_city_is_not_ours() -> None:
    assert codes.normalise(codes.valid_code("HN", "7F3K92"), "PK") is None


@pytest.mark.parametrize("written", ["", "-", "PK", "PK-", "7", "<b>", "PK-7F3K-92U" * 9, "ổ gà trước nhà", "\0\0\0"])
def test_what_is_no_code_is_none_and_near_nothing(written: str) -> None:
    assert codes.normalise(written, "PK") is None
    assert codes.near(written, "PK") == []


@given(st.text(max_size=30))
def test_anything_typed_has_an_answer(written: str) -> None:
    for prefix in (None, "PK"):
        found = codes.normalise(written, prefix)
        assert found is None or codes.normalise(found, prefix) == found
        assert all(codes.normalise(code, prefix) == code for code in codes.near(written, prefix))


def test_new_codes_are_valid_and_differ() -> None:
    drawn = {codes.new_tracking_code("PK") for _ in range(200)}
    assert len(drawn) == 200
    assert all(codes.normalise(code) == code for code in drawn)


def test_an_owner_key_belongs_to_one_code() -> None:
    key = codes.owner_key("PK-7F3K-92D")
    assert key == codes.owner_key("PK-7F3K-92D") != codes.owner_key("PK-7F3K-92E")
    assert codes.is_owner_key(key, "PK-7F3K-92D")
    assert not codes.is_owner_key(key, "PK-7F3K-92E")
    assert not codes.is_owner_key("", "PK-7F3K-92D")


def test_a_secret_matches_its_own_hash_only() -> None:
    secret = codes.new_secret()
    assert codes.matches(secret, codes.secret_hash(secret))
    assert not codes.matches(secret + "x", codes.secret_hash(secret))
    assert not codes.matches("khóa\ud800", codes.secret_hash(secret))
    assert secret not in codes.secret_hash(secret)
