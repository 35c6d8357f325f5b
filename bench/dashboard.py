"""The figures of performance: a dashboard over many cases and over few, and how soon what happens is in them.

The sums are drawn by the database as so many cases would leave them: every unit, area, category and channel on every day, and of
the days long ago, which no dashboard asks for singly, only the larger blocks. CASES and FEW set the sizes.
"""

# ruff: noqa: S608  # statements put together of our own words

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Flask, current_app
from sqlalchemy import text

from bench.report import line
from bench.world import World, world
from cases import city, city_file, performance, reports
from cases.performance import folding
from cases.performance.measures import GRAINS, Count
from cases.reports import NewReport
from engine import clock
from engine.base import db, session, transaction
from settings import ROOT
from web.pages.staff import insight
from wsgi import create_app

MANY, FEW = int(os.environ.get("CASES", "10000000")), int(os.environ.get("FEW", "100000"))
YEARS, OPEN_OF = 5, 50
ROUNDS = 15
SINGLE_DAYS = 460
LOAD_S = 12.0
#: Numbers of keys in each cube, and how many kinds of keys a unit divides into (cube 5).
_KEYS = """
WITH one AS (
    SELECT 0 AS cube, 0 AS u, 0 AS a, 0 AS c, '' AS ch, 1.0 AS share
    UNION ALL SELECT 1, id, 0, 0, '', 1.0 / count(*) OVER () FROM unit
    UNION ALL SELECT 2, 0, id, 0, '', 1.0 / count(*) OVER () FROM area
    UNION ALL SELECT 3, 0, 0, id, '', 1.0 / count(*) OVER () FROM category
    UNION ALL SELECT 4, 0, 0, 0, ch, 0.2 FROM unnest(ARRAY['web', 'phone', 'app', 'zalo', 'email']) ch
    UNION ALL SELECT 5, unit.id, 0, category.id, '', 1.0 / count(*) OVER () FROM unit, category
), cell AS (
    SELECT one.*, grain, block, :cases * share * grain / :days AS n FROM one, unnest(CAST(:grains AS int[])) grain,
        generate_series((:today - :days) / grain, :today / grain) block
    WHERE grain > 1 OR block > :today - :single
)
"""
_CELLS = text(
    _KEYS
    + """
INSERT INTO kpi_cell (cube, grain, block, unit_id, area_id, category_id, channel, official, counts)
SELECT cube, grain, block, u, a, c, ch, '', ARRAY(
    SELECT CASE WHEN m < :open THEN ceil(n * (0.3 + 0.6 * random())) ELSE floor(n / :open_of + random()) END::int
    FROM generate_series(0, :counts - 1) m)
FROM cell WHERE n >= 1 OR random() < n
"""
)
_SPREADS = text(
    _KEYS
    + """
INSERT INTO kpi_spread (cube, grain, block, unit_id, area_id, category_id, channel, official, measure, buckets)
SELECT cube, grain, block, u, a, c, ch, '', measure, (
    SELECT string_agg(substring(int4send(150 + 2 * b) FROM 3) || int4send(ceil(n / least(ceil(n), 300))::int), '')
    FROM generate_series(1, least(ceil(n), 300)::int) b)
FROM cell, generate_series(64, 71) measure WHERE n >= 1 OR random() < n
"""
)
_CASES = text("""
INSERT INTO kpi_case (case_id, unit_id, area_id, category_id, channel, official, parts, remind_at, due_at, resolve_due_at)
SELECT n, (SELECT min(id) FROM unit) + n % 30, 0, 1, 'web', '', '', due - interval '4 hours', due, due
FROM generate_series(1, CAST(:cases AS int) / :open_of) n,
    LATERAL (SELECT now() + (random() - 0.3) * interval '40 days' AS due) d
""")


def dashboard() -> None:
    """Ms until the figures are there: the city, each unit, category and area, this month beside the one before; and pages."""
    with world() as made:
        many, few = _filled(made, "many", MANY), _filled(made, "few", FEW)
        for name, ask in (ASKED | PAGES).items():
            took: dict[Flask, list[float]] = {many: [], few: []}
            for number in range(ROUNDS + 1):
                for app, figures in took.items():
                    figure = _timed(app, ask)
                    if number:  # the first round warms the caches
                        figures.append(figure)
            ours, base = (statistics.median(figures) for figures in took.values())
            unit = f"ms for the {'page' if name in PAGES else 'figures'} of {MANY} cases"
            line(name, ours, base, unit=unit, base_is=f"{FEW} cases", n=ROUNDS)


