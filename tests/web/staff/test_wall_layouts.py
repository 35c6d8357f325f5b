"""Walls as grids of tiles, layouts under names, and what displays are given."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from cases import displays, indicators, wall_layouts
from cases.indicators import Reading
from engine import clock
from engine.base import transaction
from engine.errors import Invalid
from engine.models import Definition
from tests import town as cast
from tests.conftest import Client
from tests.web.staff.browsing import complaints, inhabit, sign_in
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Page
from tests.web.staff.test_wall import CUT_OFF, SMALL, added
from web.pages import wall_asked
from web.pages.wall_asked import Cell

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: Figures that are wide to write.
LONG = (("visitors", 1_284_110, "lượt khách/tháng"), ("pm25", 38.25, "µg/m³"), ("budget", 23_456_789_012, "đồng"))
GRID = "a1:today;b1:late,results;a2-b2:map;c1:kpi.on_time_share;c2:indicator.speed"


# ---------------------------------------------------------------------------------------------------------------- grid


def test_a_grid_says_where_each_tile_stands(desk: DeskOf, town: Definition) -> None:
    cast.accepted()
    page = desk(cast.SUPERVISOR).get(f"/wall?layout={GRID}&lang=en")
    assert page.source.count('class="cell') == 5
    assert "grid-area: 2 / 1 / 3 / 3" in page.source
    assert "--cols:3;--rows:2" in page.source
    assert page.source.count('<article class="part') == 6
    assert page.source.count('<article class="part on') == 5
    assert "board-today" not in page.source
    assert "not handed in yet" in page.text


def test_a_figure_of_one_unit_is_told_with_its_name(desk: DeskOf, town: Definition) -> None:
    cast.accepted()
    cast.counted()
    page = desk(cast.SUPERVISOR).get(
        "/wall?layout=a1:kpi.open_now@dien-hong;b1:kpi.open_now@gao;c1:kpi.open_now@moon&lang=en"
    )
    assert "Open now · Diên Hồng" in page.text.replace("Ward ", "")
    assert "There is no unit moon" in page.text


@pytest.mark.parametrize(
    ("layout", "codes"),
    [
        ("z1:today", ["not_a_place"]), ("a0:today", ["not_a_place"]), ("a13:today", ["not_a_place"]),
        ("b2-a1:today", ["not_a_place"]), ("today", ["not_a_tile", "not_a_place"]), ("a1:", ["not_a_tile"]),
        ("a1:moon,today", ["not_a_tile"]), ("a1:kpi.moon", ["not_a_tile"]), ("a1:kpi.open_age", ["not_a_tile"]),
        ("a1-b2:today;b2:map", ["places_overlap"]), ("a1:today;a1:map;q:moon", ["places_overlap", "not_a_tile", "not_a_place"]),
    ],
)  # fmt: skip
def test_everything_wrong_with_a_grid_is_told_at_once(app: Flask, layout: str, codes: list[str]) -> None:
    with app.test_request_context(), pytest.raises(Invalid) as refused:
        wall_asked.read({"layout": layout})
    assert [one.code for one in refused.value.problems] == codes


@pytest.mark.parametrize(
    ("asked", "field"),
    [("layout=b1:today&cols=1", "layout"), ("layout=a1:today&panel=2,1", "panel"), ("panel=x", "panel"), ("panel=1", "panel")],
)  # fmt: skip
def test_a_grid_fits_into_its_wall(desk: DeskOf, town: Definition, asked: str, field: str) -> None:
    assert desk(cast.SUPERVISOR).get(f"/wall?{asked}").status == 422


places = st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(1, 12), st.integers(1, 12)).map(
    lambda four: Cell(min(four[0], four[2]), min(four[1], four[3]), max(four[0], four[2]), max(four[1], four[3]), ())
)


@given(places, places)
def test_places_overlap_when_they_have_a_panel_in_common(one: Cell, other: Cell) -> None:
    def panels(cell: Cell) -> set[tuple[int, int]]:
        return {(col, row) for col in range(cell.col, cell.last_col + 1) for row in range(cell.row, cell.last_row + 1)}

    assert one.overlaps(other) == bool(panels(one) & panels(other)) == other.overlaps(one)


def test_guests_see_no_comparison_in_a_grid_either(desk: DeskOf, town: Definition) -> None:
    page = desk(cast.SUPERVISOR).get("/wall?layout=a1:areas,today&guest=1&lang=en")
    assert page.source.count('<article class="part') == 1
    assert "Wards and communes" not in page.text


def test_figures_from_elsewhere_have_boards_and_grow_old(
    desk: DeskOf, town: Definition, frozen_clock: datetime
) -> None:
    supervisor = desk(cast.SUPERVISOR)
    assert "board-traffic" not in supervisor.get("/wall").source
    assert "Nothing was handed in for this board yet." in supervisor.get("/wall?board=traffic&lang=en").text
    reading = Reading("traffic", "Tốc độ", 25, "Speed", "km/h", 30, source="Camera", fresh_minutes=10)
    with transaction():
        indicators.hand_in("speed", reading, by="admin")
    page = supervisor.get("/wall?lang=en")
    assert "board-traffic" in page.source
    assert "Speed 25 km/h target 30 km/h · Camera" in page.text
    assert "tile bad" in page.source
    with clock.at(frozen_clock + timedelta(hours=1)):
        page = supervisor.get("/wall?board=traffic&lang=en")
    assert "tile bad old" in page.source
    assert "old: 23/11 08:00" in page.text


# ------------------------------------------------------------------------------------------------------------- layouts


def test_a_layout_is_saved_looked_at_changed_and_removed(desk: DeskOf, town: Definition) -> None:
    admin = desk("admin")
    assert admin.post("/admin/walls/new", name="left-wall", layout="a1:today;b1:late", dist="4").status == 303
    wall = desk(cast.SUPERVISOR).get("/wall/left-wall")
    assert wall.source.count('class="cell') == 2
    assert 'value="4"' in admin.get("/admin/walls/left-wall").source
    first = wall.source.split('data-page="')[1].split('"')[0]
    admin.post("/admin/walls/left-wall", layout="a1:today")
    wall = desk(cast.SUPERVISOR).get("/wall/left-wall?lang=vi")
    assert wall.source.count('class="cell') == 1
    assert first != wall.source.split('data-page="')[1].split('"')[0]
    assert "left-wall" in admin.get("/admin/walls").text
    admin.post("/admin/walls/left-wall/removal")
    assert desk(cast.SUPERVISOR).get("/wall/left-wall").status == 404
    assert admin.get("/admin/walls/left-wall").status == 404


def test_what_the_address_says_goes_before_the_layout(desk: DeskOf, town: Definition) -> None:
    desk("admin").post("/admin/walls/new", name="slow", board="today,late", every="120")
    page = desk(cast.SUPERVISOR).get("/wall/slow?board=map")
    assert 'data-every="120"' in page.source
    assert "board-map" in page.source
    assert "board-today" not in page.source


@pytest.mark.parametrize("name", ["", "Left", "tường", "a b", "control", "x" * 41, "-a"])
def test_a_name_can_stand_in_an_address(desk: DeskOf, town: Definition, name: str) -> None:
    page = desk("admin").post("/admin/walls/new", name=name, layout="a1:moon")
    assert page.status == 422
    assert "moon" in page.text, "what is wrong with the grid is told with it, and nothing is lost"


def test_a_name_is_there_once(desk: DeskOf, town: Definition) -> None:
    admin = desk("admin")
    admin.post("/admin/walls/new", name="left", board="today")
    assert admin.post("/admin/walls/new", name="left", board="late").status == 422
    assert wall_layouts.named("left").shown == "board=today"


def test_a_display_shows_what_it_was_given(app: Flask, desk: DeskOf, town: Definition) -> None:
    path, display = added(desk), Client(app, app.response_class)
    display.get(path)
    number = displays.every()[0].id
    desk("admin").post("/admin/walls/new", name="map-only", board="map")
    supervisor = desk(cast.SUPERVISOR)
    assert "Phòng điều hành" in supervisor.get("/wall/control").text
    supervisor.post(f"/wall/control/displays/{number}", layout="map-only")
    shown = Page(display.get("/wall"))
    assert ("board-map" in shown.source, "board-today" in shown.source) == (True, False)
    desk("admin").post("/admin/walls/map-only/removal")
    assert "board-today" in Page(display.get("/wall")).source
    assert supervisor.post(f"/wall/control/displays/{number}", layout="moon").status == 404
    assert supervisor.post("/wall/control/displays/4711", layout="").status == 404


def test_officials_have_nothing_to_do_with_it(desk: DeskOf, town: Definition) -> None:
    for path in ("/wall/left", "/admin/walls", "/admin/walls/new", "/admin/indicators"):
        assert desk(cast.OFFICIAL).get(path).status == 403
    assert desk(cast.SUPERVISOR).get("/admin/walls").status == 403


# ---------------------------------------------------------------------------------------------- figures from elsewhere


def test_a_figure_is_handed_in_by_hand(desk: DeskOf, town: Definition) -> None:
    admin = desk("admin")
    said = {
        "code": "pm25",
        "board": "environment",
        "name": "Bụi PM2.5",
        "value": "12,5",
        "unit": "µg/m³",
        "target": "25",
    }
    assert admin.post("/admin/indicators", **said, lower_is_better="1", at="2026-11-23T07:30").status == 303
    found = indicators.get("pm25")
    assert (found.value, found.target, found.lower_is_better, f"{found.at:%H:%M}") == (12.5, 25, True, "00:30")
    assert 'value="µg/m³"' in admin.get("/admin/indicators?code=pm25").source
    admin.post("/admin/indicators/pm25/removal")
    assert admin.post("/admin/indicators/pm25/removal").status == 404


def test_everything_wrong_with_it_is_told_and_kept(desk: DeskOf, town: Definition) -> None:
    wrong = {
        "code": "pm25",
        "board": "moon",
        "name": "",
        "value": "much",
        "target": "x",
        "at": "noon",
        "fresh_minutes": "long",
    }
    page = desk("admin").post("/admin/indicators", **wrong)
    assert page.status == 422
    for field in ("board", "name", "value", "target", "at", "fresh_minutes"):
        assert f'href="#f-{field}"' in page.source, field
    assert 'value="much"' in page.source
    assert indicators.every() == []


# ------------------------------------------------------------------------------------------------------------- browser


@pytest.mark.parametrize(("width", "height", "asked"), [(3840, 2160, ""), (1920, 1080, "&panel=2,1")])
def test_a_grid_is_read_from_afar_and_keeps_to_its_panels(
    own_app: Flask, live_url: str, browser: Browser, width: int, height: int, asked: str
) -> None:
    inhabit(own_app, cast.SUPERVISOR)
    with own_app.app_context():
        with transaction():
            cast.accepted()
            for code, value, unit in LONG:
                indicators.hand_in(
                    code, Reading("traffic", f"Rather long name of {code}", value, unit=unit), by="admin"
                )
        cast.counted()
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    sign_in(page, live_url, cast.SUPERVISOR)
    figures = ",".join(f"indicator.{code}" for code, _value, _unit in LONG)
    page.goto(
        f"{live_url}/wall?layout=a1:today;b1:late,areas;a2:categories;b2:kpi.open_now,{figures}{asked}&lang=en&every=3600"
    )
    found = [*complaints(page), *page.evaluate(SMALL), *page.evaluate(CUT_OFF)]
    page.keyboard.press("ArrowRight")
    assert page.locator(".cell").nth(1).locator(".part.on h2").inner_text() == "Wards and communes, 30 days"
    found += [*complaints(page), *page.evaluate(SMALL), *page.evaluate(CUT_OFF)]
    for _turn in LONG:
        page.keyboard.press("ArrowRight")
        found += page.evaluate(CUT_OFF)
    assert found == []
    boxes = page.evaluate(
        "[...document.querySelectorAll('.cell')].map((cell) => { const b = cell.getBoundingClientRect(); return [b.x, b.y, b.width, b.height] })"
    )
    panel = (width, height) if asked else (width / 2, height / 2)
    left = -width if asked else 0
    assert [[round(n) for n in box] for box in boxes] == [
        [left + col * panel[0], row * panel[1], panel[0], panel[1]] for row, col in ((0, 0), (0, 1), (1, 0), (1, 1))
    ]
    context.close()


def test_what_is_urgent_takes_the_middle_of_a_grid(own_app: Flask, live_url: str, browser: Browser) -> None:
    inhabit(own_app, cast.SUPERVISOR, locale="en")
    with own_app.app_context(), transaction():
        case = cast.report().case
        cast.do(case, "intake_check", cast.INTAKE, decision="accept", urgency="urgent")
    context = browser.new_context(viewport={"width": 3840, "height": 1620})
    page = context.new_page()
    sign_in(page, live_url, cast.SUPERVISOR)
    cells = ";".join(f"{col}{row}:today" for col in "abcd" for row in (1, 2, 3))
    page.goto(f"{live_url}/wall?layout={cells}&every=3600")
    box = page.locator("#board-urgent").bounding_box()
    assert box is not None
    assert [round(box["x"]), round(box["y"]), round(box["width"]), round(box["height"])] == [960, 0, 1920, 1080]
    assert page.locator(".cell").first.is_visible()
    assert [*complaints(page), *page.evaluate(SMALL), *page.evaluate(CUT_OFF)] == []
    page.keyboard.press("ArrowRight")
    assert page.locator("#board-urgent").is_hidden()
    context.close()


def test_a_layout_is_seen_while_it_is_written(own_app: Flask, live_url: str, browser: Browser) -> None:
    inhabit(own_app, "admin", locale="en")
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, live_url, "admin")
    page.goto(f"{live_url}/admin/walls/new")
    assert complaints(page) == []
    page.fill("[name=layout]", "a1:today;b1:map")
    frame = page.frame_locator(".wall-preview iframe")
    frame.locator(".cell").nth(1).wait_for()
    assert frame.locator(".cell").count() == 2
    context.close()
