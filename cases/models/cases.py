"""What citizens said, what the city does about it, and what the public may see of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.people import Unit
from cases.models.places import Area, Category
from engine.base import Base, UtcDateTime


class Case(Base):
    """What the city does about one or more reports. Columns hold facts; what may happen next is in the diagram.

    `status` is the code of the last public step, `tracking_code` opens the public view, only the hash of the owner's
    secret is kept.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_status_opened", "status", "opened_at"),
        Index("ix_case_place", "latitude", "longitude"),
        Index("ix_case_unit_status", "unit_id", "status"),
        Index("ix_case_ended", text("coalesce(resolved_at, closed_at)")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tracking_code: Mapped[str] = mapped_column(Text, unique=True)
    owner_key_hash: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    official: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, default="submitted")
    priority: Mapped[int] = mapped_column(default=50)
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    address: Mapped[str | None] = mapped_column(Text)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("instance.id"), unique=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    urgency: Mapped[str] = mapped_column(
        Text, default="normal"
    )  # as the intake desk sees it: urgent | normal | complex
    reopened_count: Mapped[int] = mapped_column(default=0)
    supporters: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    category: Mapped[Category] = relationship()
    area: Mapped[Area | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    reports: Mapped[list[Report]] = relationship(back_populates="case", order_by="Report.id")
    publication: Mapped[Publication | None] = relationship(back_populates="case", uselist=False)


class Report(Base):
    """What a citizen said. Never changed."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    category_code: Mapped[str | None] = mapped_column(Text)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    address: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text)
    contact_name: Mapped[str | None] = mapped_column(Text)
    contact_email: Mapped[str | None] = mapped_column(Text)
    contact_phone: Mapped[str | None] = mapped_column(Text)
    consent_version: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text, unique=True)
    idempotency_key: Mapped[str | None] = mapped_column(Text, unique=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(back_populates="reports")
    attachments: Mapped[list[Attachment]] = relationship(back_populates="report", order_by="Attachment.id")


class Attachment(Base):
    """A photo of a report or of a result, metadata removed before it is stored."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)  # report | result
    media_type: Mapped[str] = mapped_column(Text)
    width: Mapped[int]
    height: Mapped[int]
    byte_size: Mapped[int]
    sha256: Mapped[str] = mapped_column(Text)
    storage_key: Mapped[str] = mapped_column(Text)
    thumbnail_key: Mapped[str] = mapped_column(Text)
    caption: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(Text)

    report: Mapped[Report | None] = relationship(back_populates="attachments")


class Publication(Base):
    """The public, cleaned copy of a case: public lists, maps and pages read this and never the case."""

    __tablename__ = "publication"
    __table_args__ = (Index("ix_publication_published", "published_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    title: Mapped[str] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(back_populates="publication")
    photos: Mapped[list[PublishedPhoto]] = relationship(
        back_populates="publication", cascade="all, delete-orphan", order_by="PublishedPhoto.position"
    )


class PublishedPhoto(Base):
    """A photo chosen to be public."""

    __tablename__ = "published_photo"
    __table_args__ = (UniqueConstraint("publication_id", "attachment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)

    publication: Mapped[Publication] = relationship(back_populates="photos")
    attachment: Mapped[Attachment] = relationship()


class Feedback(Base):
    """What the reporter thinks of a result; one for each result."""

    __tablename__ = "feedback"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars_one_to_five"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    verdict: Mapped[str] = mapped_column(Text)  # satisfied | partly | not_fixed
    stars: Mapped[int | None]
    comment: Mapped[str | None] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Note(Base):
    """An internal remark; never public."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by: Mapped[str] = mapped_column(Text)