def _month(**asked: Any) -> None:
    to_on = clock.now().date()
    from_on = to_on - timedelta(days=29)
    performance.summary(
        from_on=from_on,
        to_on=to_on,
        before=(from_on - timedelta(days=30), from_on - timedelta(days=1)),
        is_brief=True,
        **{"by": insight.EVERY_LINE} | asked,
    )


def _year() -> None:
    to_on = clock.now().date()
    performance.summary(from_on=to_on - timedelta(days=364), to_on=to_on, by=insight.EVERY_LINE, is_brief=True)


def _unit() -> None:
    _month(unit="dien-hong", by=performance.USUAL)  # as the page, which lists no areas of a unit


def _page(path: str) -> None:
    """A whole page as a supervisor gets it, from the request to the last letter.

    Raises: RuntimeError when it is not given.
    """
    client = current_app.test_client()
    with client.session_transaction() as signed_in:
        signed_in["username"] = "supervisor"
    if (answer := client.get(path)).status_code != HTTPStatus.OK:
        raise RuntimeError(f"{path}: {answer.status}")


ASKED: dict[str, Callable[[], None]] = {
    "dashboard_month": _month,
    "dashboard_year": _year,
    "dashboard_unit": _unit,
}
PAGES: dict[str, Callable[[], None]] = {
    "insight_page": partial(_page, "/insight?period=30"),
    "public_page": partial(_page, "/performance?days=90"),
}


def _timed(app: Flask, ask: Callable[[], None]) -> float:
    with app.app_context():
        began = time.perf_counter()
        ask()
        return (time.perf_counter() - began) * 1000


def _filled(made: World, name: str, cases: int) -> Flask:
    """The same city in a database of its own, with the sums of so many cases."""
    with made.app.app_context():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        url = db.engine.url.set(database=name).render_as_string(hide_password=False)
    app = create_app(replace(made.settings, database_url=url))
    with app.app_context():
        db.create_all()
        with transaction():
            city.load(city_file.read(ROOT / "cities/pleiku/city.toml"))
        asked = {
            "cases": cases, "days": YEARS * 365, "today": clock.now().date().toordinal(), "grains": list(GRAINS),
            "single": SINGLE_DAYS, "open": int(Count.OPEN), "open_of": OPEN_OF, "counts": len(Count),
        }  # fmt: skip
        with transaction():
            for statement in (_CELLS, _SPREADS, _CASES):
                session().execute(statement, asked)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return app


# --------------------------------------------------------------------------------------------------------- freshness


def freshness() -> None:
    """Seconds until a change is in the figures while reports come in as fast as one process takes them, and folding alone."""
    with world() as made, made.app.app_context():
        command = [sys.executable, "-m", "cli", "clock"]
        with subprocess.Popen(command, cwd=ROOT, env=made.environment(), stderr=subprocess.DEVNULL) as ticking:  # noqa: S603  # our own program
            over = threading.Event()
            waited: list[float] = []
            watch = threading.Thread(target=_watch, args=(made.app, over, waited))
            watch.start()
            taken = _report_for(LOAD_S)
            over.set()
            watch.join()
            ticking.terminate()
        line("figures_fresh", max(waited), 5.0, unit="seconds until a change is in the figures, at most",
             base_is="what is promised", n=taken)  # fmt: skip
        with transaction():
            marked = folding.mark_all(anew=True)
        began = time.perf_counter()
        performance.refresh(wait=True)
        line("figures_folded", marked / (time.perf_counter() - began), taken / LOAD_S,
             unit="cases folded per second", base_is="reports taken in per second, a clock beside them", n=marked)  # fmt: skip


def _report_for(seconds: float) -> int:
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        with transaction():
            reports.submit(
                NewReport(text=f"Ổ gà rất sâu số {number}", category="pothole", latitude=13.9785, longitude=107.997)
            )
    return number


def _watch(app: Flask, over: threading.Event, waited: list[float]) -> None:
    """Note how long each mark that was seen stayed."""
    seen: dict[int, float] = {}
    with app.app_context(), db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while seen or not over.is_set():
            now = time.monotonic()
            there = set(connection.scalars(text("SELECT id FROM kpi_dirty")))
            waited += [now - seen.pop(gone) for gone in seen.keys() - there]
            seen.update(dict.fromkeys(there - seen.keys(), now))
            over.wait(0.05)
