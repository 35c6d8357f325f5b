"""The cast of the tests: the model city with its people, and what they do to a case, in one line each.

`found` loads Pleiku and its process; everything else happens through the verbs the doors use.
"""

from __future__ import annotations

import io
from datetime import timedelta
from functools import cache
from typing import Any

from PIL import Image
from sqlalchemy import select

import handlers  # noqa: F401  # registers the topics of the process
from cases import city, city_file, performance, reports
from cases.city_file import CityFile
from cases.models import Case, Person, Unit
from cases.reports import NewReport, PhotoUpload, Submitted
from engine import clock, definitions, instances, tasks
from engine.base import session
from engine.models import Definition, DefinitionFile, DefinitionState, TaskState, UserTask
from engine.spiff import Process
from settings import ROOT

INTAKE = "intake1"
SUPERVISOR = "supervisor"
LEADER = "vice.dien-hong"  # of the ward Diên Hồng and its infrastructure room
CHAIR = "chair.dien-hong"
CREW = "official.lighting-team"
OFFICIAL = "infrastructure.dien-hong"

#: (latitude, longitude) of places; the last is in the city's box, but in none of its areas.
DIEN_HONG = (13.9785, 107.997)
NOWHERE = (13.835, 107.795)

REPORTER = {
    "contact_name": "Lê Thị Suối Nguồn",
    "contact_email": "suoi@citizen.pleiku.vn",
    "contact_phone": "0905123456",
}
TEXT = "Ổ gà rất sâu trước số nhà 15 đường Lê Lợi, nguy hiểm cho xe máy."

#: What deploying writes down of a version.
_COLUMNS = ("key", "version", "name", "checksum", "deployed_at", "deployed_by", "release_note", "findings")
#: The process as it was deployed first in this run.
_first: list[tuple[dict[str, Any], dict[str, bytes], Process]] = []


@cache
def pleiku() -> CityFile:
    """The model city's file."""
    return city_file.read(ROOT / "cities/pleiku/city.toml")


def found() -> Definition:
    """Load the city and let its process handle reports from now on."""
    city.load(pleiku())
    there = session().scalar(select(Definition).where(Definition.key == "report_case"))
    if there is None:
        there = _deployed_again(*_first[0]) if _first else _deployed()
    return there


def _deployed() -> Definition:
    folder = ROOT / "bpmn/report_case"
    paths = (path for path in sorted(folder.rglob("*")) if path.suffix in (".bpmn", ".dmn", ".form"))
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    definition = definitions.deploy(files, by="designer1")
    columns = {name: getattr(definition, name) for name in _COLUMNS}
    files = {file.name: file.content for file in definition.files}
    _first.append((columns, files, definitions.process(definition)))
    return definition


def _deployed_again(columns: dict[str, Any], files: dict[str, bytes], process: Process) -> Definition:
    """What deploying gave the first time: checking and parsing it again would be most of the time of every test."""
    definition = Definition(**columns)
    definition.state = DefinitionState.ACTIVE
    definition.files = [DefinitionFile(name=name, content=content) for name, content in files.items()]
    session().add(definition)
    session().flush()
    definitions._processes[definition.id] = process
    return definition


def counted() -> None:
    """What the clock does within seconds: what happened is in the figures."""
    performance.refresh()


def person(username: str) -> Person:
    """Somebody of the cast."""
    return session().scalars(select(Person).where(Person.username == username)).one()


def unit(code: str) -> Unit:
    """A unit of the city."""
    return session().scalars(select(Unit).where(Unit.code == code)).one()


def photo(colour: str = "red", size: tuple[int, int] = (64, 48), **saved: Any) -> PhotoUpload:
    """A small JPEG of one colour."""
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, "JPEG", **saved)
    return PhotoUpload(f"{colour}.jpg", written.getvalue())


def new_report(**changes: Any) -> NewReport:
    """A pothole in Diên Hồng, reported by somebody who left name, address and number."""
    latitude, longitude = changes.pop("at", DIEN_HONG)
    usual = {"text": TEXT, "category": "pothole", "latitude": latitude, "longitude": longitude, **REPORTER}
    return NewReport(**{**usual, **changes})


