"""The screens of operators in a real browser: fit for everybody on a desk and a phone, moving on by themselves or without scripts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from cases import redating, redating_work
from cases.own_days import OwnDay
from engine import definitions, jobs, migration, overview
from engine.base import session, transaction
from engine.models import Instance, Job
from tests import town as cast
from tests.engine import test_beginnings as beginning
from tests.web.staff.browsing import complaints, inhabit, sign_in
from tests.web.staff.test_in_the_browser import DESK, PHONE, window
from tests.web.staff.test_running_pages import WHY, demo, failing, stands, two

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["window"]

LONG = "Một ghi chú rất dài về ổ gà trên đường Lê Lợi, dài hơn một dòng của màn hình điện thoại."
#: One process that begins in all ways.
WAYS = [("plain", ""), ("asked", beginning.CAUGHT), ("daily", beginning.daily()), ("thrice", beginning.daily("R3/P1D"))]


@pytest.mark.parametrize(("window", "locale"), [(DESK, "en"), (PHONE, "vi")], indirect=["window"])
def test_every_screen_of_operators_can_be_used_by_everybody(
    own_app: Flask, live_url: str, window: Page, locale: str
) -> None:
    inhabit(own_app, "admin", locale=locale)
    with own_app.app_context():
        paths = screens()
    sign_in(window, live_url, "admin")
    found: list[str] = []

    for path in paths:
        window.goto(live_url + path)
        found += complaints(window)

    assert found == []


def screens() -> list[str]:
    """The addresses of all screens, with something on each."""
    with transaction():
        drawn = cast.accepted().instance_id or 0
    made = [
        demo(failing(), key=f"D-{number}", amount="many", note=LONG, tags=["a"], is_wet=True) for number in range(2)
    ]
    jobs.run_waiting()
    job = session().query(Job).filter_by(instance_id=made[0].id).one().id
    incident = overview.open_incidents([made[0].id])[0].id
    uid = next(one.uid for one in overview.waits(drawn) if one.kind == "task")
    with transaction():
        definitions.deploy({"demo.bpmn": two()}, by="mai")
        definitions.deploy({"many.bpmn": beginning.drawn(*WAYS).replace(b'id="demo"', b'id="many"')}, by="mai")
        batch = migration.start(migration.plan("demo", to=2), by="admin", reason=LONG).id
        day = OwnDay("off", date(2026, 11, 26), date(2026, 11, 26), "Nghỉ bù", "Day in lieu")
        applied = redating.plan_day(day, LONG, by="admin").id
    with transaction():
        redating_work.apply(applied, by="admin")
    with transaction():
        seen = redating.plan_without(0, LONG, by="admin").id
    one = f"/admin/instances/{drawn}"
    return [
        "/admin", "/admin/calendars", f"/admin/redatings/{applied}", f"/admin/redatings/{seen}", "/admin/instances", one, f"/admin/instances/{made[0].id}", f"{one}/cancellation", f"{one}/tokens/{uid}",
        f"/admin/instances/{made[0].id}/variables", "/admin/incidents", f"/admin/incidents/{incident}/alike",
        f"/admin/jobs/{job}/skip", "/admin/jobs", "/admin/log", "/admin/messages", "/admin/processes", "/admin/processes/demo/suspension", "/admin/processes/many/instances",
        "/admin/processes/demo/migration?to=2", "/admin/processes/demo/migration?to=1&source=1", "/admin/migrations",
        f"/admin/migrations/{batch}", f"/admin/migrations/{batch}/reversal",
    ]  # fmt: skip


def test_a_migration_is_followed_without_reloading(own_app: Flask, live_url: str, window: Page) -> None:
    inhabit(own_app, "admin", locale="en")
    with own_app.app_context():
        instance = demo(two())
        with transaction():
            definitions.deploy({"demo.bpmn": two("check", "second")}, by="mai")
    sign_in(window, live_url, "admin")
    window.goto(f"{live_url}/admin/processes/demo/migration?to=2")
    window.select_option("[name=map-first]", "check")
    window.click("main form .btn-secondary")
    window.fill("[name=reason]", WHY)
    window.click("main form .btn-primary >> nth=-1")
    window.wait_for_selector("#progress >> text=0 of 1 instances")

    with own_app.app_context():
        jobs.run_waiting()

    window.wait_for_selector("#progress >> text=1 of 1 instances")
    assert window.locator("#progress[hx-get]").count() == 0
    with own_app.app_context():
        assert stands(session().get_one(Instance, instance.id)) == ["check"]


def test_an_instance_is_mended_without_scripts(own_app: Flask, live_url: str, browser: Browser) -> None:
    inhabit(own_app, "admin", locale="en")
    with own_app.app_context():
        instance = demo(two(), street="Lê Lợi")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_url, "admin")

    page.goto(f"{live_url}/admin/instances/{instance.id}")
    page.click("text=Move it")
    page.select_option("[name=to]", "second")
    page.fill("[name=reason]", WHY)
    page.click("main form .btn-primary")
    page.click("text=Change variables")
    page.fill("[name=v-street]", "Quang Trung")
    page.fill("[name=reason]", WHY)
    page.click("main form .btn-primary")
    page.wait_for_selector("td >> text=Quang Trung")
    context.close()

    with own_app.app_context():
        found = session().get_one(Instance, instance.id)
        assert stands(found) == ["second"]
        assert overview.inside(found).variables == {"street": "Quang Trung"}
