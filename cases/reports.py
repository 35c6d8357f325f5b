"""Taking in what a citizen says: checked together, stored once, and a process begun for it.

A report is never changed afterwards. Answers to questions are reports of the same case with the channel "answer". A
merged case keeps its reports; `of` gives those of a case and of everything merged into it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from cases import attachments, city, codes, history, routing
from cases.models import Case, Report
from cases.new_report import CheckedReport, NewReport, PhotoUpload, check, tidied
from engine import clock, instances
from engine.base import session

__all__ = ["ANSWER", "NewReport", "PhotoUpload", "Submitted", "of", "submit"]

#: The channel of what a reporter says later, when asked.
ANSWER = "answer"

_TITLE_LENGTH = 80


@dataclass(frozen=True)
class Submitted:
    """What came of a report; the owner key is told once, to whoever sent it first."""

    case: Case
    report: Report
    owner_key: str | None
    is_replay: bool = False

    @property
    def tracking_code(self) -> str:
        return self.case.tracking_code


def submit(new: NewReport, *, by: str = "reporter") -> Submitted:
    """Store a report, open its case and start the process of its category.

    A second report with the same idempotency key or external id is the first one again.
    Raises: InvalidReport with everything there is to mend; DefinitionNotFound when the category's process is missing.
    """
    new = tidied(new)
    earlier = _earlier(new)
    if earlier is not None:
        return Submitted(earlier.case, earlier, owner_key=None, is_replay=True)
    checked = check(new)
    case = _open_case(checked)
    report = _store(case, checked, by=by)
    history.begin(case)
    history.record(case, "report_received", by=by, public_step=case.status, channel=report.channel)
    instance = instances.start(
        checked.category.process_key, _variables(case, checked), business_key=case.tracking_code, by=by
    )
    case.instance_id = instance.id
    session().flush()
    return Submitted(case, report, codes.owner_key(case.tracking_code))


def of(case: Case) -> list[Report]:
    """Every report of a case and of the cases merged into it, the case's own first."""
    merged = select(Case.id).where(Case.id == case.id).cte(recursive=True)
    merged = merged.union(select(Case.id).where(Case.merged_into_id == merged.c.id))
    query = select(Report).where(Report.case_id.in_(select(merged.c.id)))
    return list(session().scalars(query.order_by(Report.case_id != case.id, Report.id)))


# --------------------------------------------------------------------------------------------------------- storing


def _earlier(new: NewReport) -> Report | None:
    """The report that was sent before under this key; a sender who is still at it is waited for."""
    sent = ((Report.idempotency_key, new.idempotency_key), (Report.external_id, new.external_id))
    given = [(column, key) for column, key in sent if key]
    if not given:
        return None
    for key in sorted(key for _, key in given):
        session().execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    same = or_(*(column == key for column, key in given))
    return session().scalar(select(Report).where(same).order_by(Report.id).limit(1))


def _open_case(checked: CheckedReport) -> Case:
    """A case under a code nobody has: in the rare case that somebody has it, another one is drawn."""
    new, place, now = checked.new, checked.place, clock.now()
    while True:
        code = codes.new_tracking_code(city.settings().prefix)
        values = {
            "tracking_code": code,
            "owner_key_hash": codes.secret_hash(codes.owner_key(code)),
            "title": _title(new.text) or checked.category.name_vi,
            "category_id": checked.category.id,
            "area_id": place.area_id if place else None,
            "is_sensitive": checked.category.is_sensitive,
            "latitude": new.latitude,
            "longitude": new.longitude,
            "address": new.address,
            "opened_at": new.received_at or now,
            "changed_at": now,
        }
        drawn = insert(Case).values(values).on_conflict_do_nothing(index_elements=[Case.tracking_code])
        case: Case | None = session().scalar(drawn.returning(Case))
        if case is not None:
            case.category = checked.category
            return case


def _store(case: Case, checked: CheckedReport, *, by: str) -> Report:
    new = checked.new
    report = Report(
        case=case,
        text=new.text,
        category_code=checked.category.code,
        latitude=new.latitude,
        longitude=new.longitude,
        accuracy_m=new.accuracy_m,
        address=new.address,
        channel=new.channel,
        locale=new.locale,
        contact_name=new.contact_name,
        contact_email=new.contact_email,
        contact_phone=new.contact_phone,
        consent_version=new.consent_version,
        external_id=new.external_id,
        idempotency_key=new.idempotency_key,
        received_at=case.opened_at,
    )
    session().add(report)
    for picture in checked.pictures:
        attachments.keep(case, picture, kind="report", by=by, report=report)
    return report


def _variables(case: Case, checked: CheckedReport) -> dict[str, object]:
    place = checked.place
    known = routing.facts(
        checked.category,
        area=place.area if place else None,
        place_unit=place.unit if place else city.settings().intake_unit,
        channel=checked.new.channel,
    )
    return {**checked.new.variables, **known, "case_id": case.id}


def _title(written: str) -> str:
    line = " ".join(written.split())
    return line if len(line) <= _TITLE_LENGTH else line[:_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
