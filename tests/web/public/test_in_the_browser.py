"""From the start page to the owner's page in a real browser: phone and desk, both languages, with scripts and without.

On every page: no accessibility violation in light and dark, nothing wider than the screen, no error in the console.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from cases.models import Report
from cases.reports import Submitted
from engine.base import session, transaction
from settings import ROOT
from tests import town
from tests.town import DIEN_HONG, INTAKE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TEXT = "Đèn đường trước số 15 không sáng 3 đêm nay, vừa có tai nạn"
PHONE, DESK = 360, 1280
PHOTO: Any = [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": town.photo().content}]
HERE = {"latitude": DIEN_HONG[0], "longitude": DIEN_HONG[1]}


@dataclass
class Window:
    """Somebody's browser window."""

    page: Page
    address: str
    has_scripts: bool = True
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda line: self.said.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def follow(self, selector: str) -> None:
        """Click what leads to another page and wait for it."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def go_on(self) -> None:
        """Press the button of a step."""
        self.follow(".bar button")

    def look(self) -> None:
        """Nothing is wrong with the page as it stands."""
        assert [line for line in self.said if "422" not in line] == []
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            assert self._violations() == [], f"{self.page.url} {scheme}"

    def _violations(self) -> list[str]:
        found: list[dict[str, Any]] = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules}).then(r => r.violations)", RULES
        )
        return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.fixture
def here(request: pytest.FixtureRequest, browser: Browser, live_url: str) -> Iterator[Window]:
    """A window of a width, in a language, with or without scripts; its position is known."""
    width, root, has_scripts = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        java_script_enabled=has_scripts,
        reduced_motion="reduce",
        geolocation=HERE,  # type: ignore[arg-type]  # latitude and longitude are enough
        permissions=["geolocation"],
    )
    context.set_default_timeout(15_000)
    yield Window(context.new_page(), live_url + root, has_scripts)
    context.close()


@pytest.fixture
def cases(own_app: Flask) -> dict[str, str]:
    """The addresses of a city with a case in each state that looks different."""
    with own_app.app_context(), transaction():
        session().expunge(town.found())
        asked, refused, secret = town.report(), town.report(), town.report(category="public-disorder")
        town.do(asked.case, "intake_check", INTAKE, decision="ask", message="Số nhà nào?")
        words = {"refusal_reason": "not-competent", "message": "Việc này do tỉnh giải quyết."}
        town.do(refused.case, "intake_check", INTAKE, decision="refuse", **words)
        resolved = resolved_with_photo()
        owners = {"asked": asked, "judged": resolved, "own": secret}
        public = {"refused": refused, "secret": secret, "result": resolved}
        return {
            **{name: f"/c/{one.tracking_code}?k={one.owner_key}" for name, one in owners.items()},
            **{name: f"/c/{one.tracking_code}" for name, one in public.items()},
            "withdrawn": f"/c/{asked.tracking_code}/withdrawal?k={asked.owner_key}",
        }


def resolved_with_photo() -> Submitted:
    """A published result with the reporter's photo, waiting for judgement."""
    sent = town.report(photos=[town.photo("black")])
    town.do(sent.case, "intake_check", INTAKE, decision="accept")
    town.do(sent.case, "assign", town.LEADER, assignment="assign", official=town.OFFICIAL)
    town.resolve(sent.case, photo_ids=[str(sent.report.attachments[0].id)])
    return sent


def each(*windows: tuple[int, str, bool]) -> pytest.MarkDecorator:
    names = [
        f"{width}{root.replace('/', '-') or '-vi'}{'' if scripts else '-plain'}" for width, root, scripts in windows
    ]
    return pytest.mark.parametrize("here", windows, ids=names, indirect=True)


@each((PHONE, "", True), (DESK, "/en", True), (PHONE, "/en", True), (DESK, "", True))
def test_a_report_is_sent_and_followed(own_app: Flask, cases: dict[str, str], here: Window) -> None:
    here.open("/")
    here.look()
    here.follow(".hero a >> nth=0")
    here.look()

    tell_what(here)
    tell_where(here)
    tell_contact(here)

    assert "/report/done/" in here.page.url
    assert here.page.is_visible("[data-copy] >> nth=0")
    assert here.page.evaluate("Object.keys(localStorage)") == []
    here.look()
    here.follow(".card a.btn-primary")
    here.page.wait_for_selector(f"text={TEXT}")
    here.look()
    assert sent(own_app, "email") == (1, DIEN_HONG)


