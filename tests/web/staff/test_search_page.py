"""Looking through all cases one may see: words, filters, pages, and what is said when there is nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases.models import Deadline
from engine import clock
from engine.base import session, transaction
from tests import town as cast
from tests.web.staff.conftest import DeskOf
from web.pages.staff import search

LAMP = "Đèn đường trước trường học không sáng đã ba đêm liền."


def test_without_a_wish_all_cases_are_shown_newest_first(desk: DeskOf) -> None:
    with transaction():
        titles = [cast.report().case.title, cast.report(category="street-light", text=LAMP).case.title]
    page = desk(cast.INTAKE).get("/work/search")

    assert "All cases you may see, newest first" in page.text
    assert page.text.index(titles[1]) < page.text.index(titles[0])


@pytest.mark.parametrize(
    ("query", "finds_hole", "finds_lamp"),
    [
        ("q=le+loi", True, False),
        ("status=in_progress", True, False),
        ("status=submitted", False, True),
        ("category=street-light", False, True),
        ("unit=dien-hong-infrastructure", True, False),
        ("q=den&category=pothole", False, False),
        ("q=&status=&unit=&category=", True, True),
        ("q=%00&unit=%00", True, True),
    ],
)
def test_the_list_is_narrowed(desk: DeskOf, query: str, finds_hole: bool, finds_lamp: bool) -> None:  # noqa: FBT001  # columns of the table
    with transaction():
        hole = cast.accepted()
        lamp = cast.report(category="street-light", text=LAMP).case
    links = desk(cast.INTAKE).get(f"/work/search?{query}").links("/work/c/")

    assert (f"/work/c/{hole.tracking_code}" in links, f"/work/c/{lamp.tracking_code}" in links) == (
        finds_hole,
        finds_lamp,
    )


def test_each_filter_can_be_dropped_by_itself(desk: DeskOf) -> None:
    page = desk(cast.INTAKE).get("/work/search?q=le+loi&status=received&category=pothole")

    assert "Remove filter: Received" in page.text
    assert page.links("/work/search?q=le+loi&category=pothole")
    assert page.links("/work/search?q=le+loi&status=received")
    assert page.links("/work/search?status=received&category=pothole")


@pytest.mark.parametrize("query", ["status=lost", "unit=dragons", "category=dragons", "after=nonsense"])
def test_what_does_not_exist_is_refused(desk: DeskOf, query: str) -> None:
    assert desk(cast.INTAKE).get(f"/work/search?{query}").status == 422


def test_a_tracking_code_opens_its_case(desk: DeskOf) -> None:
    with transaction():
        code = cast.report().tracking_code

    assert desk(cast.INTAKE).get(f"/work/search?q={code.lower()}").location == f"/work/c/{code}"


def test_a_long_list_goes_on_where_the_page_ends_and_keeps_its_filters(
    desk: DeskOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PER_PAGE", 2)
    with transaction():
        codes = [cast.report().tracking_code for _ in range(3)]
    intake = desk(cast.INTAKE)

    first = intake.get("/work/search?status=submitted")
    (next_page,) = [href for href in first.links("/work/search?") if "after=" in href]
    second = intake.get(next_page)

    assert "status=submitted" in next_page
    assert [href for page in (first, second) for href in page.links("/work/c/")] == [
        f"/work/c/{c}" for c in codes[::-1]
    ]
    assert "/work/search?status=submitted" in second.links("/work/search?")
    assert not any("after=" in href for href in second.links("/work/search?"))


@pytest.mark.parametrize(
    ("locale", "nothing_yet", "nothing_fits"),
    [
        ("en", "There is no case yet that you may see.", "No case you may see fits this search."),
        ("vi", "Chưa có phản ánh nào bạn được xem.", "Không có phản ánh nào bạn được xem khớp với tìm kiếm này."),
    ],
)
def test_an_empty_list_says_why(desk: DeskOf, locale: str, nothing_yet: str, nothing_fits: str) -> None:
    with transaction():
        cast.report()
    stranger = desk("official.gao", locale)

    assert nothing_yet in stranger.get("/work/search").text
    page = stranger.get("/work/search?status=submitted")
    assert nothing_fits in page.text
    assert page.links("/work/search")


def test_behind_the_last_case_there_is_a_way_back(desk: DeskOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PER_PAGE", 1)
    with transaction():
        cases = [cast.report().case for _ in range(2)]
    intake = desk(cast.INTAKE)
    (behind,) = [
        href for href in intake.get("/work/search?status=submitted").links("/work/search?") if "after=" in href
    ]
    with transaction():
        cast.do(cases[0], "intake_check", cast.INTAKE, decision="accept")

    page = intake.get(behind)

    assert "There are no more cases here." in page.text
    assert "/work/search?status=submitted" in page.links("/work/search?")


def test_open_promises_can_be_put_in_the_order_of_their_risk(desk: DeskOf) -> None:
    with transaction():
        calm, pressing = cast.accepted(), cast.accepted(category="street-light", text=LAMP)
        closed = cast.resolved(text="Ổ gà ở ngã ba đã được vá xong từ hôm qua.")
        late = (
            session().scalars(select(Deadline).where(Deadline.case_id == pressing.id, Deadline.kind == "resolve")).one()
        )
        late.due_at = clock.now() - timedelta(hours=1)
    page = desk(cast.INTAKE).get("/work/search?order=risk")

    links = [link.removeprefix("/work/c/") for link in page.links("/work/c/")]
    assert links.index(pressing.tracking_code) < links.index(calm.tracking_code)
    assert closed.tracking_code not in links
    assert "those likeliest to be missed first" in page.text
    assert desk(cast.INTAKE).get("/work/search?order=luck").status == 422


def test_the_order_stays_when_a_filter_is_dropped_and_on_the_next_page(
    desk: DeskOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PER_PAGE", 1)
    with transaction():
        cast.accepted(), cast.accepted()
    page = desk(cast.INTAKE).get("/work/search?order=risk&category=pothole")

    onward = [link for link in page.links("/work/search?") if "after=" in link]
    assert onward
    assert all("order=risk" in link for link in page.links("/work/search?"))
    assert len(desk(cast.INTAKE).get(onward[0]).links("/work/c/")) >= 1
