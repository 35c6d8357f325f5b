"""What is left for a person, and trying it again."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from engine import jobs, registry
from engine.base import session, transaction
from engine.models import Incident, Job, JobState
from tests.api.conftest import Program

Issue = Callable[[str], Program]


@registry.handler("test_api_break", retries=())
def break_down() -> None:
    raise RuntimeError("no connection")


@pytest.fixture
def failed() -> uuid.UUID:
    """The id of a job whose retries are used up."""
    with transaction():
        job = jobs.add("test_api_break", {})
    jobs.run(job.id)
    return job.id


@pytest.fixture
def admin(program_of: Issue) -> Program:
    """The program of the administrator."""
    return program_of("admin")


def test_incidents_are_listed_with_what_happened(admin: Program, failed: uuid.UUID) -> None:
    (incident,) = admin.get("/api/incidents").json["incidents"]

    assert (incident["job_id"], incident["cause"]) == (str(failed), "test_api_break")
    assert "no connection" in incident["message"]
    assert incident["business_key"] is None


def test_an_incident_is_tried_again_once(admin: Program, failed: uuid.UUID) -> None:
    incident = session().query(Incident).one()

    first = admin.post(f"/api/incidents/{incident.id}/attempts")
    again = admin.post(f"/api/incidents/{incident.id}/attempts")

    assert (first.status_code, first.json["resolved_by"]) == (201, "admin")
    assert (again.status_code, again.json["code"]) == (409, "incident_resolved")
    assert session().get_one(Job, failed).state == JobState.WAITING


def test_a_failed_job_is_tried_again_once(admin: Program, failed: uuid.UUID) -> None:
    first = admin.post(f"/api/jobs/{failed}/attempts")
    again = admin.post(f"/api/jobs/{failed}/attempts")

    assert (first.status_code, first.json["job_id"]) == (201, str(failed))
    assert (again.status_code, again.json["code"]) == (409, "job_not_failed")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("incidents/1/attempts", "incident_not_found"),
        (f"jobs/{uuid.UUID(int=1)}/attempts", "job_not_found"),
        ("jobs/1/attempts", "not_found"),
    ],
)
def test_what_is_not_there_is_not_tried(admin: Program, path: str, code: str) -> None:
    answer = admin.post(f"/api/{path}")

    assert (answer.status_code, answer.json["code"]) == (404, code)
