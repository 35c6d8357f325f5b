"""Half a year behind the stories: some hundred cases that were decided, so that figures of months and of wards say something.

Each is drawn by chance (the same ones every time) and lives alone, in one transaction, from its report to its end; beside a
city that works already. What is there is left alone: it may be stopped and started again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from cases import inbox, owner, performance
from cases.demo import stories
from cases.demo.living import Life, Steps
from cases.demo.paths import PATHS
from cases.demo.stories import Reporter, Story
from cases.importing import life
from cases.models import Report, Setting
from engine import clock
from engine.base import session, transaction

FILE = Path(__file__).with_name("past.toml")
CASES = 534
CHANCE = 20260102
#: How many days ago they were decided.
NEWEST, OLDEST = 1.5, 175.0
#: How the cases end, in a hundred.
ENDS = {"silent": 50, "satisfied": 33, "partly": 3, "reopened_closed": 4, "refused": 7, "withdrawn": 3}
#: Of a hundred promises, those that were broken.
LATE = 7
#: The share of the time between two steps after which somebody takes on the next one.
TAKEN_ON = (0.3, 0.9)
_KEY = "demo_past"
_ID = "demo-past-{number}"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: what is reported about it, and what is done."""

    category: str
    weight: int
    texts: list[str]
    results: list[str]
    drawing: str = ""


@dataclass(frozen=True)
class Told:
    """What the file says."""

    streets: dict[str, list[str]]
    shares: dict[str, int]
    kinds: list[Kind]
    said: dict[str, list[str]]


def read() -> Told:
    """The kinds, places and words of the past."""
    written: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    kinds = [Kind(**one) for one in written["kinds"]]
    return Told(written["streets"], written["shares"], kinds, written["said"])


def is_lived() -> bool:
    """Whether the past has been written into this database."""
    return session().get(Setting, _KEY) is not None


def live(*, cases: int = CASES, progress: Callable[[int], None]) -> None:
    """Let the cases of the past happen, one after the other; `progress` is told of each that is there."""
    reporters, told = stories.read()[0], read()
    for number in range(cases):
        with transaction():
            if not _is_there(number):
                _live(_life(number, told, reporters))
        session().expunge_all()
        progress(1)
    performance.refresh()
    with transaction():
        session().merge(Setting(key=_KEY, value={"cases": cases}, changed_at=clock.now()))


def story(number: int, told: Told, rng: Random) -> Story:
    """One past case. Its number gives its day: the newest come first, for those are looked at first."""
    kind = rng.choices(told.kinds, [one.weight for one in told.kinds])[0]
    area = rng.choices(list(told.shares), list(told.shares.values()))[0]
    place = _place(rng.choice(told.streets[area]), rng)
    path = rng.choices(list(ENDS), list(ENDS.values()))[0]
    said = {name: rng.choice(texts) for name, texts in told.said.items()}
    return Story(
        path=path,
        category=kind.category,
        area=area,
        address=place,
        text=rng.choice(kind.texts).format(place=place),
        by=rng.randrange(1, 11) if path != "silent" else 0,
        days=round(NEWEST + (OLDEST - NEWEST) * (number + rng.random()) / CASES, 2),
        pace=_pace(rng),
        accept=rng.uniform(1.05, 1.6) if rng.randrange(100) < LATE else None,
        drawing=kind.drawing if rng.random() < 0.5 else "",  # half of the reporters send a photo
        result=rng.choice(kind.results),
        second_result=said["again"],
        stars=rng.choice((4, 5, 5)) if path == "satisfied" else 2 if path != "silent" else None,
        comment=said.get({"satisfied": "satisfied", "partly": "partly"}.get(path, "not_fixed"), ""),
        second_comment=said["satisfied"],
        reason="insufficient" if path == "refused" else "",
        message=said["withdrawn" if path == "withdrawn" else "refused"],
    )


def _place(street: str, rng: Random) -> str:
    named = street if street[0].islower() else f"đường {street}"
    return rng.choice(
        (f"{named}, gần số {rng.randrange(2, 260)}", f"hẻm {rng.randrange(2, 90)} {named}", f"cuối {named}")
    )


def _pace(rng: Random) -> float:
    """The share of the promised time that was used: most keep their word with some to spare."""
    return rng.uniform(1.05, 1.7) if rng.randrange(100) < LATE else rng.betavariate(2.2, 2.4) * 0.9 + 0.06


def _is_there(number: int) -> bool:
    found = select(Report.id).where(Report.external_id == _ID.format(number=number))
    return session().scalar(found) is not None


def _life(number: int, told: Told, reporters: list[Reporter]) -> Life:
    rng = Random(CHANCE + number)  # noqa: S311  # no secret
    drawn = story(number, told, rng)
    accepting, resolving = stories.paces(drawn, clock.now())
    reporter = reporters[drawn.by - 1] if drawn.by else None
    return Life(drawn, rng, reporter, accepting, resolving, {}, external_id=_ID.format(number=number))


def _live(alone: Life) -> None:
    """From the report to the end or to now; its timers ring in between, those of others do not."""
    now, before = clock.now(), alone.accepting.opened_at
    for moment in _moments(alone):
        if moment > now:
            break
        if alone.sent is not None:
            _take_on(alone, before + (moment - before) * alone.rng.uniform(*TAKEN_ON))
            life.pass_time(alone.case, moment)
        before = moment
    life.pass_time(alone.case, now)


def _take_on(alone: Life, moment: datetime) -> None:
    """Somebody takes on what is open before it is done, so that waiting and working can be told apart."""
    life.pass_time(alone.case, moment)
    with clock.at(moment):
        for task in alone.open_tasks():
            if task.assignee != owner.REPORTER:
                inbox.claim(task.id, person=alone.actor(task))


def _moments(alone: Life) -> Iterator[datetime]:
    """Take step after step, each at its moment, which is told before it is taken."""
    steps = _all_steps(alone)
    moment = next(steps, None)
    while moment is not None:
        yield moment
        with clock.at(moment):
            following = next(steps, None)
        moment = following if following is None else max(following, moment + timedelta(minutes=2))


def _all_steps(alone: Life) -> Steps:
    yield from alone.report()
    yield from PATHS[alone.story.path](alone)
