"""The video wall: legible from where people stand, its displays let in and sent away, and nothing private on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cases import attachments, corrections, displays
from cases.displays import Geometry
from cases.models import Attachment, Case
from engine import clock
from engine.base import session, transaction
from engine.errors import Invalid
from engine.models import Definition
from tests import town as cast
from tests.conftest import Client
from tests.web.staff.browsing import complaints, inhabit, sign_in
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Page
from web.pages.wall_boards import BOARDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Window


# ------------------------------------------------------------------------------------------------------------ geometry


@pytest.mark.parametrize(
    ("cols", "width", "size"),
    [(1, 1920, 60), (4, 3840, 30), (4, 7680, 60)],
    ids=["one panel", "one signal", "whole wall"],
)
def test_the_smallest_letters_are_as_large_as_measured(cols: int, width: int, size: int) -> None:
    assert Geometry(cols=cols).unit_share * width == pytest.approx(size, abs=0.6)


@given(st.integers(1, 12), st.floats(10, 300), st.floats(0.5, 50))
def test_letters_grow_with_distance_and_shrink_with_larger_panels(cols: int, diag: float, dist: float) -> None:
    share = Geometry(cols=cols, diag=diag, dist=dist).unit_share
    assert share > 0
    assert Geometry(cols=cols, diag=diag, dist=dist * 2).unit_share == pytest.approx(share * 2)
    assert Geometry(cols=cols, diag=diag * 2, dist=dist).unit_share == pytest.approx(share / 2)


def test_a_geometry_that_cannot_be_is_refused_with_all_that_is_wrong() -> None:
    with pytest.raises(Invalid) as refused:
        displays.geometry("0", "x", "5", "nan")
    assert [one.where for one in refused.value.problems] == ["cols", "rows", "diag", "dist"]


# -------------------------------------------------------------------------------------------------------------- boards


@pytest.fixture
def late(town: Definition, frozen_clock: datetime) -> Iterator[str]:
    """Two weeks later: a case that is late, and one nobody may read; the code of the first."""
    with transaction():
        code = cast.accepted().tracking_code
        cast.report(category="public-service", text="Cán bộ một cửa hẹn bốn lần không trả hồ sơ.")
    cast.counted()
    with clock.at(frozen_clock + timedelta(days=14)):
        yield code


def test_every_board_says_what_there_is(desk: DeskOf, late: str) -> None:
    page = desk(cast.SUPERVISOR).get("/wall?lang=en")
    assert "Overdue now 2 of 2 open" in page.text
    assert late in page.text
    assert "Wards and communes, 30 days" in page.text
    assert "Pothole, road damage" in page.text
    assert page.source.count('class="board on"') == 1


def test_an_empty_city_has_boards_too(desk: DeskOf) -> None:
    assert "Nothing is overdue." in desk(cast.SUPERVISOR).get("/wall?lang=en").text


def test_nothing_private_is_on_it(desk: DeskOf, late: str) -> None:
    page = desk(cast.SUPERVISOR).get("/wall")
    told = [cast.TEXT, "Ổ gà rất sâu", "một cửa", "Lê Lợi", *cast.REPORTER.values(), cast.OFFICIAL]
    assert [one for one in told if one in page.source] == []
    assert "public-service" not in page.source


def test_guests_see_no_comparison_of_wards(desk: DeskOf, late: str) -> None:
    assert "board-areas" not in desk(cast.SUPERVISOR).get("/wall?guest=1").source


def test_the_map_shows_what_is_under_way_where_the_public_may_know_it(desk: DeskOf, late: str) -> None:
    page = desk(cast.SUPERVISOR).get("/wall?board=map&lang=en")
    assert page.source.count('class="pin pin-overdue"') == 2  # the case, and the legend; not the one nobody may read
    assert "Overdue 1" in page.text
    assert "New in 24 hours 0" in page.text


def test_results_are_shown_off_with_photos_of_before_and_after(desk: DeskOf, town: Definition) -> None:
    assert "No result with photos" in desk(cast.SUPERVISOR).get("/wall?board=results&lang=en").text
    with transaction():
        case = cast.accepted(photos=[cast.photo("red")])
        attachments.keep(case, attachments.read(cast.photo("green").content), kind="result", by=cast.OFFICIAL)
        session().flush()
        ids = [str(one) for one in session().scalars(select(Attachment.id).where(Attachment.case_id == case.id))]
        cast.resolve(case, photo_ids=ids)
    page = desk(cast.SUPERVISOR).get("/wall?board=results&lang=en")
    assert "Đã vá ổ gà trên đường Lê Lợi" in page.text
    assert [f"/photos/{one}/large" in page.source for one in ids] == [True, True]
    with transaction():
        corrections.withdraw(case, "Ảnh có biển số xe", by=cast.SUPERVISOR)
    assert "Đã vá ổ gà" not in desk(cast.SUPERVISOR).get("/wall?board=results&lang=en").text


def test_the_trend_has_twelve_weeks_and_the_goal(desk: DeskOf, late: str) -> None:
    page = desk(cast.SUPERVISOR).get("/wall?board=trend&lang=en")
    assert "Received, 12 weeks 2" in page.text
    assert "Goal: " in page.text


def urgent_case() -> Case:
    with transaction():
        case = cast.report().case
        cast.do(case, "intake_check", cast.INTAKE, decision="accept", urgency="urgent")
    return case


def test_what_is_urgent_comes_first_until_somebody_has_it(desk: DeskOf, town: Definition) -> None:
    case = urgent_case()
    page = desk(cast.SUPERVISOR).get("/wall?board=map&lang=en")
    assert page.source.index('id="board-urgent"') < page.source.index('id="board-map"')
    assert f'data-urgent="{case.tracking_code}"' in page.source
    assert "board-urgent" not in desk(cast.SUPERVISOR).get("/wall?board=map&guest=1").source
    with transaction():
        cast.do(case, "assign", cast.LEADER, assignment="assign", official=cast.OFFICIAL)
    assert "board-urgent" not in desk(cast.SUPERVISOR).get("/wall").source


def test_what_was_urgent_long_ago_is_told_by_its_deadline(
    desk: DeskOf, town: Definition, frozen_clock: datetime
) -> None:
    urgent_case()
    with clock.at(frozen_clock + timedelta(hours=5)):
        assert "board-urgent" not in desk(cast.SUPERVISOR).get("/wall").source


def test_boards_are_chosen_by_number_or_name(desk: DeskOf, late: str) -> None:
    page = desk(cast.SUPERVISOR).get("/wall?board=3,categories&every=10")
    assert "board-late" in page.source
    assert "board-today" not in page.source
    assert 'data-every="10"' in page.source


@pytest.mark.parametrize("asked", ["board=99", "every=1", "every=x", "cols=99", "dist=-1"])
def test_an_address_that_cannot_be_is_refused(desk: DeskOf, asked: str) -> None:
    assert desk(cast.SUPERVISOR).get(f"/wall?{asked}").status == 422


# ------------------------------------------------------------------------------------------------------------ displays


def added(desk: DeskOf) -> str:
    """The path of a new display."""
    page = desk("admin").post("/admin/displays", name="Phòng điều hành")
    address = page.source.split('class="secret">')[1].split("<")[0]
    return f"/{address.split('/', 3)[3]}"


def test_a_display_shows_the_wall_without_anybody_signing_in(app: Flask, desk: DeskOf, late: str) -> None:
    path, display = added(desk), Client(app, app.response_class)
    answer = display.get(f"{path}?cols=4&dist=5&_external=1&_scheme=ftp")
    assert answer.headers["Location"] == "/wall?cols=4&dist=5"
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "Path=/wall" in answer.headers["Set-Cookie"]
    assert late in Page(display.get("/wall")).text
    assert display.get("/insight").status_code == 302
    assert "Phòng điều hành" in desk("admin").get("/admin/displays").text


def test_a_display_that_was_revoked_shows_nothing(app: Flask, desk: DeskOf, late: str) -> None:
    path, display = added(desk), Client(app, app.response_class)
    display.get(path)
    number = displays.every()[0].id
    desk("admin").post(f"/admin/displays/{number}/revocation")
    assert display.get("/wall").status_code == 302
    assert display.get(path).status_code == 404
    assert "revoked" in desk("admin").get("/admin/displays").text


def test_no_other_secret_opens_it(app: Flask, town: Definition) -> None:
    client = Client(app, app.response_class)
    client.set_cookie("caseway-display", "x" * 32, path="/wall")
    assert client.get("/wall").status_code == 302
    assert client.get("/wall/displays/nonsense").status_code == 404


def test_a_display_has_a_name(desk: DeskOf) -> None:
    assert desk("admin").post("/admin/displays", name=" ").status == 422
    assert desk("admin").post("/admin/displays", name="x" * 101).status == 422
    assert desk("admin").post("/admin/displays/4711/revocation").status == 404


def test_officials_neither_see_nor_manage_it(desk: DeskOf) -> None:
    for path in ("/wall", "/admin/displays"):
        assert desk(cast.OFFICIAL).get(path).status == 403


# ------------------------------------------------------------------------------------------------------------- browser

SIZES = [(1280, 720, 1), (1920, 1080, 1), (3840, 2160, 4)]
SMALL = """() => {
  const u = parseFloat(getComputedStyle(document.querySelector(".foot")).fontSize);
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    if (text && parseFloat(getComputedStyle(walker.currentNode.parentElement).fontSize) < u - 0.1) found.push(text);
  }
  return found;
}"""


#: Tiles whose content is wider or higher than they are.
CUT_OFF = """() => [...document.querySelectorAll(".board.on .tile")]
  .filter((tile) => tile.scrollWidth > tile.clientWidth || tile.scrollHeight > tile.clientHeight)
  .map((tile) => `cut off: ${tile.textContent}`)"""


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize(("width", "height", "cols"), SIZES)
def test_everybody_reads_every_board_from_afar(
    own_app: Flask, live_url: str, browser: Browser, locale: str, width: int, height: int, cols: int
) -> None:
    inhabit(own_app, cast.SUPERVISOR, locale=locale)
    with own_app.app_context():
        with transaction():
            cast.resolved()
            cast.report()
        cast.counted()
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    sign_in(page, live_url, cast.SUPERVISOR)
    found: list[str] = []
    page.goto(f"{live_url}/wall?cols={cols}&lang={locale}&every=3600")
    unit = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.foot')).fontSize)")
    for _board in BOARDS:
        found += complaints(page)
        found += page.evaluate(SMALL)
        found += page.evaluate(CUT_OFF)
        page.keyboard.press("ArrowRight")
    assert found == []
    assert unit == pytest.approx(Geometry(cols=cols).unit_share * width, rel=0.01)
    context.close()


def test_a_wall_that_hears_nothing_says_so_and_greys_its_numbers(
    own_app: Flask, live_url: str, browser: Browser
) -> None:
    inhabit(own_app, cast.SUPERVISOR, locale="en")
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page: Window = context.new_page()
    sign_in(page, live_url, cast.SUPERVISOR)
    page.clock.install()
    page.goto(f"{live_url}/wall?lang=en&every=10")
    page.locator("[data-link]", has_text="Online").wait_for()
    page.clock.run_for(11_000)
    assert page.evaluate("document.querySelector('.board.on').id") == "board-map"
    context.set_offline(True)
    page.clock.run_for(65_000)
    page.wait_for_selector("body.stale")
    assert "CONNECTION LOST since" in page.inner_text("[data-link]")
    context.set_offline(False)
    page.clock.run_for(31_000)
    page.wait_for_selector("body:not(.lost)")
    context.close()


def test_the_wall_turns_to_what_is_urgent_once_and_goes_on(own_app: Flask, live_url: str, browser: Browser) -> None:
    inhabit(own_app, cast.SUPERVISOR, locale="en")
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page: Window = context.new_page()
    sign_in(page, live_url, cast.SUPERVISOR)
    page.clock.install()
    page.goto(f"{live_url}/wall?lang=en&every=10&board=map,late")
    on = "document.querySelector('.board.on').id"
    page.locator("[data-link]", has_text="Online").wait_for()
    assert page.evaluate(on) == "board-map"

    with own_app.app_context():
        urgent_case()
    page.clock.run_for(31_000)
    page.locator("#board-urgent.on").wait_for()
    page.clock.run_for(25_000)
    assert page.evaluate(on) == "board-urgent"
    page.clock.run_for(15_000)
    assert page.evaluate(on) != "board-urgent"
    context.close()


def test_what_was_urgent_before_does_not_come_to_the_front_again(
    own_app: Flask, live_url: str, browser: Browser
) -> None:
    inhabit(own_app, cast.SUPERVISOR, locale="en")
    with own_app.app_context():
        urgent_case()
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page: Window = context.new_page()
    sign_in(page, live_url, cast.SUPERVISOR)
    page.clock.install()
    page.goto(f"{live_url}/wall?lang=en&every=3600&board=map")
    page.locator("#board-urgent.on").wait_for()
    page.keyboard.press("ArrowRight")
    with page.expect_response(lambda answer: "/wall?" in answer.url):
        page.clock.run_for(31_000)
    page.locator("#board-map.on").wait_for()
    assert page.locator("#board-urgent.on").count() == 0
    context.close()
