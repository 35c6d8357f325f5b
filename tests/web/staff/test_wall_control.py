"""Steering the walls: who may, what they show then, and that it ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from cases import wall_orders
from cases.models import Case
from engine import clock
from engine.base import transaction
from engine.models import Definition
from tests import town as cast
from tests.conftest import Client
from tests.web.staff.browsing import complaints, inhabit, sign_in
from tests.web.staff.conftest import DeskOf
from tests.web.staff.test_wall import CUT_OFF, added

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def front(desk: DeskOf) -> tuple[str | None, bool]:
    told = desk(cast.SUPERVISOR).client.get("/wall/state").get_json()
    return told["front"], told["paused"]


def test_a_board_is_brought_to_every_wall_and_let_go_again(desk: DeskOf, town: Definition) -> None:
    reader = desk(cast.SUPERVISOR)
    assert front(desk) == (None, False)

    assert reader.post("/wall/control", board="trend").status == 303
    assert front(desk) == ("board-trend", True)
    assert "board-trend" in reader.get("/wall?board=map").source, "also where its address does not name it"
    assert "One board is shown until" in reader.get("/wall/control").text

    reader.post("/wall/control", act="go")
    assert front(desk) == (None, False)
    assert "The boards take turns." in reader.get("/wall/control").text


def test_the_walls_stand_still_and_go_on_by_themselves_after_an_hour(
    desk: DeskOf, town: Definition, frozen_clock: datetime
) -> None:
    desk(cast.SUPERVISOR).post("/wall/control", act="pause")
    before = desk(cast.SUPERVISOR).client.get("/wall/state").get_json()["version"]
    assert front(desk) == (None, True)

    with clock.at(frozen_clock + timedelta(hours=1)):
        assert front(desk) == (None, False)
        assert desk(cast.SUPERVISOR).client.get("/wall/state").get_json()["version"] != before


def test_a_case_is_put_in_the_spotlight_for_five_minutes(desk: DeskOf, assigned: Case, frozen_clock: datetime) -> None:
    reader = desk(cast.SUPERVISOR)
    assert "Show on the walls" in reader.get(f"/work/c/{assigned.tracking_code}").text

    assert reader.post(f"/work/c/{assigned.tracking_code}/spotlight").status == 303

    page = reader.get("/wall?lang=en&board=map")
    assert front(desk) == ("board-spotlight", False)
    assert page.source.index("board-spotlight") < page.source.index("board-map")
    assert assigned.tracking_code in page.text
    assert [told for told in (cast.TEXT, "Lê Lợi", cast.OFFICIAL) if told in page.source] == []
    assert f"Case {assigned.tracking_code} is shown until" in reader.get("/wall/control").text
    with clock.at(frozen_clock + timedelta(minutes=5)):
        assert "board-spotlight" not in reader.get("/wall").source


def test_what_not_everybody_may_see_is_not_put_on_the_walls(desk: DeskOf, town: Definition) -> None:
    with transaction():
        hidden = cast.report(category="public-service", text="Cán bộ một cửa hẹn bốn lần không trả hồ sơ.").case
    reader = desk(cast.SUPERVISOR)

    assert "Show on the walls" not in reader.get(f"/work/c/{hidden.tracking_code}").text
    assert reader.post(f"/work/c/{hidden.tracking_code}/spotlight").status == 403
    assert front(desk) == (None, False)


def test_a_case_that_became_sensitive_meanwhile_leaves_the_walls(desk: DeskOf, assigned: Case) -> None:
    with transaction():
        wall_orders.spotlight(assigned)
    with transaction():
        assigned.is_sensitive = True
    assert "board-spotlight" not in desk(cast.SUPERVISOR).get("/wall").source


@pytest.mark.parametrize("board", ["moon", "x" * 500, "urgent"])
def test_a_board_nobody_knows_is_refused(desk: DeskOf, board: str) -> None:
    assert desk(cast.SUPERVISOR).post("/wall/control", board=board).status == 422
    assert front(desk) == (None, False)


def test_displays_may_ask_and_not_steer(app: Flask, desk: DeskOf, town: Definition) -> None:
    display = Client(app, app.response_class)
    assert display.get("/wall/state").status_code == 302
    display.get(added(desk))
    assert display.get("/wall/state").get_json()["front"] is None
    assert display.get("/wall/control").status_code == 302
    assert desk(cast.OFFICIAL).get("/wall/control").status == 403


def test_a_wall_follows_within_seconds(own_app: Flask, live_url: str, browser: Browser) -> None:
    inhabit(own_app, cast.SUPERVISOR, locale="en")
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page, tablet = context.new_page(), context.new_page()
    sign_in(page, live_url, cast.SUPERVISOR)
    page.clock.install()
    with page.expect_response("**/wall/state"):
        page.goto(f"{live_url}/wall?lang=en&every=3600&board=map,late")

    tablet.set_viewport_size({"width": 360, "height": 740})
    tablet.goto(f"{live_url}/wall/control")
    found = complaints(tablet)
    tablet.click("button[value=late]")
    page.clock.run_for(5_000)
    page.locator("#board-late.on").wait_for()
    with own_app.app_context(), transaction():
        wall_orders.spotlight(cast.accepted())
    page.clock.run_for(5_000)
    page.locator("#board-spotlight.on").wait_for()
    found += page.evaluate(CUT_OFF)
    tablet.click("button[value=go]")
    page.clock.run_for(5_000)
    page.locator("[data-link]", has_text="Online").wait_for()
    assert found == []
    context.close()
