"""Open data: anonymous, exact, the same twice, and checked by code that knows nothing of the house."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from cases import open_data, owner, performance
from cases.models import OpenDataRoot
from cases.open_data.tree import EMPTY, Tree, chained
from engine import clock, jobs
from engine.base import session
from engine.models import Definition, Job
from terminal.verifying import verify
from tests import town as cast

DAY = timedelta(days=1)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files of this test go."""
    monkeypatch.setattr("cases.open_data.writing._folder", [tmp_path])
    return tmp_path


@pytest.fixture
def busy(town: Definition, frozen_clock: datetime, shelf: Path) -> Path:
    """A city in which everything happened that a figure knows; its files of a month later."""
    cast.resolved()
    again = cast.resolved()
    owner.give_feedback(again, "not_fixed")
    late = cast.accepted()
    cast.report(category="public-service", text="Cán bộ một cửa hẹn bốn lần không trả hồ sơ.")
    refused = cast.report().case
    cast.do(refused, "intake_check", cast.INTAKE, decision="refuse", refusal_reason="violation", message="Không nhận.")
    asked = cast.report().case
    cast.do(asked, "intake_check", cast.INTAKE, decision="ask", message="Ở đâu?")
    with clock.at(frozen_clock + 12 * DAY):
        cast.resolve(late)
    with clock.at(frozen_clock + 30 * DAY):
        made = open_data.write()
    return shelf / made.day.isoformat()


def check(file: Path, *words: str) -> Result:
    return CliRunner().invoke(verify, [str(file), *words], catch_exceptions=False)


def table(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "cases.csv").read_text(encoding="utf-8").splitlines()))


# ---------------------------------------------------------------------------------------------------------- anonymous


def test_nothing_tells_who_or_what(busy: Path) -> None:
    everything = b"".join((busy / name).read_bytes() for name in open_data.FILES).decode()
    said = [
        cast.TEXT,
        "Ổ gà",
        "một cửa",
        *cast.REPORTER.values(),
        cast.OFFICIAL,
        cast.LEADER,
        cast.INTAKE,
        "Không nhận",
    ]
    assert [one for one in said if one in everything] == []
    assert str(cast.DIEN_HONG[0]) not in everything


def test_a_case_that_is_not_public_leads_nowhere_but_counts(busy: Path) -> None:
    (hidden,) = [row for row in table(busy) if row["id"].startswith("x-")]
    assert {hidden[name] for name in ("category", "area", "channel", "latitude", "longitude")} == {""}
    assert hidden["due_at"]
    assert "public-service" not in (busy / "cases.csv").read_text(encoding="utf-8")


# --------------------------------------------------------------------------------------------------------------- exact


def test_an_outsider_finds_the_same_figures(busy: Path) -> None:
    told = json.loads((busy / "dataset.json").read_text(encoding="utf-8"))
    assert told["steady"]
    assert told["figures"]["all"]["of_all_due"]["n"] > told["figures"]["all"]["of_all_due"]["on_time"] > 0
    for name in ("cases.csv", "cases.jsonl", "cases.geojson"):
        result = check(busy / name)
        assert (result.exit_code, result.output.splitlines()[-1]) == (0, "All is as published."), result.output


def test_the_published_figures_are_those_of_the_city(busy: Path, frozen_clock: datetime) -> None:
    with clock.at(frozen_clock + 30 * DAY):
        today = clock.now().date()
        whole = performance.summary(from_on=today - 900 * DAY, to_on=today + DAY).totals
    told = json.loads((busy / "dataset.json").read_text(encoding="utf-8"))["figures"]["all"]
    assert told["of_all_due"]["n"] == whole.values["on_time_share"].n
    assert told["of_those_resolved"]["n"] == whole.values["on_time_closed_share"].n


def test_every_case_is_there_each_promise_once(busy: Path) -> None:
    rows = table(busy)
    assert len({row["id"] for row in rows}) == 6
    assert sorted(int(row["promise"]) for row in rows) == [1, 1, 1, 1, 1, 1, 2]
    assert list(rows[0]) == list(open_data.COLUMNS)
    fields = json.loads((busy / "schema.json").read_text(encoding="utf-8"))["fields"]
    assert [one["name"] for one in fields] == list(open_data.COLUMNS)


