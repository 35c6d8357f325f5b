"""The public list and map with their filters: published results, and of cases under way nothing but what they are about.

A line says kind, area, where the case stands and until when; its title and photo are those of the publication. Nothing a
citizen wrote is searched or shown before it is published, and sensitive cases are in no list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Text, and_, func, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from cases import city, deadlines, history
from cases.deadlines import DeadlineView
from cases.models import Area, Case, Category, Deadline, DeadlinePause, Publication, PublishedPhoto
from cases.models.deadlines import DeadlineKind
from cases.publications import ROUNDED_TO, Name
from engine import clock
from engine.base import session

#: What the public may ask for; "overdue" asks for cases under way whose promise is broken.
STATUSES = ("submitted", "received", "in_progress", "awaiting_info", "awaiting_other", "reopened", "resolved", "closed")
OVERDUE = "overdue"

_ALL_STATUSES = (*STATUSES, "awaiting_approval")
_MOST_WORDS = 8
#: Results looked through for those with photos of before and after.
_LOOKED_THROUGH = 100

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Filters:
    """What somebody looks for; an empty one asks for everything. `field` is a group of categories."""

    text: str = ""
    category: str = ""
    field: str = ""
    area: str = ""
    status: str = ""

    @property
    def active(self) -> tuple[str, ...]:
        """The names of those that are set."""
        return tuple(name for name in ("text", "field", "category", "area", "status") if getattr(self, name))

    def without(self, name: str) -> Filters:
        """The same, one of them dropped."""
        return replace(self, **{name: ""})


@dataclass(frozen=True)
class PublicLine:
    """A case in a list or on the map; the title and the photo only of a published result."""

    tracking_code: str
    status: str
    category: Name
    area: Name | None
    title: str | None
    photo_id: int | None
    position: tuple[float, float] | None
    supporters: int
    opened_at: datetime
    resolved_at: datetime | None
    deadline: DeadlineView | None


@dataclass(frozen=True)
class Page:
    """Some lines, newest first, and the codes to ask for those before and after them."""

    lines: tuple[PublicLine, ...]
    older_than: str | None = None
    newer_than: str | None = None


def page(filters: Filters, *, limit: int = 20, older_than: str | None = None, newer_than: str | None = None) -> Page:
    """Lines behind (or before) the one with a tracking code; a code nobody has asks for the first page."""
    edge = _edge(older_than or newer_than)
    forward = edge is None or bool(older_than)
    rows = _rows(filters, edge, forward=forward, limit=limit + 1)
    has_more, rows = len(rows) > limit, rows[:limit]
    if not forward:
        rows.reverse()
    if not rows:
        return Page(())
    has_older, has_newer = (has_more, edge is not None) if forward else (True, has_more)
    return Page(
        tuple(_lines(rows)),
        older_than=rows[-1].tracking_code if has_older else None,
        newer_than=rows[0].tracking_code if has_newer else None,
    )


def count(filters: Filters) -> int:
    """How many cases there are."""
    found = _shown(filters).with_only_columns(Case.id).subquery()
    return session().scalar(select(func.count()).select_from(found)) or 0


def results(*, limit: int) -> list[PublicLine]:
    """The results published last, newest first."""
    published = _with_names(_shown(Filters())).where(Publication.id.is_not(None), Case.resolved_at.is_not(None))
    newest = published.order_by(Publication.published_at.desc(), Publication.id.desc()).limit(limit)
    return list(_lines(list(session().scalars(newest))))


def handled(*, from_on: date, to_on: date) -> int:
    """How many cases got their result from the first to the last of these days."""
    zone = ZoneInfo(city.settings().time_zone)
    start, end = (datetime.combine(day, time(), zone) for day in (from_on, to_on + timedelta(days=1)))
    query = select(func.count()).select_from(Case).where(Case.resolved_at >= start, Case.resolved_at < end)
    return session().scalar(query) or 0


def spots(filters: Filters, *, limit: int = 300) -> list[PublicLine]:
    """What the map shows, newest first; a position is rounded to about a hundred metres."""
    placed = _with_names(_shown(filters)).where(Case.latitude.is_not(None), Case.longitude.is_not(None))
    return list(_lines(list(session().scalars(placed.order_by(*_NEWEST).limit(limit)))))


@dataclass(frozen=True)
class Pair:
    """A published result with a photo of before and one of after."""

    title: str
    area: Area | None
    published_at: datetime
    before_id: int
    after_id: int


def before_and_after(*, since: datetime, limit: int) -> list[Pair]:
    """The newest results with both, published since then."""
    query = (
        select(Publication)
        .join(Case, Case.id == Publication.case_id)
        .where(Publication.published_at >= since, Publication.withdrawn_at.is_(None), Case.is_sensitive.is_(False))
    )
    photos = selectinload(Publication.photos).joinedload(PublishedPhoto.attachment)
    newest = query.options(photos, selectinload(Publication.case).joinedload(Case.area)).order_by(
        Publication.published_at.desc(), Publication.id.desc()
    )
    found = []
    for one in session().scalars(newest.limit(_LOOKED_THROUGH)):
        first = {photo.attachment.kind: photo.attachment_id for photo in reversed(one.photos)}
        if {"report", "result"} <= first.keys():
            found.append(Pair(one.title, one.case.area, one.published_at, first["report"], first["result"]))
    return found[:limit]


# ---------------------------------------------------------------------------------------------------------- rows

_NEWEST = (Case.opened_at.desc(), Case.id.desc())
_OLDEST = (Case.opened_at, Case.id)


def _edge(tracking_code: str | None) -> tuple[datetime, int] | None:
    if not tracking_code:
        return None
    found = session().execute(select(Case.opened_at, Case.id).where(Case.tracking_code == tracking_code)).first()
    return (found[0], found[1]) if found else None


def _rows(filters: Filters, edge: tuple[datetime, int] | None, *, forward: bool, limit: int) -> list[Case]:
    query = _with_names(_shown(filters)).order_by(*(_NEWEST if forward else _OLDEST)).limit(limit)
    if edge is not None:
        row = tuple_(Case.opened_at, Case.id)
        query = query.where(row < edge if forward else row > edge)
    return list(session().scalars(query))


def _with_names(query: Select[Case]) -> Select[Case]:
    photos = joinedload(Case.publication).selectinload(Publication.photos).joinedload(PublishedPhoto.attachment)
    return query.options(joinedload(Case.category), joinedload(Case.area), photos)


def _shown(filters: Filters) -> Select[Case]:
    """The cases the public may list: not sensitive, and under way or with a published result."""
    published = and_(Publication.case_id == Case.id, Publication.withdrawn_at.is_(None))
    shown = select(Case).join(Category, Category.id == Case.category_id).outerjoin(Area, Area.id == Case.area_id)
    shown = shown.outerjoin(Publication, published)
    shown = shown.where(Case.is_sensitive.is_(False), or_(Case.closed_at.is_(None), Publication.id.is_not(None)))
    return shown.where(*_wanted(filters))


def _lines(rows: Sequence[Case]) -> Iterable[PublicLine]:
    promises = _promises([case.id for case in rows])
    now = clock.now()
    for case in rows:
        promise = promises.get(case.id)
        yield _line(case, deadlines.view(promise, at=now) if promise else None)


def _line(case: Case, deadline: DeadlineView | None) -> PublicLine:
    shown = case.publication if case.publication is not None and case.publication.withdrawn_at is None else None
    is_placed = case.latitude is not None and case.longitude is not None
    return PublicLine(
        tracking_code=case.tracking_code,
        status=history.shown_as(case.status),
        category=Name.of(case.category),
        area=Name.of(case.area) if case.area else None,
        title=shown.title if shown else None,
        photo_id=_photo(shown) if shown else None,
        position=(round(case.latitude or 0, ROUNDED_TO), round(case.longitude or 0, ROUNDED_TO)) if is_placed else None,
        supporters=case.supporters,
        opened_at=case.opened_at,
        resolved_at=case.resolved_at,
        deadline=deadline,
    )


def _photo(publication: Publication) -> int | None:
    """The photo that shows the result, else the first."""
    chosen = sorted(publication.photos, key=lambda photo: (photo.attachment.kind != "result", photo.position))
    return chosen[0].attachment_id if chosen else None


def _promises(case_ids: Sequence[int]) -> dict[int, Deadline]:
    """The last promise to resolve of each case, unless it fell away."""
    query = select(Deadline).where(Deadline.case_id.in_(case_ids), Deadline.kind == DeadlineKind.RESOLVE)
    rows = session().scalars(query.options(selectinload(Deadline.pauses)).order_by(Deadline.id))
    latest = {deadline.case_id: deadline for deadline in rows}
    return {case_id: deadline for case_id, deadline in latest.items() if deadline.ended_at is None}


# ------------------------------------------------------------------------------------------------------- filters


def _wanted(filters: Filters) -> Iterable[Condition]:
    if filters.category:
        yield Category.code == filters.category
    if filters.field:
        yield Category.field == filters.field
    if filters.area:
        yield Area.code == filters.area
    if filters.status == OVERDUE:
        yield _is_overdue()
    elif filters.status:
        yield Case.status.in_([code for code in _ALL_STATUSES if history.shown_as(code) == filters.status])
    for word in filters.text.split()[:_MOST_WORDS]:
        yield _says(word)


def _is_overdue() -> Condition:
    paused = select(DeadlinePause.id).where(DeadlinePause.deadline_id == Deadline.id, DeadlinePause.ended_at.is_(None))
    broken = select(Deadline.id).where(
        Deadline.case_id == Case.id,
        Deadline.kind == DeadlineKind.RESOLVE,
        Deadline.met_at.is_(None),
        Deadline.ended_at.is_(None),
        Deadline.due_at <= clock.now(),
        ~paused.exists(),
    )
    return broken.exists()


def _says(word: str) -> Condition:
    """A word, accents or not, in what is public: result, kind, area (former names too), code."""
    searched = func.concat_ws(
        " ",
        Case.tracking_code,
        Publication.title,
        Publication.result,
        Category.name_vi,
        Category.name_en,
        Category.field_vi,
        Area.name_vi,
        Area.name_en,
        func.array_to_string(Area.aliases, " "),
    )
    literal = re.sub(r"([\\%_])", r"\\\1", word.lower().replace("\0", ""))
    plain: ColumnElement[str] = func.unaccent(func.lower(searched), type_=Text)
    return plain.like(func.concat("%", func.unaccent(literal), "%"), escape="\\")
