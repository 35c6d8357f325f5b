"""The screens of performance in a real browser, from a phone to a screen of 3840: dashboard, map, public page, wall."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import expect

from engine import clock
from engine.base import transaction
from tests import town as cast
from tests.web.staff.browsing import complaints, inhabit, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SIZES = [(360, 740), (1280, 800), (1920, 1080), (3840, 2160)]
SCREENS = [
    "/insight?period=90&ranking=1",
    "/insight/report?period=90",
    "/insight/process/report_case?period=90",
    "/insight/process/report_case?period=30&against=before",
    "/insight/process/report_case/steps/resolve?period=90",
    "/performance",
    "/work/search?order=risk",
    "/wall?every=3600",
]
LAMP = {"category": "street-light", "text": "Đèn đường trước trường học không sáng đã ba đêm liền."}
#: What leaves the picture, tile or card it belongs to, sideways.
OUTSIDE = """() => [...document.querySelectorAll(".chart span, .chart th, .chart td, .chart rect, .tile, .card")].filter((one) => {
  if (one.closest("[hidden], details:not([open]), .vh") || !one.getClientRects().length) return false;
  if (one.matches(".tile, .card")) return one.scrollWidth > one.clientWidth + 1;
  const room = (one.closest("svg") || one.closest(".chart")).getBoundingClientRect(), own = one.getBoundingClientRect();
  return own.left < room.left - 1 || own.right > room.right + 1;
}).map((one) => `outside: ${one.tagName} ${one.textContent.trim().slice(0, 60)}`)"""


def lived_in(app: Flask) -> None:
    """A city in which something was done in time, something late, something is open, overdue, waiting or refused."""
    with app.app_context():
        now = clock.now()
        for weeks in (5, 3, 2):
            with clock.at(now - timedelta(weeks=weeks)), transaction():
                done = cast.accepted(**(LAMP if weeks == 3 else {}))
                left = cast.accepted()
                refused = cast.report(**LAMP).case
                cast.do(
                    refused, "intake_check", cast.INTAKE, decision="refuse", refusal_reason="insufficient", message="-"
                )
            with clock.at(now - timedelta(weeks=weeks) + timedelta(days=weeks)), transaction():
                cast.resolve(done)
            assert left.closed_at is None
        with transaction():
            cast.report()
        cast.counted()


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_screens_of_performance_can_be_used_by_everybody(
    own_app: Flask, live_url: str, browser: Browser, locale: str, width: int, height: int
) -> None:
    inhabit(own_app, cast.SUPERVISOR, locale=locale)
    lived_in(own_app)
    context = browser.new_context(viewport={"width": width, "height": height}, timezone_id="Asia/Ho_Chi_Minh")
    page, found = context.new_page(), list[str]()
    page.on("pageerror", lambda error: found.append(str(error)))
    sign_in(page, live_url, cast.SUPERVISOR)
    for path in SCREENS:
        page.goto(f"{live_url}{'/en' if locale == 'en' and path == '/performance' else ''}{path}")
        found += complaints(page)
        found += [f"{path} {one}" for one in page.evaluate(OUTSIDE)]
    context.close()
    assert found == []


@pytest.mark.parametrize(("width", "is_beside"), [(1600, True), (360, False)])
def test_two_maps_stand_beside_each_other_and_both_show_what_a_line_is_about(
    own_app: Flask, live_url: str, browser: Browser, width: int, *, is_beside: bool
) -> None:
    inhabit(own_app, cast.SUPERVISOR, locale="en")
    lived_in(own_app)
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    sign_in(page, live_url, cast.SUPERVISOR)
    page.goto(f"{live_url}/insight/process/report_case?period=30&against=before")
    drawings = page.locator("[data-island=diagram]")
    expect(drawings.locator(".djs-container > svg")).to_have_count(2)
    first, second = (drawings.nth(place).bounding_box() for place in (0, 1))
    assert first is not None
    assert second is not None
    assert (second["x"] >= first["x"] + first["width"], second["y"] >= first["y"] + first["height"]) == (
        is_beside,
        not is_beside,
    )
    counted = [
        json.loads(drawings.nth(place).get_attribute("data-heat") or "")["intake_check"]["text"] for place in (0, 1)
    ]
    assert [text.split(" ")[0] for text in counted] == ["7", "3"]  # three each two and three weeks ago, one today
    page.locator("tr[data-element=intake_check]").first.focus()
    expect(page.locator(".djs-element.pointed[data-element-id=intake_check]")).to_have_count(2)
    context.close()
