"""Everything the city stores. Import models from here; Alembic reads the metadata through this package."""

from cases.models.calendars import Redating, RedatingState
from cases.models.cases import Attachment, Case, Feedback, Note, Publication, PublishedPhoto, Report
from cases.models.deadlines import Deadline, DeadlinePause
from cases.models.displays import Display, Indicator, WallLayout
from cases.models.ledger import Event, Message, Setting
from cases.models.open_data import OpenDataRoot
from cases.models.people import ApiKey, Membership, Person, Role, Unit
from cases.models.performance import KpiCase, KpiCell, KpiDirty, KpiSpread, KpiUsual
from cases.models.places import Area, Category
from cases.models.subscriptions import ReportSubscription

__all__ = [
    "ApiKey",
    "Area",
    "Attachment",
    "Case",
    "Category",
    "Deadline",
    "DeadlinePause",
    "Display",
    "Event",
    "Feedback",
    "Indicator",
    "KpiCase",
    "KpiCell",
    "KpiDirty",
    "KpiSpread",
    "KpiUsual",
    "Membership",
    "Message",
    "Note",
    "OpenDataRoot",
    "Person",
    "Publication",
    "PublishedPhoto",
    "Redating",
    "RedatingState",
    "Report",
    "ReportSubscription",
    "Role",
    "Setting",
    "Unit",
    "WallLayout",
]
