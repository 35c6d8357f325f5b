"""A case from intake to publication by the people who do it, in a real browser, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import FilePayload
from sqlalchemy import select

from cases.models import Case
from engine.base import session, transaction
from engine.models import UserTask
from tests import town as cast
from tests.web.staff.browsing import complaints, inhabit, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PEOPLE = (cast.INTAKE, cast.LEADER, cast.OFFICIAL, cast.SUPERVISOR, "designer1", "admin")
DESK, PHONE = (1280, 800), (360, 800)


@pytest.fixture
def window(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window of the size the test asks for; errors of scripts fail the test."""
    width, height = getattr(request, "param", DESK)
    context = browser.new_context(viewport={"width": width, "height": height}, timezone_id="Asia/Ho_Chi_Minh")
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def begun(app: Flask, locale: str = "vi") -> str:
    """A city with one new report; its tracking code."""
    inhabit(app, *PEOPLE, locale=locale)
    with app.app_context(), transaction():
        return cast.report(photos=[cast.photo("red", (640, 480))]).tracking_code


def status(app: Flask, code: str) -> str:
    """Where the case stands."""
    with app.app_context():
        return session().scalars(select(Case.status).where(Case.tracking_code == code)).one()


def open_first(page: Page, url: str, view: str) -> None:
    """Open the first row of a view."""
    page.goto(f"{url}/work?view={view}")
    page.click("[data-row] >> nth=0")
    page.wait_for_url("**/work/tasks/*")


def complete(page: Page) -> None:
    """Press the button of the form."""
    page.click("form[data-task] .btn-primary")
    page.wait_for_load_state("load")


@pytest.mark.parametrize(
    ("window", "locale"), [(DESK, "vi"), (PHONE, "en"), (DESK, "en"), (PHONE, "vi")], indirect=["window"]
)
def test_a_case_goes_from_intake_to_publication(own_app: Flask, live_url: str, window: Page, locale: str) -> None:
    code, page = begun(own_app, locale), window
    found: list[str] = []

    sign_in(page, live_url, cast.INTAKE)
    found += complaints(page)
    open_first(page, live_url, "intake")
    found += complaints(page)
    page.check("[name=decision][value=accept]")
    complete(page)
    found += complaints(page)
    assert status(own_app, code) == "received"

    sign_in(page, live_url, cast.LEADER)
    open_first(page, live_url, "unit")
    page.check("[name=assignment][value=assign]")
    page.select_option("[name=official]", cast.OFFICIAL)
    found += complaints(page)
    complete(page)
    assert status(own_app, code) == "in_progress"

    sign_in(page, live_url, cast.OFFICIAL)
    open_first(page, live_url, "mine")
    page.check("[name=outcome][value=done]")
    page.fill("[name=result_text]", "Đã vá ổ gà bằng bê tông nhựa nguội, mặt đường phẳng.")
    photo = FilePayload(name="after.jpg", mimeType="image/jpeg", buffer=cast.photo("green", (640, 480)).content)
    page.set_input_files("#f-photos", photo)
    page.wait_for_selector("[data-thumbs] img")
    found += complaints(page)
    complete(page)
    assert status(own_app, code) == "awaiting_approval"

    sign_in(page, live_url, cast.LEADER)
    page.goto(f"{live_url}/work/approve")
    found += complaints(page)
    page.click(".approval-acts .btn-primary")
    page.wait_for_selector(".toast")
    found += complaints(page)

    sign_in(page, live_url, cast.INTAKE)
    open_first(page, live_url, "unit")
    page.check("[name=publish][value=publish]")
    page.fill("[name=public_title]", "Đã vá ổ gà trên đường Lê Lợi")
    assert page.input_value("[name=public_text]").startswith("Đã vá ổ gà bằng bê tông")
    found += complaints(page)
    complete(page)
    assert status(own_app, code) == "resolved"

    page.goto(f"{live_url}/work/c/{code}")
    found += complaints(page)
    assert found == []


@pytest.mark.parametrize(("window", "locale"), [(DESK, "vi"), (PHONE, "en")], indirect=["window"])
def test_every_room_can_be_used_by_everybody(own_app: Flask, live_url: str, window: Page, locale: str) -> None:
    code, found = begun(own_app, locale), list[str]()
    rooms = {
        cast.SUPERVISOR: [
            *(f"/work/c/{code}{section}" for section in ("", "/tasks", "/process", "/files", "/notes", "/log")),
            f"/work/c/{code}/cancellation", "/work?view=overdue", "/work/search", "/work/search?q=duong&status=submitted",
            "/work/search?category=pothole&status=closed", "/work/messages", "/insight?period=90&ranking=1", "/insight/report", "/insight/process", "/insight/process/report_case", "/insight/process/report_case/steps/resolve",
        ],
        "designer1": ["/design", "/design/new", "/design/report_case/1", "/design/report_case/1/activation"],
        "admin": ["/admin", "/admin/incidents", "/me"],
    }  # fmt: skip

    for username, paths in rooms.items():
        sign_in(window, live_url, username)
        for path in paths:
            window.goto(live_url + path)
            found += complaints(window)

    assert found == []


