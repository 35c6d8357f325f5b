"""What a diagram may ask the computer to do: one file per operation, imported here so that it is registered.

Handlers are thin: process variables in, one verb of the city, what the diagram needs next out. They decide nothing.
"""

from handlers import (
    accept_case,
    acknowledge_report,
    ask_reporter,
    assign_official,
    cancel_case,
    close_case,
    merge_case,
    next_leader,
    notify_result,
    promise_deadlines,
    publish_case,
    record_breach,
    record_direction,
    refuse_case,
    remind_leader,
    remind_task,
    reopen_case,
    resume_clock,
    return_case,
    withdraw_case,
)

__all__ = [
    "accept_case",
    "acknowledge_report",
    "ask_reporter",
    "assign_official",
    "cancel_case",
    "close_case",
    "merge_case",
    "next_leader",
    "notify_result",
    "promise_deadlines",
    "publish_case",
    "record_breach",
    "record_direction",
    "refuse_case",
    "remind_leader",
    "remind_task",
    "reopen_case",
    "resume_clock",
    "return_case",
    "withdraw_case",
]
