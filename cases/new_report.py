"""A report as it was sent, and what is wrong with it: everything together, each problem at its field.

Reads the city's rows to know categories and places; writes nothing. What is fine is stored by `cases.reports`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from cases import attachments, city, routing
from cases.attachments import Picture
from cases.models import Category
from cases.routing import Place
from engine.base import session
from engine.errors import Invalid, InvalidReport, Problem

SHORTEST_TEXT, LONGEST_TEXT = 10, 5000
LONGEST_LINE = 300
MOST_PHOTOS = 5
LOCALES = ("vi", "en")

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class PhotoUpload:
    """A photo as it was sent."""

    filename: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """A report as it was sent; `submit` says what is wrong with it.

    A place is coordinates, an address or an area code. `variables` are further facts for the process, from a program
    that brings reports in; what the city itself knows of a case comes first.
    """

    text: str = ""
    category: str = ""
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    address: str | None = None
    area: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    consent_version: str | None = None
    locale: str = ""
    channel: str = "web"
    photos: Sequence[PhotoUpload] = ()
    external_id: str | None = None
    idempotency_key: str | None = None
    received_at: datetime | None = None
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckedReport:
    """A report with nothing to mend: tidied, its category and place found, its photos cleaned."""

    new: NewReport
    category: Category
    place: Place | None
    pictures: tuple[Picture, ...]


def tidied(new: NewReport) -> NewReport:
    """The report without stray blanks and unprintable characters, in a language the city speaks."""
    return replace(
        new,
        text=tidy_text(new.text),
        category=new.category.strip(),
        address=_line(new.address),
        area=_line(new.area),
        contact_name=_line(new.contact_name),
        contact_email=_line(new.contact_email),
        contact_phone=_line(new.contact_phone),
        locale=new.locale if new.locale in LOCALES else city.settings().locale,
        external_id=_line(new.external_id),
        idempotency_key=_line(new.idempotency_key),
    )


def tidy_text(written: str | None) -> str:
    """Text as it is stored: composed characters, no unprintable ones, no blanks around it."""
    composed = unicodedata.normalize("NFC", (written or "").replace("\r\n", "\n").replace("\r", "\n"))
    return _UNPRINTABLE.sub("", composed).strip()


def _line(written: str | None) -> str | None:
    return " ".join(tidy_text(written).split()) or None


def check(new: NewReport) -> CheckedReport:
    """Find the category and place of a tidied report and clean its photos. Raises: InvalidReport with all problems."""
    problems = [*_in_text(new), *_in_place(new), *_in_lines(new)]
    category, place = _category(new, problems), _place(new, problems)
    email, phone = _email(new, problems), _phone(new, problems)
    photos = pictures(new.photos, problems)
    if problems or category is None:
        raise InvalidReport(problems)
    return CheckedReport(replace(new, contact_email=email, contact_phone=phone), category, place, photos)


def _in_text(new: NewReport) -> Iterator[Problem]:
    if not new.text and not new.photos:
        yield Problem("text", "required")
    elif len(new.text) < SHORTEST_TEXT and not new.photos:
        yield Problem("text", "too_short", {"min": SHORTEST_TEXT})
    elif len(new.text) > LONGEST_TEXT:
        yield Problem("text", "too_long", {"max": LONGEST_TEXT})


def _in_place(new: NewReport) -> Iterator[Problem]:
    given = {"latitude": new.latitude, "longitude": new.longitude}
    numbers = {name: value for name, value in given.items() if value is not None}
    wrong = [name for name, value in numbers.items() if not math.isfinite(value)]
    missing = [name for name in given if name not in numbers]
    south, west, north, east = city.settings().bounding_box
    if wrong:
        yield from (Problem(name, "not_a_number") for name in wrong)
    elif len(missing) == 1 or (missing and not new.address and not new.area):
        yield from (Problem(name, "required") for name in missing)
    elif numbers and not (south <= numbers["latitude"] <= north and west <= numbers["longitude"] <= east):
        yield Problem("latitude", "out_of_area")
    if new.accuracy_m is not None and not (math.isfinite(new.accuracy_m) and new.accuracy_m >= 0):
        yield Problem("accuracy_m", "not_a_number")


def _in_lines(new: NewReport) -> Iterator[Problem]:
    for name in ("address", "contact_name", "external_id", "idempotency_key", "channel"):
        if len(getattr(new, name) or "") > LONGEST_LINE:
            yield Problem(name, "too_long", {"max": LONGEST_LINE})


def _category(new: NewReport, problems: list[Problem]) -> Category | None:
    query = select(Category).where(Category.code == new.category, Category.is_active)
    category = session().scalar(query) if new.category else None
    if category is None:
        problems.append(Problem("category", "unknown" if new.category else "required"))
    return category


def _place(new: NewReport, problems: list[Problem]) -> Place | None:
    """The area that is named; where none is, the one the coordinates lie in."""
    if new.area:
        place = routing.place_of(new.area)
        if place is None:
            problems.append(Problem("area", "unknown"))
        return place
    if problems or new.latitude is None or new.longitude is None:
        return None
    return routing.place_at(new.latitude, new.longitude)


def _email(new: NewReport, problems: list[Problem]) -> str | None:
    """The address as it is stored, its domain in lower case."""
    if not new.contact_email:
        return None
    try:
        return validate_email(new.contact_email, check_deliverability=False).normalized
    except EmailNotValidError:
        problems.append(Problem("contact_email", "bad_email"))
        return None


def _phone(new: NewReport, problems: list[Problem]) -> str | None:
    """The number as it is stored, with that of its country."""
    if not new.contact_phone:
        return None
    try:
        number = phonenumbers.parse(new.contact_phone, city.settings().country)
    except phonenumbers.NumberParseException:
        number = phonenumbers.PhoneNumber()
    if phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    problems.append(Problem("contact_phone", "bad_phone"))
    return None


def pictures(photos: Sequence[PhotoUpload], problems: list[Problem]) -> tuple[Picture, ...]:
    """The photos, cleaned; what is wrong with which of them is added to `problems`."""
    if len(photos) > MOST_PHOTOS:
        problems.append(Problem("photos", "too_many", {"max": MOST_PHOTOS}))
        return ()
    found = []
    for number, photo in enumerate(photos, start=1):
        try:
            found.append(attachments.read(photo.content))
        except Invalid as error:
            said: dict[str, str | int] = {"number": number, "filename": tidy_text(photo.filename)[:100]}
            problems += [Problem(one.where, one.code, {**one.params, **said}) for one in error.problems]
    return tuple(found)
