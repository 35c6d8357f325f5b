"""What is done to a publication afterwards: taken back, shown again, said in other words.

The first publication is the diagram's (`publications.publish`); nothing here moves a case on. What is taken back is kept,
so that it can be shown again, and each of these is one event with who did it and why.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from cases import cases, history, new_report
from cases.models import Attachment, Case, Event, Publication, PublishedPhoto
from engine import clock
from engine.base import session
from engine.errors import Conflict, Invalid, Problem

LONGEST_REASON = 2000
LONGEST_TITLE = 200
LONGEST_RESULT = 5000


class NotPublished(Conflict):
    """The public sees no result of this case (any more)."""


class NothingToPublish(Conflict):
    """This case has no result that was once meant for the public."""


def withdraw(case: Case, reason: str, *, by: str) -> Publication:
    """Take the result off every public page at once. Raises: Invalid without a reason, NotPublished."""
    reason = new_report.tidy_text(reason)
    _refuse(_in_reason(reason))
    publication = _locked(case)
    if publication is None or publication.withdrawn_at is not None:
        raise NotPublished
    history.record(case, "publication_withdrawn", by=by, reason=reason)
    publication.withdrawn_at = clock.now()
    return publication


def publish_again(
    case: Case,
    reason: str,
    *,
    title: str | None = None,
    result: str | None = None,
    photo_ids: Collection[int] | None = None,
    by: str,
) -> Publication:
    """Show what was taken back, or say what is shown in other words; what is None stays as it was.

    Raises: Invalid (`reason`, `title`, `result`, `photo_ids`), NothingToPublish for what the diagram never published, for
    a result that was kept for the reporter since, and for a sensitive case.
    """
    reason = new_report.tidy_text(reason)
    title, result = _tidy(title), _tidy(result)
    _refuse([*_in_reason(reason), *_in_words(title, result), *_in_photos(case, photo_ids)])
    publication = _locked(case)
    if publication is None or not can_be_public(case):
        raise NothingToPublish
    is_back = publication.withdrawn_at is not None
    history.record(case, "publication_restored" if is_back else "publication_changed", by=by, reason=reason)
    publication.title = publication.title if title is None else title
    publication.result = publication.result if result is None else result or None
    if photo_ids is not None:
        choose_photos(publication, list(dict.fromkeys(photo_ids)))
    publication.withdrawn_at = None
    session().flush()
    return publication


def can_be_public(case: Case) -> bool:
    """Whether the last result was meant for the public: not one kept for the reporter, nor of a sensitive case."""
    if case.publication is None or case.is_sensitive:
        return False
    last = select(Event.name).where(Event.case_id == case.id, Event.name.in_(("result_published", "result_recorded")))
    return session().scalar(last.order_by(Event.sequence.desc()).limit(1)) == "result_published"


def choose_photos(publication: Publication, photo_ids: Collection[int]) -> None:
    """Let these photos, in this order, be the public ones."""
    known = {photo.attachment_id: photo for photo in publication.photos}
    publication.photos = [known.get(photo_id) or PublishedPhoto(attachment_id=photo_id) for photo_id in photo_ids]
    for position, shown in enumerate(publication.photos):
        shown.position = position


def _locked(case: Case) -> Publication | None:
    """The publication as it is now, held until the end of the transaction; the instance first, as the engine does."""
    cases.lock(case)
    query = select(Publication).where(Publication.case_id == case.id).with_for_update()
    return session().scalar(query.execution_options(populate_existing=True))


def _tidy(text: str | None) -> str | None:
    return None if text is None else new_report.tidy_text(text)


def _in_reason(reason: str) -> list[Problem]:
    if not reason:
        return [Problem("reason", "required")]
    return _too_long("reason", reason, LONGEST_REASON)


def _in_words(title: str | None, result: str | None) -> list[Problem]:
    missing = [Problem("title", "required")] if title == "" else []
    return [*missing, *_too_long("title", title, LONGEST_TITLE), *_too_long("result", result, LONGEST_RESULT)]


def _too_long(where: str, text: str | None, most: int) -> list[Problem]:
    return [Problem(where, "too_long", {"max": most})] if text and len(text) > most else []


def _in_photos(case: Case, photo_ids: Collection[int] | None) -> list[Problem]:
    own = set(session().scalars(select(Attachment.id).where(Attachment.case_id == case.id)))
    return [] if own.issuperset(photo_ids or ()) else [Problem("photo_ids", "unknown")]


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Invalid(problems)
