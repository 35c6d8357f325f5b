"""The browser of the tests: found or unpacked, and it shows Vietnamese."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from servers import browser as browsers
from servers.places import ServerError

if TYPE_CHECKING:
    from playwright.sync_api import Page

STREET = "Đèn đường không sáng ở hẻm 12 Lê Lợi"


def test_a_page_in_vietnamese_is_shown(page: Page, tmp_path: Path) -> None:
    page.set_content(f"<html lang=vi><title>Caseway</title><h1>{STREET}</h1><h2>&nbsp;</h2>")
    assert page.inner_text("h1") == STREET
    assert page.evaluate("navigator.language") == "vi-VN"
    shown = page.locator("h1").screenshot(path=tmp_path / "shown.png")
    empty = page.locator("h2").screenshot()
    assert len(shown) > 2 * len(empty)


def test_each_window_forgets_the_one_before(page: Page) -> None:
    assert page.context.cookies() == []


def test_a_browser_named_by_the_operator_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/opt/chromium/chrome")
    assert browsers.chromium()[0] == Path("/opt/chromium/chrome")


def test_a_machine_without_a_browser_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(browsers, "NAMES", ())
    monkeypatch.setattr(browsers, "PACKAGE", tmp_path / "none")
    with pytest.raises(ServerError, match="CHROMIUM"):
        browsers.chromium(tmp_path)