def tell_what(here: Window) -> None:
    """While one types, the category and the warning appear; a photo is shown."""
    page = here.page
    page.fill("[name=text]", TEXT)
    page.set_input_files("#f-photos", PHOTO)
    page.wait_for_selector("#kind [value=street-light]:checked")
    page.wait_for_selector("#kind [href='tel:115']")
    page.wait_for_selector("[data-thumbs] img")
    assert page.is_hidden("[name=other_category]")
    here.look()
    here.go_on()


def tell_where(here: Window) -> None:
    """The phone knows where it is; the page says who will get the report."""
    here.page.click("[data-geolocate]")
    here.page.wait_for_selector("#outlook dl")
    here.look()
    here.go_on()


@each((PHONE, "", True))
def test_a_position_found_before_the_map_has_come_counts(cases: dict[str, str], here: Window) -> None:
    """On a slow line the button is pressed first; who gets the report is told all the same."""
    held: list[Any] = []
    here.page.route(re.compile(r"/map-[A-Z0-9]+\.js$"), lambda route: held.append(route))  # noqa: PLW0108  # the library marks what it is given
    here.open("/report")
    tell_what(here)
    here.page.click("[data-geolocate]")
    here.page.wait_for_function("document.querySelector('[data-geo-accuracy]').value")
    assert here.page.is_hidden("#outlook dl")

    held.pop().continue_()

    here.page.wait_for_selector("#outlook dl")
    here.look()


def tell_contact(here: Window) -> None:
    """Only the chosen way is asked for; the summary of what is wrong gets the focus."""
    page = here.page
    assert page.is_hidden("[name=contact_email]")
    page.check("[name=contact][value=email]")
    page.fill("[name=contact_email]", "no address")
    here.go_on()
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')")
    here.look()
    page.fill("[name=contact_email]", "hanh@citizen.pleiku.vn")
    here.go_on()


@each((PHONE, "", False), (DESK, "/en", False))
def test_a_report_is_sent_and_followed_without_scripts(own_app: Flask, cases: dict[str, str], here: Window) -> None:
    page = here.page
    here.open("/")
    here.follow(".hero a >> nth=0")
    page.fill("[name=text]", TEXT)
    page.set_input_files("#f-photos", PHOTO)
    here.go_on()
    page.check("[name=category][value=street-light]")
    here.go_on()
    page.select_option("[name=area]", "dien-hong")
    here.go_on()
    page.check("[name=contact][value=none]")
    here.go_on()
    here.follow(".card a.btn-primary")

    page.wait_for_selector(f"text={TEXT}")
    assert sent(own_app, "none") == (1, (None, None))


@each((PHONE, "", True), (DESK, "/en", True))
def test_every_page_is_fit_for_everybody(cases: dict[str, str], here: Window) -> None:
    paths = [
        "/cases",
        "/cases?area=dien-hong&status=closed",
        "/performance",
        "/open-data",
        "/accessibility",
        "/privacy",
        "/c/PK-0000-000",
    ]
    for path in [*paths, *cases.values()]:
        here.open(path)
        here.said[:] = [line for line in here.said if "404" not in line]
        here.look()


@each((PHONE, "", True))
def test_the_map_opens_and_its_points_lead_to_cases(cases: dict[str, str], here: Window) -> None:
    here.open("/cases")
    here.page.click("[data-map-open]")
    point = here.page.wait_for_selector(".leaflet-marker-icon[role=link]")
    here.look()

    assert point is not None
    point.focus()
    here.page.keyboard.press("Enter")

    here.page.wait_for_url(re.compile(r"/c/PK-"))


@each((PHONE, "", True))
def test_the_place_can_be_chosen_with_the_keyboard_alone(cases: dict[str, str], here: Window) -> None:
    page = here.page
    here.open("/report")
    page.fill("[name=text]", TEXT)
    page.wait_for_selector("#kind [value=street-light]:checked")
    here.go_on()
    page.wait_for_selector("[data-move=north]").focus()  # type: ignore[union-attr]  # it is waited for
    page.keyboard.press("Enter")

    page.wait_for_selector("#outlook dl")
    assert page.input_value("[name=lat]") != ""


def sent(app: Flask, way: str) -> tuple[int, tuple[float | None, float | None]]:
    """How many photos the last report has, and where it is."""
    with app.app_context():
        number = session().scalar(select(func.max(Report.id)))
        report = session().get_one(Report, number)
        assert bool(report.contact_email) == (way == "email")
        return len(report.attachments), (report.latitude, report.longitude)
