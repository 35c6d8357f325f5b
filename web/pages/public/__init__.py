"""Pages for everybody: home, list and map, reporting in three steps, following a case, how the city is doing.

Each works without a script: real links, real forms. `pages` is registered once for each language, so addresses inside
templates are relative (`url_for('.home')`).
"""

from __future__ import annotations

from web.pages.public import (
    about,
    cases,
    home,
    opened,
    performance,
    photos,
    receipt,
    report,
    report_contact,
    report_mail,
    report_place,
    tracking,
    tracking_owner,
)
from web.pages.public.blueprint import pages

__all__ = [
    "about",
    "cases",
    "home",
    "opened",
    "pages",
    "performance",
    "photos",
    "receipt",
    "report",
    "report_contact",
    "report_mail",
    "report_place",
    "tracking",
    "tracking_owner",
]
