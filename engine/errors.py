"""Everything the house can refuse, by name.

Four families say what the caller may do about it: look elsewhere (`NotFound`), ask somebody else (`Refused`), look
again (`Conflict`), mend the input (`Invalid`). The doors turn a family into a status code and a class name into a
public code; this module knows neither. The docstring of a class is its message in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


class CasewayError(Exception):
    """This cannot be done."""

    def __init__(self, message: str = "") -> None:
        self.message = message or _default_message(type(self))
        super().__init__(self.message)

    @property
    def code(self) -> str:
        """The class name in snake case: what a program may rely on."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(self).__name__).lower()


def _default_message(kind: type[CasewayError]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0] if kind.__doc__ else kind.__name__


class NotFound(CasewayError):
    """There is no such thing here."""

    def __init__(self, key: str | int = "", message: str = "") -> None:
        self.key = key
        super().__init__(message)


class Refused(CasewayError):
    """You are not allowed to do this."""


class Conflict(CasewayError):
    """This has changed in the meantime."""


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it is (a field, `file:line` or an element), a code with its words, and English text."""

    where: str
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    message: str = ""

    def __str__(self) -> str:
        text = self.message or self.code.replace("_", " ")
        return f"{self.where}: {text}" if self.where else text


class Invalid(CasewayError):
    """Something in the input has to be mended."""

    def __init__(self, problems: Sequence[Problem] = (), message: str = "") -> None:
        self.problems: list[Problem] = list(problems)
        super().__init__(message or "; ".join(str(problem) for problem in self.problems))


# --------------------------------------------------------------------------------------------------- not found


class CaseNotFound(NotFound):
    """There is no case with this code."""


class TaskNotFound(NotFound):
    """There is no such task."""


class DefinitionNotFound(NotFound):
    """There is no process definition with this key or version."""


class StartEventNotFound(NotFound):
    """This process has no such start event, or several and none was named."""


class InstanceNotFound(NotFound):
    """There is no such process instance."""


# --------------------------------------------------------------------------------------------------- refused


class NotYourTask(Refused):
    """This task is meant for somebody else."""


# --------------------------------------------------------------------------------------------------- conflict


class TaskAlreadyClaimed(Conflict):
    """Somebody else has already claimed this task."""

    def __init__(self, by: str = "", message: str = "") -> None:
        self.by = by
        super().__init__(message)


class TaskAlreadyCompleted(Conflict):
    """This task has already been completed."""

    def __init__(self, by: str | None = None, at: datetime | None = None, message: str = "") -> None:
        self.by = by
        self.at = at
        super().__init__(message)


class InstanceEnded(Conflict):
    """This process instance has already ended."""

    def __init__(self, key: str | int = "", message: str = "") -> None:
        self.key = key
        super().__init__(message)


class InstanceSuspended(Conflict):
    """This process instance is suspended: nothing happens until it is resumed."""

    def __init__(self, key: str | int = "", message: str = "") -> None:
        self.key = key
        super().__init__(message)


class DefinitionSuspended(Conflict):
    """This process is suspended: nothing new starts until it is resumed."""

    def __init__(self, key: str = "", message: str = "") -> None:
        self.key = key
        super().__init__(message)


class MoveRefused(Conflict):
    """This token cannot be moved there safely."""

    def __init__(self, why: str = "", message: str = "") -> None:
        self.why = why
        super().__init__(message)


class MessageNotAwaited(Conflict):
    """No process instance is waiting for this message."""

    def __init__(self, name: str = "", correlation_key: str = "", message: str = "") -> None:
        self.name = name
        self.correlation_key = correlation_key
        super().__init__(message)


class ChangedAtOnce(Conflict):
    """Somebody else was changing the same thing at the same moment. Try again."""


class ExecutionFailed(Conflict):
    """The process cannot go on here: its diagram, its data or one of its steps is at fault."""

    def __init__(self, key: str = "", cause: str = "", message: str = "") -> None:
        self.key = key
        self.cause = cause
        super().__init__(message or (f"process instance {key} cannot go on: {cause}" if cause else ""))


class LimitExceeded(ExecutionFailed):
    """One advance of the process instance asks for more than is allowed; nothing of it is kept."""

    def __init__(self, cause: str = "", message: str = "") -> None:
        super().__init__("", cause, message or cause)


class StepBudgetExceeded(LimitExceeded):
    """The process instance took too many steps without waiting for anybody."""


class TooMuchWork(LimitExceeded):
    """One step of the process asks for more computing than is allowed."""


class TooManyRounds(LimitExceeded):
    """A step of the process would have to be done too many times."""


class CallDepthExceeded(LimitExceeded):
    """Processes call one another too deeply."""


# --------------------------------------------------------------------------------------------------- invalid


class InvalidAnswers(Invalid):
    """Some answers of this form have to be mended."""


class VariablesTooLarge(Invalid):
    """The variables of this process instance would take up too much room."""

    def __init__(self, name: str = "", size: int = 0, limit: int = 0, message: str = "") -> None:
        params: dict[str, str | int] = {"name": name, "size": size, "limit": limit}
        text = f"the variables may take up {limit} bytes in all; the largest, “{name}”, takes {size}"
        super().__init__([Problem(name, "variables_too_large", params, text)] if name else [], message)


class InvalidReport(Invalid):
    """Some details of this report have to be mended."""


class CannotMigrate(Invalid):
    """This process instance cannot go to that version."""


class FindingLike(Protocol):
    """What an `InvalidDefinition` reads of a lint finding."""

    @property
    def file(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def element_id(self) -> str | None: ...
    @property
    def message_en(self) -> str: ...


class InvalidDefinition(Invalid):
    """This process definition cannot be executed as drawn."""

    def __init__(
        self, findings: Sequence[FindingLike] = (), message: str = "", *, proposals: Sequence[FindingLike] = ()
    ) -> None:
        self.findings: list[FindingLike] = [*findings, *proposals]
        super().__init__([_problem_of(finding) for finding in findings], message)


def _problem_of(finding: FindingLike) -> Problem:
    where = f"{finding.file}#{finding.element_id}" if finding.element_id else finding.file
    return Problem(where, finding.rule, message=finding.message_en)


# --------------------------------------------------------------------------------------------------- business


class BusinessError(Exception):
    """A handler's answer that the diagram may catch as a BPMN error: not a failure, so it is not retried."""

    def __init__(self, code: str, message: str = "") -> None:
        self.code = code
        self.message = message
        super().__init__(message or code)


class RetryLater(Exception):  # an answer of a handler, like BusinessError
    """A handler's answer that it is too early: this attempt failed, the next one comes when it says, not by the schedule."""

    def __init__(self, after: timedelta | datetime, message: str = "") -> None:
        self.after = after
        super().__init__(message or f"not before {after}")


class GiveUp(Exception):  # an answer of a handler, like BusinessError
    """A handler's answer that trying again cannot help: a person has to look, at once."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
