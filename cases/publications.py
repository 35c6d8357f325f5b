"""What the public may see of a case, and the publishing of results.

`PublicCase` is everything a public page gets: no citizen's word, name or address is in it. The map reads publications
and, for cases under way, nothing but category, area, status and a rounded place. Sensitive cases are on no map; their
page says where they stand and until when. Lists with filters are in `public_list`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from cases import cases, deadlines, history
from cases.attachments import PhotoNotFound
from cases.deadlines import DeadlineView
from cases.history import Step
from cases.models import Area, Attachment, Case, Category, Event, Publication, PublishedPhoto, Unit
from cases.models.deadlines import DeadlineKind
from cases.owner import can_give_feedback, question
from cases.performance import usual
from cases.performance.usual import Usual
from engine import clock
from engine.base import session

#: How long a reporter may judge a result.
FEEDBACK_WITHIN = timedelta(days=7)
#: Decimal places of a public position under way: about a hundred metres.
ROUNDED_TO = 3
#: For so long a copy on the way may show a photo that was taken back.
PHOTO_KEPT_FOR = timedelta(minutes=5)


@dataclass(frozen=True)
class Name:
    """Something with a code and a name in both languages."""

    code: str
    name_vi: str
    name_en: str

    @classmethod
    def of(cls, row: Category | Area | Unit) -> Name:
        """The names of a row."""
        return cls(row.code, row.name_vi, row.name_en)


@dataclass(frozen=True)
class PublicPhoto:
    """A photo that was chosen to be public."""

    id: int
    width: int
    height: int
    kind: str
    caption: str | None


@dataclass(frozen=True)
class PublicResult:
    """A published result."""

    title: str
    result: str | None
    published_at: datetime
    photos: tuple[PublicPhoto, ...]


@dataclass(frozen=True)
class Refusal:
    """Why a report was not accepted: a reason code and the desk's words."""

    reason: str
    message: str


@dataclass(frozen=True)
class PublicCase:
    """A case as the public sees it; what is None is not for everybody, or not there yet."""

    tracking_code: str
    status: str
    is_sensitive: bool
    is_owner: bool
    steps: tuple[Step, ...]
    deadline: DeadlineView | None
    due_at: datetime | None
    category: Name | None = None
    area: Name | None = None
    unit: Name | None = None
    opened_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    publication: PublicResult | None = None
    refusal: Refusal | None = None
    merged_into: str | None = None
    supporters: int = 0
    position: tuple[float, float] | None = None
    question: str | None = None
    can_give_feedback: bool = False
    usual: Usual | None = None


@dataclass(frozen=True)
class Spot:
    """A case on the public map; the title only of a published result."""

    tracking_code: str
    status: str
    category: str
    area: str | None
    position: tuple[float, float]
    title: str | None


# ------------------------------------------------------------------------------------------------------ publishing


def publish(case: Case, title: str | None, result: str | None, photo_ids: Collection[int], *, by: str) -> datetime:
    """Publish the result and keep the promise to resolve; until when the reporter may judge it.

    A sensitive case is resolved without publication.
    """
    if case.is_sensitive:
        return resolve_privately(case, by=by)
    at = _resolve(case, "result_published", by=by)
    chosen = _own(case, photo_ids)
    publication = case.publication or Publication()
    publication.title, publication.result = title or case.category.name_vi, result
    publication.published_at, publication.published_by, publication.withdrawn_at = at, by, None
    known = {photo.attachment_id: photo for photo in publication.photos}
    publication.photos = [known.get(photo_id) or PublishedPhoto(attachment_id=photo_id) for photo_id in chosen]
    for position, shown in enumerate(publication.photos):
        shown.position = position
    case.publication = publication
    session().flush()
    return at + FEEDBACK_WITHIN


def resolve_privately(case: Case, *, by: str) -> datetime:
    """The result is for the reporter only: the public learns that there is one. An earlier publication is withdrawn."""
    at = _resolve(case, "result_recorded", by=by)
    if case.publication is not None:
        case.publication.withdrawn_at = at
    return at + FEEDBACK_WITHIN


def _resolve(case: Case, event: str, *, by: str) -> datetime:
    at = clock.now()
    history.record(case, event, by=by)
    case.resolved_at = at
    for kind in (DeadlineKind.RESOLVE, DeadlineKind.ANSWER):
        deadlines.meet(case, kind, at=at)
    return at


