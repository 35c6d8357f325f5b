"""The inbox: which tasks a person sees in which view, and what they do with one.

Reading (`views`) never loads a process instance; doing (`doing`) asks in this order: may they, is the form filled in,
are the photos good; then the engine is told. Nobody sees a reporter's tasks here.
"""

from cases.inbox.choices import candidates, choices, delegates, photos
from cases.inbox.doing import Photo, claim, complete, delegate, form, get, put_off, release
from cases.inbox.paging import InvalidCursor
from cases.inbox.views import VIEWS, Page, TaskRow, counts, tasks

__all__ = [
    "VIEWS",
    "InvalidCursor",
    "Page",
    "Photo",
    "TaskRow",
    "candidates",
    "choices",
    "claim",
    "complete",
    "counts",
    "delegate",
    "delegates",
    "form",
    "get",
    "photos",
    "put_off",
    "release",
    "tasks",
]
