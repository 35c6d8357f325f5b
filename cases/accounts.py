"""Who signs in, and with what. Passwords and keys are kept as hashes only; sessions belong to the doors."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from cases import access, city
from cases.models import ApiKey, Membership, Person, Role, Unit
from engine import clock
from engine.base import session
from engine.errors import Invalid, NotFound, Problem, Refused

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
KEY_MARK = "cw"
#: A key's last use is written down this precisely, so that reading does not write at every request.
USE_NOTED_EVERY = timedelta(minutes=5)

_hasher = PasswordHasher()
#: Checked when there is no such person, so that an unknown name takes as long to refuse as a wrong password.
_NOBODY = _hasher.hash(secrets.token_urlsafe())


class WrongCredentials(Refused):
    """The name or the password is wrong."""


class PersonNotFound(NotFound):
    """There is no person with this name."""


class ApiKeyNotFound(NotFound):
    """There is no such key."""


# -------------------------------------------------------------------------------------------------------- passwords


def authenticate(username: str, password: str) -> Person:
    """The person of a name and a password; notes the moment of signing in.

    Raises: WrongCredentials, whatever is wrong: name, password, or an account that is not active.
    """
    person = find(username)
    kept = (person.password_hash if person and person.is_active else None) or _NOBODY
    if not _fits(kept, password) or person is None or kept is _NOBODY:
        raise WrongCredentials
    if _hasher.check_needs_rehash(kept):
        person.password_hash = hash_password(password)
    person.signed_in_at = clock.now()
    return person


def set_password(person: Person, password: str) -> None:
    """Give a person a new password.

    Raises: Invalid (too_short, too_long).
    """
    length = len(unicodedata.normalize("NFC", password))
    if length < SHORTEST_PASSWORD:
        raise Invalid([Problem("password", "too_short", {"min": SHORTEST_PASSWORD})])
    if length > LONGEST_PASSWORD:
        raise Invalid([Problem("password", "too_long", {"max": LONGEST_PASSWORD})])
    person.password_hash = hash_password(password)


def hash_password(password: str) -> str:
    """An Argon2id hash; keyboards compose accented letters differently, so composed ones are hashed."""
    return _hasher.hash(unicodedata.normalize("NFC", password))


def _fits(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, unicodedata.normalize("NFC", password[: LONGEST_PASSWORD + 1]))
    except (VerificationError, InvalidHashError):
        return False


# ----------------------------------------------------------------------------------------------------------- people


def find(username: str) -> Person | None:
    """The person with this name; capitals and spaces around it make no difference."""
    return session().scalar(select(Person).where(Person.username == username.replace("\0", "").strip().lower()))


def get(username: str) -> Person:
    """The person with this name.

    Raises: PersonNotFound.
    """
    person = find(username)
    if person is None:
        raise PersonNotFound(username)
    return person


def by_id(person_id: int) -> Person | None:
    """The active person of a signed-in session."""
    person = session().get(Person, person_id)
    return person if person is not None and person.is_active else None


def enrol(
    username: str, *, full_name: str, email: str, memberships: Iterable[tuple[str, str]], locale: str = "vi"
) -> Person:
    """Make a person with these (unit code, role) memberships, or change the one of this name to be so.

    Raises: Invalid (`username` reserved, `memberships` unknown).
    """
    if username in access.RESERVED_NAMES:
        raise Invalid([Problem("username", "reserved_name")])
    wanted = list(dict.fromkeys(memberships))
    units = _units(wanted)
    person = find(username)
    if person is None:
        person = Person(username=username.strip().lower(), created_at=clock.now())
        session().add(person)
    person.full_name, person.sort_key = full_name, city.sort_key(full_name)
    person.email, person.locale = email, locale
    kept = {(membership.unit.code, membership.role): membership for membership in person.memberships}
    person.memberships = [kept.get((code, role)) or Membership(unit=units[code], role=role) for code, role in wanted]
    session().flush()
    return person


def _units(wanted: Iterable[tuple[str, str]]) -> dict[str, Unit]:
    """The units of (unit code, role) pairs. Raises: Invalid for what is no unit or no role."""
    units = {
        unit.code: unit for unit in session().scalars(select(Unit).where(Unit.code.in_([code for code, _ in wanted])))
    }
    unknown = [f"{role}:{code}" for code, role in wanted if code not in units or role not in set(Role)]
    if unknown:
        raise Invalid([Problem("memberships", "unknown", {"name": name}) for name in unknown])
    return units


# ------------------------------------------------------------------------------------------------------------- keys


def issue_api_key(person: Person, name: str, *, expires_at: datetime | None = None) -> str:
    """A new key with the rights of a person; the only time its secret is told."""
    prefix = secrets.token_hex(4)
    secret = f"{KEY_MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    session().add(
        ApiKey(
            person=person,
            name=name,
            prefix=prefix,
            secret_hash=_secret_hash(secret),
            created_at=clock.now(),
            expires_at=expires_at,
        )
    )
    session().flush()
    return secret


def person_of_key(secret: str) -> Person | None:
    """Whose key this is; None for an unknown, expired or revoked key and for a person who is not active."""
    if not secret.startswith(f"{KEY_MARK}_"):
        return None
    now = clock.now()
    key = session().scalar(
        select(ApiKey).where(ApiKey.secret_hash == _secret_hash(secret), ApiKey.revoked_at.is_(None))
    )
    if key is None or (key.expires_at is not None and key.expires_at <= now) or not key.person.is_active:
        return None
    if key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY:
        key.last_used_at = now
    return key.person


def api_keys(person: Person) -> list[ApiKey]:
    """The person's keys that have not been revoked, newest first; no secrets."""
    query = select(ApiKey).where(ApiKey.person_id == person.id, ApiKey.revoked_at.is_(None))
    return list(session().scalars(query.order_by(ApiKey.id.desc())))


def revoke_api_key(person: Person, key_id: int) -> None:
    """End a key of this person.

    Raises: ApiKeyNotFound.
    """
    key = session().get(ApiKey, key_id)
    if key is None or key.person_id != person.id or key.revoked_at is not None:
        raise ApiKeyNotFound(key_id)
    key.revoked_at = clock.now()


def _secret_hash(secret: str) -> str:
    """Keys are long and random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
