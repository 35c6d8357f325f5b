"""Living through the stories on a clock that ends now: every step by the person who would take it, through the city's
own verbs, with the timers that ring in between.

A story is a generator that says when it goes on; the next one to go on is the earliest. What would happen after now
has not happened.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import func, select

from cases import cases, extensions, inbox, owner, reports
from cases.demo import drawing, stories
from cases.demo.stories import Pace, Reporter, Story
from cases.models import Case, Person
from cases.reports import NewReport, PhotoUpload
from engine import clock, jobs, timers
from engine.base import session, transaction
from engine.models import TaskState, Timer, UserTask

Steps = Iterator[datetime]

#: Somebody who lives next door to a place reported before.
NEXT_DOOR = 0.0002
INSTRUCTION = "Đã nhắc đơn vị, bổ sung người và yêu cầu báo cáo kết quả trong ngày."
#: Working days that are asked for, and for how many another body is waited for.
EXTENSION_DAYS, WAITING_DAYS = 2, 10
#: Nobody does two things at once.
SHORTEST_PAUSE = timedelta(minutes=2)


@dataclass
class Life:
    """One case being lived."""

    story: Story
    rng: Random
    reporter: Reporter | None
    accepting: Pace
    resolving: Pace
    cast: dict[str, Life]
    sent: Case | None = None
    position: tuple[float, float] = (0.0, 0.0)
    external_id: str | None = None

    # ---- the reporter

    def report(self) -> Steps:
        """Send the report; others may say that they have the problem too."""
        yield self.accepting.opened_at
        self.position = self._position()
        self.sent = reports.submit(self._new_report()).case
        for _ in range(self.story.supporters):
            cases.support(self.case)

    def answer(self) -> None:
        """Answer the intake desk's question."""
        owner.answer_question(self.case, self.story.answer)

    def judge(self, verdict: str, comment: str = "", stars: int | None = None) -> None:
        """Say what one thinks of the result."""
        owner.give_feedback(self.case, verdict, stars, comment)

    # ---- the city

    def decide(self, decision: str, **answers: object) -> None:
        """What the intake desk decides, and how urgent it finds it."""
        urgency = {"urgency": self.story.urgency} if decision == "accept" else {}
        self.do("intake_check", {"decision": decision, **urgency, **answers})

    def assign(self) -> None:
        """The leader names an official."""
        officials = inbox.candidates(self.task("assign"))
        self.do("assign", {"assignment": "assign", "official": self.rng.choice(officials).username})

    def resolve(self, text: str) -> None:
        """The official reports what was done, with a photo."""
        self.answer_escalations()
        photo = drawing.after(self.story.drawing, self.rng)
        self.do("resolve", {"outcome": "done", "result_text": text}, [("sau-xu-ly.jpg", photo)])

    def wait_for_body(self) -> None:
        """The official cannot go on before another body has acted."""
        said = {"waiting_for": self.story.body, "waiting_reason": self.story.reason, "waiting_days": WAITING_DAYS}
        self.do("resolve", {"outcome": "wait", **said})

    def ask_for_time(self) -> None:
        """The official needs longer; a leader decides."""
        extensions.ask(self.case, EXTENSION_DAYS, self.story.reason, by=self.case.official or "")

    def grant(self) -> None:
        """The leader agrees."""
        self.do("approve_extension", {"extension": "grant"})

    def approve(self) -> None:
        """The leader approves."""
        self.do("approve", {"approval": "approve"})

    def publish(self, text: str) -> None:
        """The intake desk publishes, or keeps to the reporter what is sensitive."""
        task = self.task("publication_check")
        photos = [str(photo.id) for photo in inbox.photos(self.case)]
        title = self.story.title or f"Đã xử lý: {self.case.category.name_vi.lower()}"
        answers = {
            "publish": "private" if self.case.is_sensitive else "publish",
            "public_title": title,
            "public_text": text,
            "photo_ids": [] if self.case.is_sensitive else photos,
        }
        self.do(task.element_id, answers)

    def answer_escalations(self) -> None:
        """Whoever a broken promise was brought before says what is to be done."""
        for task in self.open_tasks():
            if task.form_key == "escalation":
                self.do(task.element_id, {"action": INSTRUCTION})

    # ---- how

    def do(self, element_id: str, answers: Mapping[str, object], photos: Sequence[inbox.Photo] = ()) -> None:
        """Complete the open task at an element as somebody whose task it is."""
        task = self.task(element_id)
        inbox.complete(task.id, answers, person=self.actor(task), photos=photos)

    def actor(self, task: UserTask) -> Person:
        """The one who has the task, else one of those it is offered to."""
        people = inbox.delegates(task)
        mine = [person for person in people if person.username == task.assignee]
        return (mine or people)[0] if task.assignee else self.rng.choice(people)

    def task(self, element_id: str) -> UserTask:
        """The open task at an element."""
        return next(task for task in self.open_tasks() if task.element_id == element_id)

    def open_tasks(self) -> list[UserTask]:
        """What people are asked to do in this case."""
        query = select(UserTask).where(UserTask.instance_id == self.case.instance_id, UserTask.state == TaskState.OPEN)
        return list(session().scalars(query.order_by(UserTask.id)))

    @property
    def case(self) -> Case:
        """The case, once it has been reported."""
        assert self.sent is not None
        return self.sent

    def _position(self) -> tuple[float, float]:
        if not self.story.like:
            return stories.place(self.story.area, self.rng)
        latitude, longitude = self.cast[self.story.like].position
        return latitude + self.rng.uniform(-NEXT_DOOR, NEXT_DOOR), longitude + self.rng.uniform(-NEXT_DOOR, NEXT_DOOR)

    def _new_report(self) -> NewReport:
        said, who = self.story, self.reporter
        photos = [PhotoUpload("hien-truong.jpg", drawing.before(said.drawing, self.rng))] if said.drawing else []
        return NewReport(
            text=said.text,
            category=said.category,
            latitude=self.position[0],
            longitude=self.position[1],
            address=said.address,
            contact_name=who.name if who else None,
            contact_email=who.email if who else None,
            contact_phone=who.phone if who else None,
            locale=who.locale if who else "vi",
            photos=photos,
            external_id=self.external_id,
        )


