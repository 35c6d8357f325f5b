"""The video wall: legible from where people stand, its displays let in and sent away, and nothing private on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from cases import displays
from cases.displays import Geometry
from engine import clock
from engine.base import transaction
from engine.errors import Invalid
from engine.models import Definition
from tests import town as cast
from tests.conftest import Client
from tests.web.staff.browsing import complaints, inhabit, sign_in
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Page

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


def test_boards_are_chosen_by_number_or_name(desk: DeskOf, late: str) -> None:
    page = desk(cast.SUPERVISOR).get("/wall?board=2,categories&every=10")
    assert "board-late" in page.source
    assert "board-today" not in page.source
    assert 'data-every="10"' in page.source


@pytest.mark.parametrize("asked", ["board=9", "every=1", "every=x", "cols=99", "dist=-1"])
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
    for _board in range(4):
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
    assert page.evaluate("document.querySelector('.board.on').id") == "board-late"
    context.set_offline(True)
    page.clock.run_for(65_000)
    page.wait_for_selector("body.stale")
    assert "CONNECTION LOST since" in page.inner_text("[data-link]")
    context.set_offline(False)
    page.clock.run_for(31_000)
    page.wait_for_selector("body:not(.lost)")
    context.close()
