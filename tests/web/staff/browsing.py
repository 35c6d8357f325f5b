"""People at a real browser: signing in, and looking whether everybody could use a page."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import Flask

from cases import accounts
from engine.base import transaction
from settings import ROOT
from tests import town as cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD = "mặt hồ phẳng lặng"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def inhabit(app: Flask, *usernames: str, locale: str = "vi") -> None:
    """Found the city for real, and let these people sign in; their keys are switched on."""
    with app.app_context(), transaction():
        cast.found()
        for username in usernames:
            person = cast.person(username)
            accounts.set_password(person, PASSWORD)
            person.locale, person.shortcuts = locale, "on"


def sign_in(page: Page, url: str, username: str) -> None:
    """Sign out whoever is there, and in as somebody else."""
    page.context.clear_cookies()
    page.goto(f"{url}/sign-in?next=/work")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main .btn-primary")
    page.wait_for_url("**/work*")


def complaints(page: Page) -> list[str]:
    """What axe finds on the page as it stands, and whether it is wider than the screen."""
    page.evaluate("document.fonts.ready")
    page.evaluate(_axe())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    said = [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found]
    too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{page.url} {one}" for one in [*said, *(["wider than the screen"] if too_wide else [])]]


@cache
def _axe() -> str:
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
