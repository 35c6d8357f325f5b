"""Signing in, passwords and keys."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from cases import accounts
from cases.accounts import WrongCredentials
from cases.models import ApiKey, Person
from engine import clock
from engine.base import session
from engine.errors import Invalid
from tests import town

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask


@pytest.fixture
def lan(app: Flask, frozen_clock: datetime) -> Person:
    """An official with a password."""
    town.found()
    person = town.person(town.OFFICIAL)
    accounts.set_password(person, "mưa rào tháng bảy")
    return person


def test_name_and_password_open_the_account(lan: Person, frozen_clock: datetime) -> None:
    assert accounts.authenticate(f" {town.OFFICIAL.upper()} ", "mưa rào tháng bảy") is lan
    assert lan.signed_in_at == frozen_clock


def test_a_password_typed_with_separate_accents_is_the_same(lan: Person) -> None:
    assert accounts.authenticate(town.OFFICIAL, "mu\u031ba ra\u0300o tha\u0301ng ba\u0309y") is lan


@pytest.mark.parametrize(
    ("username", "password"),
    [
        (town.OFFICIAL, "wrong password"),
        (town.OFFICIAL, ""),
        (town.OFFICIAL, "x" * 100_000),
        ("nobody", "mưa rào tháng bảy"),
        ("no\0body", "mưa rào tháng bảy"),
        (town.LEADER, ""),
        (town.LEADER, "mưa rào tháng bảy"),
    ],
)
def test_anything_else_is_refused_alike(lan: Person, username: str, password: str) -> None:
    with pytest.raises(WrongCredentials) as refused:
        accounts.authenticate(username, password)
    assert str(refused.value) == "The name or the password is wrong."
    assert lan.signed_in_at is None


def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(lan: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    really = accounts._fits

    def noted(kept: str, password: str) -> bool:
        checked.append(kept)
        return really(kept, password)

    monkeypatch.setattr(accounts, "_fits", noted)
    for username in (town.OFFICIAL, "nobody", town.LEADER):
        with pytest.raises(WrongCredentials):
            accounts.authenticate(username, "wrong password")
    assert len(checked) == 3
    assert all(kept.startswith("$argon2id$") for kept in checked)


def test_an_account_that_is_not_active_is_refused(lan: Person) -> None:
    lan.is_active = False
    with pytest.raises(WrongCredentials):
        accounts.authenticate(town.OFFICIAL, "mưa rào tháng bảy")
    assert accounts.by_id(lan.id) is None


@pytest.mark.parametrize(("password", "code"), [("ngắn", "too_short"), ("dài" * 100, "too_long")])
def test_a_password_must_be_long_enough_and_not_too_long(lan: Person, password: str, code: str) -> None:
    before = lan.password_hash
    with pytest.raises(Invalid) as refused:
        accounts.set_password(lan, password)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert lan.password_hash == before


def test_a_password_hashed_more_cheaply_is_hashed_anew_at_the_next_signing_in(
    lan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    lan.password_hash = cheap.hash("mưa rào tháng bảy")
    accounts.authenticate(town.OFFICIAL, "mưa rào tháng bảy")
    assert not accounts._hasher.check_needs_rehash(lan.password_hash)


def test_a_key_has_the_rights_of_its_person_and_only_its_hash_is_kept(lan: Person, frozen_clock: datetime) -> None:
    secret = accounts.issue_api_key(lan, "lamp inventory")
    kept = session().scalars(select(ApiKey)).one()
    assert accounts.person_of_key(secret) is lan
    assert secret.startswith(f"cw_{kept.prefix}_")
    assert secret not in str(vars(kept))
    assert kept.last_used_at == frozen_clock
    assert [key.name for key in accounts.api_keys(lan)] == ["lamp inventory"]


@pytest.mark.parametrize("wrong", ["", "cw_", "cw_12345678_abc", "something", "cw_\ud800"])
def test_what_is_no_key_opens_nothing(lan: Person, wrong: str) -> None:
    accounts.issue_api_key(lan, "lamp inventory")
    assert accounts.person_of_key(wrong) is None


def test_an_expired_or_revoked_key_opens_nothing(lan: Person, frozen_clock: datetime) -> None:
    short = accounts.issue_api_key(lan, "for an hour", expires_at=frozen_clock + timedelta(hours=1))
    other = accounts.issue_api_key(lan, "other")
    assert accounts.person_of_key(short) is lan
    with clock.at(frozen_clock + timedelta(hours=1)):
        assert accounts.person_of_key(short) is None
    accounts.revoke_api_key(lan, accounts.api_keys(lan)[0].id)
    assert accounts.person_of_key(other) is None
    assert accounts.person_of_key(short) is lan


def test_the_key_of_somebody_who_left_opens_nothing(lan: Person) -> None:
    secret = accounts.issue_api_key(lan, "lamp inventory")
    lan.is_active = False
    assert accounts.person_of_key(secret) is None


def test_nobody_revokes_the_key_of_another(lan: Person) -> None:
    secret = accounts.issue_api_key(lan, "lamp inventory")
    with pytest.raises(accounts.ApiKeyNotFound):
        accounts.revoke_api_key(town.person(town.LEADER), accounts.api_keys(lan)[0].id)
    assert accounts.person_of_key(secret) is lan


def test_enrolling_again_changes_the_person_and_keeps_the_password(lan: Person) -> None:
    before = lan.password_hash
    accounts.enrol(
        town.OFFICIAL, full_name="Phạm Thị Suối", email="suoi@pleiku.example", memberships=[("lighting-team", "leader")]
    )
    assert (lan.full_name, lan.password_hash) == ("Phạm Thị Suối", before)
    assert [(one.unit.code, one.role) for one in lan.memberships] == [("lighting-team", "leader")]


@pytest.mark.parametrize("name", ["reporter", "system", "clock"])
def test_names_that_stand_for_no_person_are_not_given_away(lan: Person, name: str) -> None:
    with pytest.raises(Invalid):
        accounts.enrol(name, full_name="X", email="x@pleiku.example", memberships=[])


def test_a_membership_in_an_unknown_unit_or_role_is_refused(lan: Person) -> None:
    wrong = [("atlantis", "leader"), ("ioc", "king")]
    with pytest.raises(Invalid) as refused:
        accounts.enrol("new", full_name="X", email="x@pleiku.example", memberships=wrong)
    assert [problem.params["name"] for problem in refused.value.problems] == ["leader:atlantis", "king:ioc"]
    assert accounts.find("new") is None