@dataclass
class Stage:
    """The clock all lives share. `paths` says how each kind of story goes on after its report."""

    until: datetime
    paths: dict[str, Callable[[Life], Steps]]
    waiting: list[tuple[datetime, int, Steps]] = field(default_factory=list)

    def play(self, lives: list[Life]) -> None:
        """Let everything happen that happens until now, in its order."""
        for number, life in enumerate(lives):
            self._go_on(number, self._life(life))
        while self.waiting:
            moment, number, steps = heapq.heappop(self.waiting)
            self._ring_until(moment)
            with clock.at(moment):
                self._go_on(number, steps, since=moment)
                jobs.run_waiting()
        self._ring_until(self.until)

    def _life(self, life: Life) -> Steps:
        yield from life.report()
        yield from self.paths[life.story.path](life)

    def _go_on(self, number: int, steps: Steps, *, since: datetime | None = None) -> None:
        """Take the step that is due; remember when the next one is, which is never earlier."""
        with transaction():
            moment = next(steps, None)
        if moment is None:
            return
        later = moment if since is None else max(moment, since + SHORTEST_PAUSE)
        if later <= self.until:
            heapq.heappush(self.waiting, (later, number, steps))

    def _ring_until(self, moment: datetime) -> None:
        """Let timers ring at their own moments."""
        while True:
            due = session().scalar(
                select(func.min(Timer.due_at)).where(Timer.due_at <= moment, Timer.queued_at.is_(None))
            )
            if due is None:
                return
            with clock.at(due):
                timers.fire_due()
                jobs.run_waiting()
