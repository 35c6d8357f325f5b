"""Working time at a terminal: when a limit ends, and how much lies between two moments, each with its explanation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import Any

import click

import words.working_time as said
from cases import calendars, city, city_file
from cases import working_time as counting
from cases.working_time import Account, BeyondCalendars, Calendar, Measure
from cases.working_time.calendar import FIRST_YEAR, LAST_YEAR
from engine.base import transaction
from terminal.printing import Open

#: No limit of a city is longer, in whatever unit.
MOST = 1_000_000

_YEARS_BEYOND = 1


class Moment(click.ParamType[datetime]):
    """A moment in ISO 8601; without an offset it is one of the city."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it."""
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is no moment. Write it as 2026-01-28T09:00 or 2026-01-28T09:00+07:00.", param, ctx)
        if not FIRST_YEAR < moment.year < LAST_YEAR:
            self.fail(f"“{value}” is not between the years {FIRST_YEAR} and {LAST_YEAR}.", param, ctx)
        return moment


class Number(click.ParamType[Decimal]):
    """A decimal number; a negative one counts back."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read it."""
        try:
            number = Decimal(value)
        except DecimalException:
            number = Decimal("NaN")
        if not number.is_finite() or not -MOST <= number <= MOST:
            self.fail(f"“{value}” is no number between -{MOST:,} and {MOST:,}.", param, ctx)
        return number


@dataclass(frozen=True)
class Office:
    """A calendar and the city's words for its days."""

    calendar: Calendar
    file: city_file.CityFile

    def there(self, at: datetime) -> datetime:
        """A moment without an offset is one of the city."""
        return at if at.tzinfo else at.replace(tzinfo=self.calendar.time_zone)


def _common(command: Callable[..., None]) -> Callable[..., None]:
    options = (
        click.option("--calendar", "code", required=True, help="A calendar of the city, by its code."),
        click.option(
            "--city-file",
            "path",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Count with the calendars of this file [those of the loaded city].",
        ),
        click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True),
        click.option("--language", type=click.Choice(["en", "vi"]), default="en", show_default=True),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group("working-time")
def working_time() -> None:
    """Count with the office hours and holidays of the city."""


@working_time.command()
@_common
@click.option("--from", "start", type=Moment(), required=True, help="Where to begin, in ISO 8601.")
@click.option("--working-days", type=Number(), help="So many working days; negative ones count back.")
@click.option("--working-hours", type=Number(), help="So many hours of open office.")
@click.option("--working-minutes", type=Number(), help="So many minutes of open office.")
@click.option("--hours", type=Number(), help="So many hours by the clock.")
@click.pass_obj
def add(
    open_application: Open,
    /,
    code: str,
    path: Path | None,
    form: str,
    language: str,
    start: datetime,
    **limits: Decimal | None,
) -> None:
    """When a limit ends that begins at a moment, and why then."""
    measure, amount = _limit(limits)
    with open_application():
        office = _office(code, path)
        begin = office.there(start)
        try:
            count = counting.start_for if amount < 0 else counting.due
            result = count(office.calendar, begin, abs(amount), measure)
            told = counting.account(office.calendar, begin, result)
        except BeyondCalendars as error:
            raise click.ClickException(f"{error}.") from error
        except (ValueError, OverflowError) as error:
            raise click.UsageError(f"{amount} {measure.replace('_', ' ')} cannot be counted: {error}.") from error
        _print(office, told, {"moment": _iso(office, result)}, form, language)


@working_time.command()
@_common
@click.option("--from", "start", type=Moment(), required=True, help="The one moment, in ISO 8601.")
@click.option("--to", "end", type=Moment(), required=True, help="The other moment; it may be the earlier one.")
@click.pass_obj
def between(
    open_application: Open,
    /,
    code: str,
    path: Path | None,
    form: str,
    language: str,
    start: datetime,
    end: datetime,
) -> None:
    """How long the office is open between two moments; negative when the second is the earlier one."""
    with open_application():
        office = _office(code, path)
        begin, finish = office.there(start), office.there(end)
        try:
            told = counting.account(office.calendar, begin, finish)
        except (BeyondCalendars, OverflowError) as error:
            raise click.ClickException(f"{error}.") from error
        sign = -1 if finish < begin else 1
        figures = {
            "working_days": sign * told.days,
            "working_hours": round(sign * told.time.total_seconds() / 3600, 4),
        }
        _print(office, told, figures, form, language)


def _limit(limits: dict[str, Decimal | None]) -> tuple[Measure, Decimal]:
    given = [(Measure(name), amount) for name, amount in limits.items() if amount is not None]
    if len(given) != 1:
        options = ", ".join(f"--{measure.replace('_', '-')}" for measure in Measure)
        raise click.UsageError(f"Give one limit: {options}.")
    return given[0]


def _office(code: str, path: Path | None) -> Office:
    """The calendar asked for. Raises: click.ClickException when there is none of this code."""
    if path:
        file = city_file.read(path)
    else:
        with transaction():
            file = city.kept_file()
    entry = next((one for one in file.calendars if one.code == code), None)
    if entry is None:
        known = ", ".join(one.code for one in file.calendars)
        raise click.ClickException(f"There is no calendar “{code}”. There are: {known}.")
    return Office(calendars.build(entry, file), file)


def _iso(office: Office, at: datetime) -> str:
    return at.astimezone(office.calendar.time_zone).isoformat(timespec="seconds")


def _print(office: Office, told: Account, figures: dict[str, Any], form: str, language: str) -> None:
    first, last = told.start.year - _YEARS_BEYOND, told.end.year + _YEARS_BEYOND
    names = calendars.day_names(office.file, language, years=range(first, last + 1))
    sentences = said.explanation(told, names, locale=language)
    if form == "text":
        for name, value in figures.items():
            click.echo(f"{name}: {value}" if len(figures) > 1 else value)
        click.echo("\n".join(f"  {sentence}" for sentence in sentences))
        return
    days_off = [
        {"first": off.first.isoformat(), "last": off.last.isoformat(), "reason": off.reason} for off in told.days_off
    ]
    whole = {
        **figures,
        "calendar": office.calendar.code,
        "from": _iso(office, told.start),
        "to": _iso(office, told.end),
        "days_off": days_off,
        "explanation": sentences,
    }
    click.echo(json.dumps(whole, ensure_ascii=False, indent=2))