def _own(case: Case, photo_ids: Collection[int]) -> list[int]:
    """Those of the photos that are of this case, in the order asked for."""
    query = select(Attachment.id).where(Attachment.case_id == case.id, Attachment.id.in_(photo_ids))
    known = set(session().scalars(query))
    return [photo_id for photo_id in dict.fromkeys(photo_ids) if photo_id in known]


# -------------------------------------------------------------------------------------------------------- one case


def view(case: Case, *, owner: bool = False) -> PublicCase:
    """A case as the public sees it; for its owner (who has shown the secret) also what the city asks of them."""
    promise = deadlines.latest(case, DeadlineKind.RESOLVE)
    kept = promise if promise is not None and promise.ended_at is None else None
    bare = PublicCase(
        tracking_code=case.tracking_code,
        status=history.public_status(case),
        is_sensitive=case.is_sensitive,
        is_owner=owner,
        steps=tuple(history.public_steps(case)),
        deadline=deadlines.view(kept, at=clock.now()) if kept else None,
        due_at=kept.due_at if kept else None,
    )
    if case.is_sensitive and not owner:
        return bare
    described = replace(bare, **_described(case))
    if not owner:
        return described
    return replace(described, question=question(case), can_give_feedback=can_give_feedback(case))


def _described(case: Case) -> dict[str, Any]:
    head = cases.head_of(case)
    is_waited_for = case.resolved_at is None and case.closed_at is None
    return {
        "category": Name.of(case.category),
        "area": Name.of(case.area) if case.area else None,
        "unit": Name.of(case.unit) if case.unit else None,
        "opened_at": case.opened_at,
        "usual": usual.of(case.category_id, case.area_id) if is_waited_for else None,
        "resolved_at": case.resolved_at,
        "closed_at": case.closed_at,
        "outcome": case.outcome,
        "publication": _result(case.publication),
        "refusal": _refusal(case),
        "merged_into": head.tracking_code if head is not case else None,
        "supporters": case.supporters,
        "position": _rounded(case.latitude, case.longitude),
    }


def _result(publication: Publication | None) -> PublicResult | None:
    if publication is None or publication.withdrawn_at is not None:
        return None
    photos = tuple(_photo(photo.attachment) for photo in publication.photos)
    return PublicResult(publication.title, publication.result, publication.published_at, photos)


def _photo(attachment: Attachment) -> PublicPhoto:
    return PublicPhoto(attachment.id, attachment.width, attachment.height, attachment.kind, attachment.caption)


def _refusal(case: Case) -> Refusal | None:
    if case.outcome != "refused":
        return None
    query = select(Event.particulars).where(Event.case_id == case.id, Event.name == "case_refused")
    said = session().scalars(query).one()
    return Refusal(str(said.get("reason") or ""), str(said.get("message") or ""))


def _rounded(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    if latitude is None or longitude is None:
        return None
    return round(latitude, ROUNDED_TO), round(longitude, ROUNDED_TO)


def photo(attachment_id: int) -> Attachment:
    """A public photo. Raises: PhotoNotFound for every other one."""
    query = select(Attachment).join(PublishedPhoto).join(Publication).join(Case, Case.id == Publication.case_id)
    shown = query.where(Publication.withdrawn_at.is_(None), Case.is_sensitive.is_(False))
    found = session().scalar(shown.where(Attachment.id == attachment_id))
    if found is None:
        raise PhotoNotFound(attachment_id)
    return found


# ------------------------------------------------------------------------------------------------------------- map


def on_map(bounding_box: tuple[float, float, float, float], limit: int = 500) -> list[Spot]:
    """What is under way or published within (south, west, north, east), newest first."""
    south, west, north, east = bounding_box
    is_shown = and_(Publication.case_id == Case.id, Publication.withdrawn_at.is_(None))
    columns = (Case.tracking_code, Case.status, Category.code, Area.code, Case.latitude, Case.longitude)
    query = (
        select(*columns, Publication.title)
        .join(Case.category)
        .outerjoin(Case.area)
        .outerjoin(Publication, is_shown)
        .where(Case.latitude.between(south, north), Case.longitude.between(west, east))
        .where(Case.is_sensitive.is_(False), or_(Case.closed_at.is_(None), Publication.id.is_not(None)))
        .order_by(Case.id.desc())
        .limit(limit)
    )
    return [
        Spot(
            code,
            history.shown_as(status),
            category,
            area,
            (round(lat or 0, ROUNDED_TO), round(lon or 0, ROUNDED_TO)),
            title,
        )
        for code, status, category, area, lat, lon, title in session().execute(query)
    ]
