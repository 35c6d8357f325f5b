"""The result as the public reads it: looked at, taken back, shown again, corrected."""

from __future__ import annotations

import pytest

from cases.models import Case
from engine.base import session, transaction
from tests import town as cast
from tests.conftest import Client
from tests.web.staff.conftest import DeskOf

RESULT = "Đội duy tu đã vá ổ gà sáng 24/11."
WHY = "Ảnh chụp rõ biển số xe"


@pytest.fixture
def case(town: object) -> Case:
    """A case whose result is public."""
    with transaction():
        return cast.resolved()


def at(case: Case, more: str = "") -> str:
    """The address of the section."""
    return f"/work/c/{case.tracking_code}/publication{more}"


def public_page(client: Client, case: Case) -> str:
    """What anybody reads."""
    return client.get(f"/c/{case.tracking_code}").get_data(as_text=True)


def test_a_result_is_taken_back_and_shown_again(desk: DeskOf, case: Case, client: Client) -> None:
    intake = desk(cast.INTAKE)
    assert RESULT in public_page(client, case)

    intake.post(at(case, "/withdrawal"), reason=WHY)
    gone, page = public_page(client, case), intake.get(at(case))
    intake.post(at(case), title="Đã vá ổ gà", result="Đã vá xong.", reason="Đã che biển số")

    assert RESULT not in gone
    assert WHY not in gone
    assert "Taken back" in page.text
    assert RESULT in page.text
    assert "Đã vá xong." in public_page(client, case)


def test_without_a_reason_nothing_happens_and_what_was_typed_stays(desk: DeskOf, case: Case, client: Client) -> None:
    refused = desk(cast.INTAKE).post(at(case), title="", result="Đã vá xong.", reason="")

    assert refused.status == 422
    assert refused.text.count("This is needed. Please fill it in.") == 4  # above and at the field, twice
    assert "Đã vá xong." in refused.source
    assert RESULT in public_page(client, case)


def test_who_does_not_check_publications_reads_only(desk: DeskOf, case: Case, client: Client) -> None:
    official = desk(cast.OFFICIAL)

    page, refused = official.get(at(case)), official.post(at(case, "/withdrawal"), reason=WHY)

    assert RESULT in page.text
    assert "Take it back" not in page.text
    assert refused.status == 403
    assert RESULT in public_page(client, case)


def test_taking_back_twice_is_told(desk: DeskOf, case: Case) -> None:
    intake = desk(cast.INTAKE)
    intake.post(at(case, "/withdrawal"), reason=WHY)

    again = intake.post(at(case, "/withdrawal"), reason=WHY)

    assert again.status == 409
    assert "The public sees no result of this case (any more)." in again.text


def test_a_case_without_a_result_has_no_such_section(desk: DeskOf) -> None:
    with transaction():
        fresh = cast.accepted()

    page = desk(cast.INTAKE).get(f"/work/c/{fresh.tracking_code}")

    assert "/publication" not in page.source
    assert desk(cast.INTAKE).get(at(fresh)).status == 404


def test_the_log_says_who_and_why(desk: DeskOf, case: Case) -> None:
    desk(cast.INTAKE).post(at(case, "/withdrawal"), reason=WHY)
    session().expire_all()

    page = desk(cast.INTAKE).get(f"/work/c/{case.tracking_code}/log")

    assert "Took the published result back" in page.text
    assert WHY in page.text
