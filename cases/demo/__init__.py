"""The demo: the model city with people who may sign in and cases at every point of their way, all invented.

Everything or nothing: it is written in one transaction, so that nobody, no worker and no clock either, sees half a city.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cases import accounts as people
from cases import city, city_file, performance, shipped
from cases.demo import stories
from cases.demo.living import Life, Stage
from cases.demo.paths import PATHS
from cases.models import Category, Membership, Person, Setting, Unit
from engine import clock
from engine.base import db, session, transaction

PASSWORD = "pleiku-demo"  # noqa: S105  # for trying out; a city that is open to others sets DEMO_PASSWORD
CHANCE = 20260701
#: The city has been there for that long: longer than any report.
CITY_SINCE = timedelta(days=200)
_KEY = "demo"
_CITY_KEY = "city"


class CitySettings(Protocol):
    """What is read of the settings."""

    @property
    def city_file(self) -> Path:
        """The city to load."""


class Account(NamedTuple):
    """Somebody who may sign in to the demo; as text a line for the terminal."""

    username: str
    role: str
    name: str

    def __str__(self) -> str:
        return f"{self.username:<26} {self.role:<38} {self.name}"


def seed(settings: CitySettings, *, reports: bool = True, if_empty: bool = False) -> bool:
    """Load the city, deploy its process if none is active, give everybody the demo password and live the stories.

    A second call does nothing; with `if_empty` neither does the first one on a database that has a city already.
    Returns whether anything was done.
    """
    with transaction():
        if is_seeded() or (if_empty and session().get(Setting, _CITY_KEY) is not None):
            return False
        with _all_at_once():
            _seed(settings, reports=reports)
    performance.refresh()
    return True


def is_seeded() -> bool:
    """Whether the demo has been written into this database."""
    return session().get(Setting, _KEY) is not None


def accounts() -> list[Account]:
    """Everybody who may sign in, in the order of the city file, with their roles."""
    query = select(Person).where(Person.is_active).order_by(Person.id)
    loaded = query.options(selectinload(Person.memberships).selectinload(Membership.unit))
    return [Account(person.username, _roles(person), person.full_name) for person in session().scalars(loaded)]


def password() -> str:
    """The one password of the demo."""
    return os.environ.get("DEMO_PASSWORD") or PASSWORD


def _roles(person: Person) -> str:
    roles: dict[str, list[str]] = {}
    for membership in person.memberships:
        roles.setdefault(membership.role, []).append(membership.unit.code)
    return "; ".join(
        f"{role} {units[0]}" + (f" +{len(units) - 1}" if units[1:] else "") for role, units in roles.items()
    )


@contextmanager
def _all_at_once() -> Iterator[None]:
    """Within the block every transaction is a part of the caller's: what a job or a timer commits is a savepoint."""
    outer = session()
    inner = Session(bind=outer.connection(), join_transaction_mode="create_savepoint", expire_on_commit=False)
    db.session.registry.set(inner)  # type: ignore[arg-type]  # any kind of session will do
    try:
        yield
    finally:
        city.forget()
        inner.close()
        db.session.registry.set(outer)  # type: ignore[arg-type]  # see above


def _seed(settings: CitySettings, *, reports: bool) -> None:
    now = clock.now()
    with clock.at(now - CITY_SINCE), transaction():
        city.load(city_file.read(settings.city_file))
        shipped.deploy_if_missing(by="designer1")
        _set_passwords()
    if reports:
        remembered = _whole_city()
        Stage(now, PATHS).play(_lives())
        del remembered
    with transaction():
        session().add(Setting(key=_KEY, value={"chance": CHANCE, "reports": reports}, changed_at=clock.now()))


def _whole_city() -> list[object]:
    """Everybody and everything of the city; a session reads again what nobody holds on to."""
    loaded = select(Person).options(selectinload(Person.memberships).selectinload(Membership.unit))
    return [*session().scalars(loaded), *session().scalars(select(Unit)), *session().scalars(select(Category))]


def _set_passwords() -> None:
    """Everybody has the same password, so one slow hash will do."""
    kept = people.hash_password(password())
    for person in session().scalars(select(Person).where(Person.password_hash.is_(None))):
        person.password_hash = kept


def _lives() -> list[Life]:
    """The stories with the chances and moments of each; the same ones at every seeding."""
    reporters, told = stories.read()
    cast: dict[str, Life] = {}
    lives = []
    for number, story in enumerate(told):
        accepting, resolving = stories.paces(story, clock.now() - timedelta(minutes=5))
        reporter = reporters[story.by - 1] if story.by else None
        life = Life(story, Random(CHANCE + number), reporter, accepting, resolving, cast)  # noqa: S311  # no secret
        if story.key:
            cast[story.key] = life
        lives.append(life)
    return lives