@pytest.mark.parametrize(("window", "locale"), [(DESK, "en"), (PHONE, "vi")], indirect=["window"])
def test_a_task_without_a_case_is_done_like_any_other(own_app: Flask, live_url: str, window: Page, locale: str) -> None:
    inhabit(own_app, cast.CREW, locale=locale)
    with own_app.app_context(), transaction():
        task_id = cast.round_of_the_lamps().id
    sign_in(window, live_url, cast.CREW)
    open_first(window, live_url, "unit")
    found = complaints(window)
    window.fill("[name=lamps]", "3")
    complete(window)
    window.goto(f"{live_url}/work/tasks/{task_id}")
    found += complaints(window)
    assert found == []
    with own_app.app_context():
        assert session().get_one(UserTask, task_id).answers == {"lamps": 3}


def test_a_report_is_accepted_without_a_mouse(own_app: Flask, live_url: str, window: Page) -> None:
    code = begun(own_app)
    with own_app.app_context(), transaction():
        other = cast.report(text="Đèn đường trước trường học không sáng ba đêm.", category="street-light").tracking_code
    sign_in(window, live_url, cast.INTAKE)
    first = window.locator("[data-row]").first.get_attribute("href")

    window.keyboard.press("j")
    window.keyboard.press("Enter")
    window.wait_for_url("**/work/tasks/*")
    assert first is not None
    assert first.split("?")[0] in window.url
    window.keyboard.press("1")
    window.keyboard.press("Control+Enter")

    window.wait_for_selector(".toast")
    assert sorted([status(own_app, code), status(own_app, other)]) == ["received", "submitted"]
    assert "/work/tasks/" in window.url
    assert first.split("?")[0] not in window.url


def test_letters_typed_into_a_field_are_no_shortcuts(own_app: Flask, live_url: str, window: Page) -> None:
    begun(own_app)
    sign_in(window, live_url, cast.INTAKE)
    open_first(window, live_url, "intake")
    address = window.url

    window.focus("[name=internal_note]")
    window.keyboard.type("jnkxp123")

    assert window.input_value("[name=internal_note]") == "jnkxp123"
    assert window.url == address
    assert window.locator("[name=decision]:checked").count() == 0


def test_the_list_is_searched_while_typing_and_the_caret_stays(own_app: Flask, live_url: str, window: Page) -> None:
    begun(own_app)
    with own_app.app_context(), transaction():
        cast.report(text="Đèn đường trước trường học không sáng ba đêm.", category="street-light")
    sign_in(window, live_url, cast.INTAKE)
    assert window.locator("[data-row]").count() == 2

    window.keyboard.press("/")
    window.keyboard.type("den duong")

    window.wait_for_url("**q=den*")
    assert window.locator("[data-row]").count() == 1
    assert "Đèn đường" in window.inner_text("[data-row]")
    assert window.evaluate("document.activeElement.id") == "q"
    assert window.input_value("#q") == "den duong"
    assert "q=den" in window.url


def test_questions_appear_with_the_choice_that_asks_them(own_app: Flask, live_url: str, window: Page) -> None:
    begun(own_app)
    sign_in(window, live_url, cast.INTAKE)
    open_first(window, live_url, "intake")
    assert not window.is_visible("[name=refusal_reason]")

    window.check("[name=decision][value=refuse]")

    assert window.is_visible("[name=refusal_reason]")
    assert window.is_visible("[name=message]")
    assert not window.is_visible("[name=unit]")


def test_a_phone_shows_the_list_or_the_task(own_app: Flask, live_url: str, browser: Browser) -> None:
    begun(own_app)
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    sign_in(page, live_url, cast.INTAKE)
    assert page.is_visible(".pane-list")
    assert not page.is_visible(".pane-detail")

    page.click("[data-row]")
    page.wait_for_url("**/work/tasks/*")
    assert not page.is_visible(".pane-list")
    page.click(".pane-back a")
    page.wait_for_url("**/work?*")
    assert page.is_visible(".pane-list")
    context.close()


def test_a_task_is_completed_without_scripts(own_app: Flask, live_url: str, browser: Browser) -> None:
    code = begun(own_app)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_url, cast.INTAKE)
    open_first(page, live_url, "intake")
    assert page.is_visible("[name=refusal_reason]")

    page.check("[name=decision][value=accept]")
    complete(page)

    assert status(own_app, code) == "received"
    context.close()


def test_the_drawing_shows_where_the_case_is(own_app: Flask, live_url: str, window: Page) -> None:
    code = begun(own_app)
    sign_in(window, live_url, cast.INTAKE)
    window.goto(f"{live_url}/work/c/{code}/process")

    window.wait_for_selector(".diagram .mark-on")
    assert window.locator(".diagram .djs-element.token").get_attribute("data-element-id") == "intake_check"
    assert window.locator(".diagram .djs-element.visited").count() >= 3
