"""How moments are said: in the city's time, in the reader's language."""

from __future__ import annotations

from datetime import datetime

from flask_babel import get_locale, to_user_timezone

WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def moment(at: datetime | None) -> str:
    """`16:30, thứ Ba 24/11/2026`."""
    return local_moment(to_user_timezone(at)) if at else ""


def local_moment(local: datetime) -> str:
    """The same, of a moment in whatever zone it is."""
    names = WEEKDAYS_VI if str(get_locale()) == "vi" else WEEKDAYS_EN
    return f"{local:%H:%M}, {names[local.weekday()]} {local:%d/%m/%Y}"


def short_moment(at: datetime | None) -> str:
    """`24/11 16:30`."""
    return f"{to_user_timezone(at):%d/%m %H:%M}" if at else ""


def day(at: datetime | None) -> str:
    """`24/11/2026`."""
    return f"{to_user_timezone(at):%d/%m/%Y}" if at else ""