def test_many_rows_are_read_in_pieces(busy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(open_data.every())
    monkeypatch.setattr("cases.open_data.rows.CHUNK", 2)
    assert list(open_data.every()) == whole


# ------------------------------------------------------------------------------------------------------------ tampering


@pytest.mark.parametrize("name", ["cases.csv", "cases.jsonl"])
def test_a_row_that_was_changed_taken_or_moved_is_found(busy: Path, name: str) -> None:
    lines = (busy / name).read_text(encoding="utf-8").splitlines(keepends=True)
    changed = [line.replace("web", "api") for line in lines]
    for other in (changed, lines[:-1], [lines[0], *lines[:0:-1]]):
        (busy / f"other-{name}").write_text("".join(other), encoding="utf-8")
        result = check(busy / f"other-{name}")
        assert (result.exit_code, result.output.splitlines()[-1]) == (1, "DIFFERS")
        assert "root: published" in result.output


def test_a_promise_made_to_look_kept_is_found_in_the_figures(busy: Path) -> None:
    told = json.loads((busy / "dataset.json").read_text(encoding="utf-8"))
    told["figures"]["all"]["of_all_due"]["on_time"] += 1
    (busy / "dataset.json").write_text(json.dumps(told), encoding="utf-8")
    result = check(busy / "cases.csv")
    assert result.exit_code == 1
    assert "on time, all: published" in result.output


def test_days_are_linked_and_an_exchanged_one_is_found(busy: Path, shelf: Path, frozen_clock: datetime) -> None:
    with clock.at(frozen_clock + 31 * DAY):
        later = shelf / open_data.write().day.isoformat()
    links: list[dict[str, Any]] = open_data.history().as_json()
    roots = shelf / "roots.json"
    roots.write_text(json.dumps(links), encoding="utf-8")
    assert check(later / "cases.csv", "--roots", str(roots)).exit_code == 0
    assert links[0]["previous"] == links[1]["link"] != ""

    links[1]["root"] = "0" * 64
    roots.write_text(json.dumps(links), encoding="utf-8")
    result = check(later / "cases.csv", "--roots", str(roots))
    assert result.exit_code == 1
    assert f"link of {links[1]['day']}" in result.output


def test_what_cannot_be_read_is_told_by_line(busy: Path) -> None:
    text = (busy / "cases.csv").read_text(encoding="utf-8").splitlines()
    broken = [text[0], text[1].replace("false", "maybe", 1), *text[2:]]
    (busy / "cases.csv").write_text("\r\n".join(broken), encoding="utf-8")
    result = check(busy / "cases.csv")
    assert result.exit_code == 1
    assert "line 2: ValueError: fell_away is neither true nor false" in result.output


@pytest.mark.parametrize(
    ("name", "content"), [("x.txt", "a"), ("x.jsonl", "{"), ("x.geojson", "[]"), ("x.csv", "\xff")]
)
def test_wrong_use_is_told(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="latin-1")
    result = CliRunner().invoke(verify, [str(tmp_path / name)])
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_without_a_dataset_it_is_only_read(busy: Path) -> None:
    (busy / "dataset.json").unlink()
    result = check(busy / "cases.csv")
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "Read without fault.")


# --------------------------------------------------------------------------------------------------------------- nightly


def test_a_day_is_published_once_and_the_same_twice(busy: Path, frozen_clock: datetime) -> None:
    before = {name: (busy / name).read_bytes() for name in open_data.FILES}
    with clock.at(frozen_clock + 30 * DAY):
        cast.report()
        again = open_data.write()
    assert {name: (busy / name).read_bytes() for name in open_data.FILES} == before
    assert again.rows == 7
    assert hashlib.sha256(before["cases.csv"]).hexdigest() == again.files["cases.csv"]["sha256"]


def test_the_clock_asks_for_it_once_after_midnight(town: Definition, shelf: Path, frozen_clock: datetime) -> None:
    midnight = frozen_clock.replace(hour=17, minute=30)  # half past midnight in Pleiku
    with clock.at(midnight):
        open_data.writing.ask_for_it()
        assert session().query(Job).filter_by(topic=open_data.TOPIC).count() == 0
    with clock.at(midnight + timedelta(hours=1)):
        open_data.writing.ask_for_it()
        open_data.writing.ask_for_it()
        assert session().query(Job).filter_by(topic=open_data.TOPIC).count() == 1
        jobs.run_waiting()
        assert open_data.latest() is not None
        open_data.writing.ask_for_it()
    assert session().query(OpenDataRoot).count() == 1


def test_a_night_that_fails_leaves_nothing_half_done(
    busy: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch, frozen_clock: datetime
) -> None:
    def fail(_values: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr("cases.open_data.writing.leaf", fail)
    with clock.at(frozen_clock + 31 * DAY), pytest.raises(RuntimeError):
        open_data.write()
    assert [one.name for one in shelf.iterdir()] == [busy.name]


def test_old_files_go_and_their_roots_stay(busy: Path, shelf: Path, frozen_clock: datetime) -> None:
    with clock.at(frozen_clock + 90 * DAY):
        open_data.write()
    assert not busy.exists()
    assert len(open_data.history().roots) == 2


# ----------------------------------------------------------------------------------------------------------------- tree


@given(st.lists(st.binary(max_size=4), max_size=40))
def test_the_root_is_that_of_rfc_6962(found: list[bytes]) -> None:
    tree = Tree()
    hashed = [hashlib.sha256(b"\0" + one).digest() for one in found]
    for one in hashed:
        tree.add(one)
    assert (tree.count, tree.root()) == (len(found), rfc(hashed).hex() if hashed else EMPTY)


def rfc(leaves: list[bytes]) -> bytes:
    """As the standard words it: split at the largest power of two that is smaller."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + rfc(leaves[:split]) + rfc(leaves[split:])).digest()


def test_a_link_holds_the_day_before() -> None:
    assert chained("a", "2026-11-27", "r") != chained("b", "2026-11-27", "r") != chained("b", "2026-11-28", "r")
