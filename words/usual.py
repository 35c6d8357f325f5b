"""How long things usually take, as people say it: never quicker than it is."""

from __future__ import annotations

import math

from flask_babel import gettext as _
from flask_babel import ngettext

from cases.performance.usual import Usual

_HOUR, _DAY = 60, 60 * 24
#: By how much a duration may be less than it is known: durations are kept in buckets so wide.
_COARSE = 0.01
#: From so many hours on days are said.
_TWO_DAYS = 48


def usual(known: Usual | None) -> str:
    """`Half of such reports have a result within 2 days, nine of ten within 5 days.`; nothing where nothing is known."""
    if known is None or known.half is None:
        return ""
    half = _within(known.half)
    if known.most is None:
        return _("Half of such reports have a result within %(half)s.", half=half)
    most = _within(known.most)
    if half == most:
        return _("Nine of ten such reports have a result within %(most)s.", most=most)
    return _("Half of such reports have a result within %(half)s, nine of ten within %(most)s.", half=half, most=most)


def basis(known: Usual) -> str:
    """What that rests on."""
    if known.is_of_area:
        return _(
            "From %(n)s results in this area in the last 90 days; those still open are counted too.", n=known.results
        )
    return _(
        "From %(n)s results in the whole city in the last 90 days; those still open are counted too.", n=known.results
    )


def risk(share: float) -> str:
    """How likely a promise is to be missed, in fives; what is all but sure or all but impossible is not called sure."""
    in_fives = min(max(5 * round(20 * share), 5), 95)
    if share >= 1:
        return _("Overdue")
    return _("Likely late: %(n)s in 100", n=in_fives)


def _within(minutes: float) -> str:
    minutes *= 1 - _COARSE
    hours = max(math.ceil(minutes / _HOUR), 1)
    if hours < _TWO_DAYS:
        return ngettext("%(num)d hour", "%(num)d hours", hours)
    return ngettext("%(num)d day", "%(num)d days", math.ceil(minutes / _DAY))
