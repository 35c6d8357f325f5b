"""What operators are told: why something stands still, and why a token, a variable or an instance cannot be moved."""

from __future__ import annotations

from flask_babel import gettext as _


def titles() -> dict[str, str]:
    """What can be wrong with a wish of an operator, or with one that meets a suspension."""
    return {
        "instance_not_found": _("There is no such process instance."),
        "instance_suspended": _("This is suspended: nothing happens until an administrator lets it go on."),
        "definition_suspended": _(
            "This process is suspended: nothing new starts until an administrator lets it go on."
        ),
        "job_not_found": _("There is no such job."),
        "job_not_failed": _("This job has not failed, so there is nothing to try again."),
        "business_key_taken": _("There is an instance with this key already. Choose another one."),
        "already_so": _("It is so already. Nothing was changed."),
        "move_refused": _("The token cannot be moved there safely."),
        "cannot_migrate": _("This instance cannot go to that version."),
        "migration_not_found": _("There is no such migration."),
        "migration_not_done": _("This migration is not at rest. Wait until it is done; it can be undone once."),
    }


def about_fields() -> dict[str, str]:
    """What can be wrong with a variable, and what keeps an instance from another version."""
    return {
        "not_a_name": _("A name has letters, digits and underscores, and begins with no digit."),
        "too_deep": _("This is nested too deeply. At most %(max)s levels."),
        "unknown_start_event": _("The process has no such start event. It has: %(known)s."),
        "start_event_needed": _("The process has several start events. Choose one: %(known)s."),
        "node_gone": _("Something waits here, and the other version has no such element. Say what it is called there."),
        "kind_changed": _("Something waits here, and in the other version this is another kind of element."),
        "scope_changed": _("Something waits here, and in the other version this stands in another subprocess."),
        "called_process_changed": _(
            "Something waits in the process called here, and the other version calls another one."
        ),
        "cannot_go_on": _("The instance cannot be read, or cannot go on in the other version."),
    }


def about_moves() -> dict[str, str]:
    """Why a token cannot be moved."""
    return {
        "move_to_nowhere": _("The process has no such element."),
        "move_out_of_scope": _("That element stands in another subprocess."),
        "move_across_branches": _("That element stands in another parallel branch, so something would wait for ever."),
        "move_to_this_kind": _("A token can be put before a task, a waiting event or a subprocess only."),
        "move_of_repetition": _("A token cannot be moved into or out of something that is repeated."),
        "move_behind_event_gateway": _("That event belongs to an event gateway. Move the token to the gateway."),
        "move_of_boundary_event": _("A boundary event holds no token. Move that of its activity."),
    }
