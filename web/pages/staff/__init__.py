"""Pages for the people who work on cases, design processes and look after the house. Each speaks its reader's language."""

from __future__ import annotations

from web.pages.staff import (
    admin,
    approvals,
    beginning,
    case_acts,
    case_file,
    case_publication,
    case_time,
    design,
    design_upload,
    fragments,
    held,
    inbox,
    insight,
    logbook,
    mailbox,
    me,
    moved,
    moving,
    photos,
    queue,
    running,
    running_acts,
    search,
    stopped,
    tasks,
    variables,
)

BLUEPRINTS = [
    room.pages
    for room in (
        inbox,
        tasks,
        approvals,
        search,
        case_file,
        case_acts,
        case_publication,
        case_time,
        photos,
        mailbox,
        insight,
        design_upload,
        design,
        admin,
        running,
        running_acts,
        variables,
        stopped,
        beginning,
        held,
        moving,
        moved,
        queue,
        logbook,
        me,
        fragments,
    )
]
