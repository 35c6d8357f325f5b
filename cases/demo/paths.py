"""How each kind of story goes on after its report. A path stops where the clock does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from cases import owner
from cases.demo.living import Life, Steps
from engine import clock

#: Shares of the time for a result at which an open case is handed in, approved and published, when all goes well.
DONE, APPROVED = 0.8, 0.92
JUDGED_AFTER = timedelta(hours=20)
#: When handled again it goes faster.
AGAIN_AFTER = timedelta(hours=9)
#: Share of the time passed so far at which a reporter who was asked has answered.
ANSWERED = 0.4


def new(_life: Life) -> Steps:
    """Nobody has looked at it yet."""
    yield from ()


def accepted(life: Life) -> Steps:
    """The intake desk takes it on; a leader has it."""
    yield life.accepting.at(_accept_share(life) / 2)
    life.decide("accept")


def working(life: Life) -> Steps:
    """An official works on it; a broken promise has been brought before somebody, who may have answered."""
    yield from accepted(life)
    yield life.accepting.at(_accept_share(life))
    life.assign()


def waiting(life: Life) -> Steps:
    """Another body has to act first; the clock stands still."""
    yield from working(life)
    yield life.resolving.at(life.resolving.used * ANSWERED)
    life.wait_for_body()


def asking(life: Life) -> Steps:
    """The official has asked for more time; a leader has to say."""
    yield from working(life)
    yield life.resolving.at(life.resolving.used * DONE)
    life.ask_for_time()


def extended(life: Life) -> Steps:
    """More time was granted."""
    yield from asking(life)
    yield life.resolving.at(life.resolving.used * APPROVED)
    life.grant()


def in_approval(life: Life) -> Steps:
    """Handed in; the leader has it."""
    yield from working(life)
    yield life.resolving.at(life.resolving.used * DONE)
    life.resolve(life.story.result)


def in_publication(life: Life) -> Steps:
    """Approved; the intake desk has it."""
    yield from in_approval(life)
    yield life.resolving.at(life.resolving.used * APPROVED)
    life.approve()


def published(life: Life) -> Steps:
    """The result is out; the reporter has a week."""
    yield from working(life)
    share = life.resolving.used
    yield life.resolving.at(share * DONE)
    life.resolve(life.story.result)
    yield life.resolving.at(share * APPROVED)
    life.approve()
    yield life.resolving.at(share)
    life.publish(life.story.result)


def satisfied(life: Life) -> Steps:
    """Fixed, and the reporter says so."""
    yield from published(life)
    yield _judged_at(life)
    life.judge("satisfied", life.story.comment, life.story.stars)


def partly(life: Life) -> Steps:
    """Fixed in part."""
    yield from published(life)
    yield _judged_at(life)
    life.judge("partly", life.story.comment, life.story.stars)


def reopened(life: Life) -> Steps:
    """Not fixed: somebody works on it again."""
    yield from published(life)
    yield clock.now() + JUDGED_AFTER / 4
    life.judge("not_fixed", life.story.comment, life.story.stars)


def handled_again(life: Life) -> Steps:
    """Reopened and published a second time."""
    yield from reopened(life)
    text = life.story.second_result or life.story.result
    yield clock.now() + AGAIN_AFTER
    life.resolve(text)
    yield clock.now() + AGAIN_AFTER / 3
    life.approve()
    yield clock.now() + AGAIN_AFTER / 6
    life.publish(text)


def reopened_closed(life: Life) -> Steps:
    """Fixed the second time."""
    yield from handled_again(life)
    yield _judged_at(life)
    life.judge("satisfied", life.story.second_comment, 5)


def reopened_twice(life: Life) -> Steps:
    """Not fixed the second time either: a supervisor has it."""
    yield from handled_again(life)
    yield clock.now() + JUDGED_AFTER / 4
    life.judge("not_fixed", life.story.comment, life.story.stars)


def asked(life: Life) -> Steps:
    """The intake desk needs to know more."""
    yield life.accepting.at(0.4)
    life.decide("ask", message=life.story.message)


def answered(life: Life) -> Steps:
    """The reporter has answered and an official works on it."""
    yield from asked(life)
    yield life.resolving.at(life.resolving.used * ANSWERED)
    life.answer()
    yield life.accepting.after(clock.now(), 0.2)
    life.decide("accept")
    yield life.accepting.after(clock.now(), 0.2)
    life.assign()


def refused(life: Life) -> Steps:
    """Not accepted, with reasons."""
    yield life.accepting.at(0.6)
    life.decide("refuse", refusal_reason=life.story.reason, message=life.story.message)


def merged(life: Life) -> Steps:
    """The same as an earlier one."""
    yield life.accepting.at(0.4)
    life.decide("duplicate", duplicate_of=life.cast[life.story.like].case.tracking_code)


def withdrawn(life: Life) -> Steps:
    """Taken back by the reporter."""
    yield life.accepting.at(0.7)
    owner.withdraw(life.case, life.story.message)


PATHS: dict[str, Callable[[Life], Steps]] = {
    "new": new,
    "assigned": accepted,
    "working": working,
    "waiting": waiting,
    "asking": asking,
    "extended": extended,
    "approval": in_approval,
    "publication": in_publication,
    "published": published,
    "satisfied": satisfied,
    "partly": partly,
    "silent": published,
    "reopened": reopened,
    "reopened_closed": reopened_closed,
    "reopened_twice": reopened_twice,
    "asked": asked,
    "answered": answered,
    "refused": refused,
    "merged": merged,
    "withdrawn": withdrawn,
}


def _accept_share(life: Life) -> float:
    return life.story.accept or life.rng.uniform(0.3, 0.8)


def _judged_at(life: Life) -> datetime:
    return clock.now() + JUDGED_AFTER * life.rng.uniform(0.3, 1.5)
