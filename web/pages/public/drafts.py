"""Reports being written: words, place and cleaned photos, kept for a day where only their writer finds them.

A draft is a directory of the storage with one JSON file and the photos. Its name is random and it is bound to the
writer's session; whoever learns the name from an address alone gets nothing. Sent drafts keep their tracking code, so
that a second click on "send" leads to the same receipt.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from pathlib import Path

from flask import current_app, session

from cases.attachments import Picture
from engine import clock
from engine.errors import NotFound

KEPT_FOR = timedelta(hours=24)

_NAME = re.compile(r"[A-Za-z0-9_-]{22}")
_PHOTO = re.compile(r"[0-9a-f]{12}")


class DraftNotFound(NotFound):
    """This report was begun too long ago or in another browser; please begin again."""


@dataclass
class Draft:
    """What somebody has told so far. `token` makes sending it twice one report; `seen` are the cases shown as nearby."""

    id: str
    visitor: str
    token: str
    text: str = ""
    category: str = ""
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    area: str = ""
    address: str = ""
    contact: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    photos: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    sent: str = ""

    @property
    def is_placed(self) -> bool:
        """Whether there is any place yet."""
        return self.latitude is not None or bool(self.area or self.address)


def begin() -> Draft:
    """A new draft of this visitor; drafts nobody sent in time are removed."""
    _sweep()
    draft = Draft(secrets.token_urlsafe(16), _visitor(), secrets.token_urlsafe(24))
    _folder(draft.id).mkdir(parents=True, mode=0o700)
    return draft


def load(draft_id: str) -> Draft:
    """A draft of this visitor. Raises: DraftNotFound."""
    if not _NAME.fullmatch(draft_id):
        raise DraftNotFound(draft_id)
    try:
        written = json.loads((_folder(draft_id) / "draft.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DraftNotFound(draft_id) from None
    known = {one.name for one in fields(Draft)}
    draft = Draft(**{name: value for name, value in written.items() if name in known})
    if draft.visitor != session.get("visitor"):
        raise DraftNotFound(draft_id)
    return draft


def save(draft: Draft) -> None:
    """Keep a draft; readable at every moment, as it was or as it is."""
    path = _folder(draft.id) / "draft.json"
    half = path.with_name(f"{secrets.token_hex(4)}.half")
    half.write_text(json.dumps(asdict(draft), ensure_ascii=False), encoding="utf-8")
    half.replace(path)


def add_photo(draft: Draft, picture: Picture) -> None:
    """Keep a cleaned photo with the draft; `save` must follow."""
    name = secrets.token_hex(6)
    _photo(draft, name).write_bytes(picture.image)
    _photo(draft, name, small=True).write_bytes(picture.thumbnail)
    draft.photos.append(name)


def remove_photo(draft: Draft, name: str) -> None:
    """Forget a photo; `save` must follow."""
    if name in draft.photos:
        draft.photos.remove(name)
        for small in (False, True):
            _photo(draft, name, small=small).unlink(missing_ok=True)


def thumbnail(draft: Draft, name: str) -> Path:
    """The small picture of one of the draft's photos. Raises: DraftNotFound."""
    if name not in draft.photos or not _PHOTO.fullmatch(name):
        raise DraftNotFound(name)
    return _photo(draft, name, small=True)


def contents(draft: Draft) -> Iterator[bytes]:
    """The photos as they are sent."""
    for name in draft.photos:
        yield _photo(draft, name).read_bytes()


def finish(draft: Draft, tracking_code: str) -> None:
    """The draft was sent: nothing of it is kept but which case it became."""
    save(Draft(draft.id, draft.visitor, draft.token, sent=tracking_code))
    for name in list(draft.photos):
        remove_photo(draft, name)


def discard(draft: Draft) -> None:
    """Nobody wants it any more."""
    shutil.rmtree(_folder(draft.id), ignore_errors=True)


def _visitor() -> str:
    if "visitor" not in session:
        session["visitor"] = secrets.token_urlsafe(16)
    return str(session["visitor"])


def _root() -> Path:
    return Path(current_app.config["CASEWAY"].storage_url) / "drafts"


def _folder(draft_id: str) -> Path:
    return _root() / draft_id


def _photo(draft: Draft, name: str, *, small: bool = False) -> Path:
    return _folder(draft.id) / f"{name}{'-small' if small else ''}.jpg"


def _sweep() -> None:
    """Remove what was last touched more than a day ago."""
    root = _root()
    if not root.is_dir():
        return
    oldest = (clock.now() - KEPT_FOR).timestamp()
    for folder in root.iterdir():
        try:
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:
            continue  # another request has just removed it
