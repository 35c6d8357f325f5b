"""Open data on the web: the page, the files at addresses that stay, and nothing else of the machine's files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.datastructures import Headers

from cases import open_data
from engine import clock
from engine.base import transaction
from tests import town
from tests.conftest import MONDAY_MORNING
from tests.web.public.visitor import Visitor


@pytest.fixture
def files(visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The day whose files are there."""
    monkeypatch.setattr("cases.open_data.writing._folder", [tmp_path])
    (tmp_path / "secret.txt").write_text("nothing for the public", encoding="utf-8")
    town.resolved()
    with clock.at(MONDAY_MORNING + timedelta(days=3)), transaction():
        return open_data.write().day.isoformat()


def test_the_page_has_files_roots_and_how_to_check_them(visitor: Visitor, files: str) -> None:
    seen = visitor.open("/open-data")
    assert seen.heading == "Open data"
    root = open_data.history().roots[0].root
    assert root in seen.text
    assert "caseway verify" in seen.text
    assert f"/open-data/{files}/cases.csv" in seen.source


def test_before_the_first_night_it_says_so(visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.open_data.writing._folder", [tmp_path])
    assert "The first files will be here tomorrow morning." in visitor.open("/open-data").text
    assert visitor.client.get("/open-data/latest/cases.csv").status_code == 404


@pytest.mark.parametrize("name", open_data.FILES)
def test_every_file_can_be_fetched_also_by_programs_of_others(visitor: Visitor, files: str, name: str) -> None:
    latest, dated = (fetch(visitor, f"/open-data/{day}/{name}") for day in ("latest", files))
    assert latest[1] == dated[1] != b""
    assert latest[2]["Access-Control-Allow-Origin"] == "*"
    assert fetch(visitor, f"/open-data/{files}/{name}", {"If-None-Match": dated[2]["ETag"]})[0] == 304


def fetch(visitor: Visitor, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes, Headers]:
    """What comes back, read to its end."""
    with visitor.client.get(path, headers=headers) as answer:
        return answer.status_code, answer.data, answer.headers


@pytest.mark.parametrize(
    "path", ["../secret.txt", "secret.txt", "2026-13-01/cases.csv", "2020-01-01/cases.csv", "x/cases.csv"]
)
def test_nothing_else_can_be_fetched(visitor: Visitor, files: str, path: str) -> None:
    assert visitor.client.get(f"/open-data/{path}").status_code in (404, 308)
    assert b"nothing for the public" not in visitor.client.get(f"/open-data/{files}/{path}").data


def test_the_roots_are_told_to_programs(visitor: Visitor, files: str) -> None:
    told = visitor.client.get("/open-data/roots.json").json
    assert [(one["day"], one["previous"]) for one in told or []] == [(files, "")]