def report(**changes: Any) -> Submitted:
    """Send a report."""
    return reports.submit(new_report(**changes))


def task(case: Case, element_id: str) -> UserTask:
    """The open task of a case at this element."""
    query = select(UserTask).where(UserTask.instance_id == case.instance_id, UserTask.element_id == element_id)
    return session().scalars(query.where(UserTask.state == TaskState.OPEN)).one()


def open_tasks(case: Case) -> list[str]:
    """The elements at which somebody is asked to do something."""
    query = select(UserTask.element_id).where(UserTask.instance_id == case.instance_id)
    return list(session().scalars(query.where(UserTask.state == TaskState.OPEN).order_by(UserTask.id)))


def do(case: Case, element_id: str, by: str, **answers: Any) -> None:
    """Complete a task of the case, answers unchecked."""
    tasks.complete(task(case, element_id).id, answers, by=by)


def accepted(**changes: Any) -> Case:
    """A case that waits for its official."""
    case = report(**changes).case
    do(case, "intake_check", INTAKE, decision="accept")
    do(case, "assign", LEADER, assignment="assign", official=OFFICIAL)
    return case


def resolved(publish: str = "publish", **changes: Any) -> Case:
    """A case whose result waits for the reporter's judgement."""
    case = accepted(**changes)
    resolve(case, publish)
    return case


def resolve(case: Case, publish: str = "publish", **checked: Any) -> None:
    """Handle, approve and publish what waits for its official."""
    do(
        case,
        "resolve",
        case.official or OFFICIAL,
        outcome="done",
        result_text="Đã vá xong ổ gà bằng bê tông nhựa nguội.",
    )
    do(case, "approve", LEADER, approval="approve")
    shown = {"public_title": "Đã vá ổ gà trên đường Lê Lợi", "public_text": "Đội duy tu đã vá ổ gà sáng 24/11."}
    do(case, "publication_check", INTAKE, publish=publish, **{**shown, **checked})


#: A process that runs for no case: every week somebody looks at the lamps.
ROUND = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:caseway="https://caseway.dev/schema/1.0/bpmn">
<bpmn:process id="lamp_round" name="\xc4\x90i ki\xe1\xbb\x83m tra \xc4\x91\xc3\xa8n" isExecutable="true"><bpmn:startEvent id="start"/>
<bpmn:userTask id="look" name="Look" caseway:nameEn="Look at the lamps" camunda:candidateGroups="official:lighting-team" caseway:answers="lamps note"
 camunda:formKey="round" camunda:dueDate="= due_at"/>
<bpmn:userTask id="sum_up" name="Sum up" camunda:candidateGroups="official:lighting-team"/><bpmn:endEvent id="end"/>
<bpmn:sequenceFlow id="a" sourceRef="start" targetRef="look"/><bpmn:sequenceFlow id="b" sourceRef="look" targetRef="sum_up"/>
<bpmn:sequenceFlow id="c" sourceRef="sum_up" targetRef="end"/></bpmn:process></bpmn:definitions>"""
ROUND_FORM = b"""{"type": "default", "id": "round", "components": [
{"type": "number", "key": "lamps", "label": "Lamps that are out", "validate": {"required": true, "min": 0}},
{"type": "textarea", "key": "note", "label": "What was seen"},
{"type": "filepicker", "key": "pictures", "label": "Pictures", "multiple": true}]}"""


def round_of_the_lamps() -> UserTask:
    """Somebody of the crew is to look at the lamps within two days."""
    files = {"lamp_round.bpmn": ROUND, "forms/round.form": ROUND_FORM}
    definitions.deploy(files, by="designer1")
    due_at = (clock.now() + timedelta(days=2)).isoformat()
    instance = instances.start("lamp_round", {"due_at": due_at}, business_key="weekly 48", by=SUPERVISOR)
    return session().scalars(select(UserTask).where(UserTask.instance_id == instance.id)).one()
