"""What the engine stores: definitions, instances and the waiting parts of instances as indexed rows.

`UserTask`, `Timer`, `Subscription` and `Job` are projections of an instance's state, rewritten in the transaction that
stores it, so that the inbox, the clock and message routing never load an instance.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.base import Base, UtcDateTime


class DefinitionState(StrEnum):
    DRAFT = "draft"  # saved with findings or not yet activated; starts nothing
    ACTIVE = "active"  # new instances start on the newest active version
    RETIRED = "retired"  # an older version; its running instances go on


class InstanceStatus(StrEnum):
    RUNNING = "running"
    ENDED = "ended"


class TaskState(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"  # the diagram took another way: a timer, a message, an end


class JobState(StrEnum):
    WAITING = "waiting"  # to be run at `run_after` or later
    RUNNING = "running"  # an attempt has begun and not ended
    DONE = "done"
    FAILED = "failed"  # retries used up; an incident tells a person
    CANCELLED = "cancelled"  # its instance went another way
    HELD = "held"  # its instance is suspended


class Definition(Base):
    """One immutable version of a process with its decision tables and forms."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("key", "version"), UniqueConstraint("key", "checksum"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    checksum: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    deployed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deployed_by: Mapped[str] = mapped_column(Text)
    release_note: Mapped[str] = mapped_column(Text, default="")
    is_suspended: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # starts nothing, and nothing of its instances happens
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)

    files: Mapped[list[DefinitionFile]] = relationship(
        back_populates="definition", order_by="DefinitionFile.name", cascade="all, delete-orphan"
    )


class DefinitionFile(Base):
    """One file of a version, as uploaded (or as normalised at upload)."""

    __tablename__ = "definition_file"
    __table_args__ = (UniqueConstraint("definition_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)

    definition: Mapped[Definition] = relationship(back_populates="files")


class Instance(Base):
    """One run of a definition; `state` is the compact form of engine.spiff.state, meaningful only with its definition."""

    __tablename__ = "instance"
    __table_args__ = (Index("ix_instance_counted", "definition_id", "status", "is_held"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"), index=True)
    business_key: Mapped[str] = mapped_column(Text, unique=True)
    state: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    revision: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(Text, default=InstanceStatus.RUNNING)
    outcome: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_suspended: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # by itself, not with its whole definition
    is_held: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # it or its definition is suspended: nothing happens
    trail: Mapped[str] = mapped_column(Text, deferred=True, default="", server_default="")  # engine.trails

    definition: Mapped[Definition] = relationship()


class UserTask(Base):
    """Something a person is asked to do. Claim, assignee and follow-up live here, never in the instance's state."""

    __tablename__ = "user_task"
    __table_args__ = (
        UniqueConstraint("instance_id", "task_uid"),
        Index("ix_user_task_open_due", "due_at", "id", postgresql_where=text("state = 'open'")),
        Index(
            "ix_user_task_open_groups",
            "candidate_groups",
            postgresql_using="gin",
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_user_task_open_assignee", "assignee", "due_at", postgresql_where=text("state = 'open'")),
        Index("ix_user_task_ended_by", "ended_by", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id", ondelete="CASCADE"))
    task_uid: Mapped[str] = mapped_column(Text)
    element_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    public_step: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=TaskState.OPEN)
    candidate_groups: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    assignee: Mapped[str | None] = mapped_column(Text)
    form_key: Mapped[str | None] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(default=50)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    follow_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(Text)
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    instance: Mapped[Instance] = relationship()


class Timer(Base):
    """A BPMN event waiting for a moment. The row exists as long as the event waits."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("instance_id", "task_uid"),
        Index("ix_timer_due", "due_at", "id", postgresql_where=text("NOT is_held")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id", ondelete="CASCADE"))
    task_uid: Mapped[str] = mapped_column(Text)
    element_id: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    queued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_held: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # its instance is suspended: no clock takes it


class Subscription(Base):
    """A BPMN event waiting for a message with this name and correlation key."""

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("instance_id", "task_uid", "message_name"),
        Index("ix_subscription_message", "message_name", "correlation_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id", ondelete="CASCADE"))
    task_uid: Mapped[str] = mapped_column(Text)
    element_id: Mapped[str] = mapped_column(Text)
    message_name: Mapped[str] = mapped_column(Text)
    correlation_key: Mapped[str] = mapped_column(Text)


class Job(Base):
    """One piece of background work: a row in the transaction that wants it, in RQ after the commit."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("instance_id", "task_uid"),
        Index("ix_job_waiting", "run_after", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_job_lane", "lane", "run_after", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_job_running", "seen_at", postgresql_where=text("state = 'running'")),
        Index("ix_job_stopped", "lane", postgresql_where=text("state IN ('held', 'failed')")),
        Index(
            "ix_job_alone", "ended_at", postgresql_where=text("instance_id IS NULL AND state IN ('done', 'cancelled')")
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("instance.id", ondelete="CASCADE"))
    task_uid: Mapped[str | None] = mapped_column(Text)
    element_id: Mapped[str | None] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(Text, default=JobState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime] = mapped_column(UtcDateTime)
    lane: Mapped[str] = mapped_column(
        Text, default="", server_default=""
    )  # its process, or its topic: lanes take turns
    retry: Mapped[str | None] = mapped_column(Text)  # what the diagram says, as `engine.retries` reads it
    time_limit_s: Mapped[int | None]
    attempt_id: Mapped[int | None] = mapped_column(BigInteger)  # the newest attempt; no other one may end the job
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when its worker last said that it lives
    place_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # its turn in the line of a handler with a rate
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AttemptOutcome(StrEnum):
    DONE = "done"
    FAILED = "failed"
    LOST = "lost"  # its worker died or fell silent
    SET_ASIDE = "set_aside"  # its instance had ended, was suspended or had gone another way; it does not count


class Attempt(Base):
    """One try of a job, written when it begins: what kills its worker has been counted before."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("ix_attempt_lane", "lane", "id"),
        Index("ix_attempt_began_at", "began_at"),
        Index("ix_attempt_plain", "ended_at", postgresql_where=text("outcome IN ('done', 'set_aside')")),
        Index("ix_attempt_fruitless", "ended_at", postgresql_where=text("outcome IN ('failed', 'lost')")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    lane: Mapped[str] = mapped_column(Text)
    worker: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)


class Pace(Base):
    """How fast a handler with a rate has been used: when its latest attempts began, and who is next in line."""

    __tablename__ = "pace"

    topic: Mapped[str] = mapped_column(Text, primary_key=True)
    begun: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)), default=list)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the first free place; in the past: nobody waits


class Incident(Base):
    """What is left for a person when retries are used up or an instance cannot go on."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_open", "opened_at", postgresql_where=text("resolved_at IS NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("instance.id", ondelete="CASCADE"), index=True)
    element_id: Mapped[str | None] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_by: Mapped[str | None] = mapped_column(Text)

    job: Mapped[Job | None] = relationship()
    instance: Mapped[Instance | None] = relationship()
