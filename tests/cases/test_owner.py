"""What the holder of a report's secret link may do, and nobody else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from cases import attachments, cases, codes, history, owner, reports
from cases.models import Case, Feedback, Note
from cases.reports import PhotoUpload
from engine import clock, tasks, timers
from engine.base import session, transaction
from engine.errors import CasewayError, Invalid, MessageNotAwaited
from engine.models import Definition
from tests import town as cast


def asked(**changes: Any) -> Case:
    case = cast.report(**changes).case
    cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Số nhà bao nhiêu?")
    return case


def problems(verb: Any, *given: Any, **named: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        verb(*given, **named)
    return [(problem.where, problem.code) for problem in refused.value.problems]


# ---------------------------------------------------------------------------------------------------------------- link


def test_the_key_opens_its_own_case_only(town: Definition) -> None:
    sent, other = cast.report(), cast.report()
    assert sent.owner_key is not None
    assert owner.case_for(sent.tracking_code.lower(), sent.owner_key) is sent.case
    with pytest.raises(owner.NotTheOwner):
        owner.case_for(other.tracking_code, sent.owner_key)


@pytest.mark.parametrize("secret", ["", "x", "\0", "khóa\ud800", "a" * 10_000])
def test_no_other_key_opens_it(town: Definition, secret: str) -> None:
    sent = cast.report()
    for wrong in (secret, sent.case.owner_key_hash, sent.tracking_code):
        with pytest.raises(owner.NotTheOwner):
            owner.case_for(sent.tracking_code, wrong)


def test_links_in_old_letters_still_work_after_the_installation_s_secret_changed(
    town: Definition, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = cast.report()
    assert sent.owner_key is not None
    monkeypatch.setattr(codes, "_signing_key", b"another secret")
    fresh = codes.owner_key(sent.tracking_code)
    assert fresh != sent.owner_key
    assert owner.case_for(sent.tracking_code, sent.owner_key) is owner.case_for(sent.tracking_code, fresh)


def test_an_unknown_code_is_not_found_whatever_the_key(town: Definition) -> None:
    with pytest.raises(cases.CaseNotFound):
        owner.case_for("PK-0000-000", "x")


# -------------------------------------------------------------------------------------------------------------- answer


def test_an_answer_is_a_report_of_the_case_and_lets_it_go_on(town: Definition) -> None:
    case = asked()
    assert owner.question(case) == "Số nhà bao nhiêu?"
    answer = owner.answer_question(case, " Số 15, gần chợ.\0 ", [cast.photo("green")])
    assert [(report.channel, report.text) for report in reports.of(case)] == [
        ("web", cast.TEXT),
        ("answer", "Số 15, gần chợ."),
    ]
    assert [photo.report_id for photo in answer.attachments] == [answer.id]
    assert (case.status, owner.question(case)) == ("submitted", None)
    assert cast.open_tasks(case) == ["intake_check"]
    told = [event for event in history.timeline(case) if event.name in ("question_answered", "clock_resumed")]
    assert [(event.name, event.by) for event in told] == [
        ("question_answered", "reporter"),
        ("clock_resumed", "reporter"),
    ]
    assert told[1].particulars == {"is_answered": True}


def test_only_the_last_question_is_asked(town: Definition) -> None:
    case = asked()
    owner.answer_question(case, "Số 15.")
    cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Phường nào?")
    assert owner.question(case) == "Phường nào?"


def test_an_answer_says_something(town: Definition) -> None:
    case = asked()
    assert problems(owner.answer_question, case, " ") == [("text", "required")]
    assert problems(owner.answer_question, case, "a" * 5001) == [("text", "too_long")]
    broken = PhotoUpload("a.jpg", b"no photo")
    assert problems(owner.answer_question, case, "", [broken]) == [("photos", "not_an_image")]
    assert case.status == "awaiting_info"


def test_an_answer_nobody_asked_for_is_refused(town: Definition) -> None:
    with pytest.raises(MessageNotAwaited):
        owner.answer_question(cast.report().case, "Số 15, gần chợ.")


def test_an_answer_after_the_time_for_it_is_refused(town: Definition, frozen_clock: datetime) -> None:
    case = asked()
    with clock.at(frozen_clock + timedelta(days=7)):
        timers.fire_due()
        with pytest.raises(MessageNotAwaited):
            owner.answer_question(case, "Xin lỗi, tôi trả lời muộn.")
    resumed = [event for event in history.timeline(case) if event.name == "clock_resumed"]
    assert [(event.by, event.particulars["is_answered"]) for event in resumed] == [("clock", False)]


# ------------------------------------------------------------------------------------------------------------ withdraw


@pytest.mark.parametrize("stage", [cast.accepted, cast.resolved, asked], ids=["handled", "resolved", "asked"])
def test_a_report_can_be_taken_back_at_any_stage(town: Definition, frozen_clock: datetime, stage: Any) -> None:
    case = stage()
    owner.withdraw(case, "Đã tự sửa.")
    assert (case.status, case.outcome, case.closed_at) == ("withdrawn", "withdrawn", frozen_clock)
    assert cast.open_tasks(case) == []
    assert [(note.text, note.written_by) for note in session().query(Note)] == [("Đã tự sửa.", "reporter")]
    assert history.verify(case)


def test_a_report_cannot_be_taken_back_twice(town: Definition) -> None:
    case = cast.accepted()
    owner.withdraw(case)
    with pytest.raises(MessageNotAwaited):
        owner.withdraw(case)
    assert session().query(Note).count() == 0


def test_reporter_and_official_at_once_do_not_block_each_other(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        cast.found()
        waiting = [cast.accepted().id for _ in range(6)]
        tasks_of = {case_id: cast.task(cases.get(case_id), "resolve").id for case_id in waiting}
    start = threading.Barrier(2)
    failures: list[Exception] = []

    def act(verb: Callable[[Case], object]) -> None:
        with own_app.app_context():
            for case_id in waiting:
                start.wait(10)
                try:
                    with transaction():
                        verb(cases.get(case_id))
                except CasewayError:
                    pass  # the other one was first
                except Exception as error:  # noqa: BLE001  # told to the test
                    failures.append(error)

    done = {"outcome": "done", "result_text": "Đã vá xong."}
    complete = partial(tasks.complete, answers=done, by=cast.OFFICIAL)
    officials = threading.Thread(target=act, args=(lambda case: complete(tasks_of[case.id]),))
    officials.start()
    act(lambda case: owner.withdraw(case, "Đã tự sửa."))
    officials.join()
    assert failures == []
    with own_app.app_context():
        assert {cases.get(case_id).status for case_id in waiting} == {"withdrawn"}
        assert all(history.verify(cases.get(case_id)) for case_id in waiting)


# ------------------------------------------------------------------------------------------------------------ feedback


@pytest.mark.parametrize(("verdict", "outcome"), [("satisfied", "closed_satisfied"), ("partly", "closed_partly")])
def test_judging_the_result_closes_the_case(
    town: Definition, frozen_clock: datetime, verdict: str, outcome: str
) -> None:
    case = cast.resolved()
    assert owner.can_give_feedback(case)
    given = owner.give_feedback(case, verdict, 4, " Nhanh. ")
    assert (given.verdict, given.stars, given.comment, given.given_at) == (verdict, 4, "Nhanh.", frozen_clock)
    assert (case.status, case.outcome, case.closed_at) == ("closed", outcome, frozen_clock)
    assert not owner.can_give_feedback(case)


def test_saying_nothing_for_a_week_closes_the_case_in_silence(town: Definition, frozen_clock: datetime) -> None:
    case = cast.resolved()
    with clock.at(frozen_clock + timedelta(days=7, microseconds=-1)):
        timers.fire_due()
        assert case.closed_at is None
    with clock.at(frozen_clock + timedelta(days=7)):
        timers.fire_due()
    assert (case.status, case.outcome) == ("closed", "closed_silent")


def test_a_result_that_did_not_help_opens_the_case_again(town: Definition) -> None:
    case = cast.resolved()
    owner.give_feedback(case, "not_fixed", comment="Vẫn còn ổ gà.")
    assert (case.status, case.reopened_count, case.resolved_at, case.closed_at) == ("in_progress", 1, None, None)
    assert cast.open_tasks(case) == ["resolve"]


def test_silence_after_a_second_result_is_not_taken_for_the_first_judgement(
    town: Definition, frozen_clock: datetime
) -> None:
    case = cast.resolved()
    owner.give_feedback(case, "not_fixed")
    with clock.at(frozen_clock + timedelta(hours=1)):
        cast.resolve(case)
    with clock.at(frozen_clock + timedelta(days=8)):
        timers.fire_due()
    assert (case.status, case.outcome, case.reopened_count) == ("closed", "closed_silent", 1)


def test_the_second_reopening_is_the_supervisor_s_and_there_is_no_third(town: Definition) -> None:
    case = cast.resolved()
    owner.give_feedback(case, "not_fixed")
    cast.resolve(case)
    owner.give_feedback(case, "not_fixed")
    assert (case.status, cast.open_tasks(case)) == ("reopened", ["supervisor_review"])
    cast.do(case, "supervisor_review", cast.SUPERVISOR, instruction="Mời nhà thầu khác.")
    cast.resolve(case)
    owner.give_feedback(case, "not_fixed")
    assert (case.status, case.outcome, case.reopened_count) == ("closed", "closed_unsatisfied", 2)
    assert session().query(Feedback).count() == 3


def test_a_judgement_must_make_sense(town: Definition) -> None:
    case = cast.resolved()
    assert problems(owner.give_feedback, case, "") == [("verdict", "required")]
    assert problems(owner.give_feedback, case, "great", 6, "a" * 2001) == [
        ("verdict", "unknown"),
        ("stars", "unknown"),
        ("comment", "too_long"),
    ]
    assert owner.can_give_feedback(case)


def test_there_is_nothing_to_judge_before_the_result_or_twice(town: Definition) -> None:
    case = cast.accepted()
    with pytest.raises(owner.FeedbackNotAwaited):
        owner.give_feedback(case, "satisfied")
    cast.resolve(case)
    owner.give_feedback(case, "satisfied")
    with pytest.raises(owner.FeedbackNotAwaited):
        owner.give_feedback(case, "not_fixed")


# -------------------------------------------------------------------------------------------------------------- beside


def test_anybody_may_say_that_they_have_this_problem_too(town: Definition) -> None:
    case = cast.report().case
    assert owner.support(case) is case
    owner.support(case)
    assert case.supporters == 2
    assert history.verify(case)


def test_support_for_a_merged_case_counts_where_it_goes_on(town: Definition) -> None:
    case, other = cast.report().case, cast.report().case
    owner.support(case)
    cast.do(case, "intake_check", cast.INTAKE, decision="duplicate", duplicate_of=other.tracking_code)
    assert owner.support(case) is other
    assert (case.supporters, other.supporters) == (1, 3)  # the reporter, who supported it, and one more


def test_a_case_that_has_ended_is_not_supported(town: Definition) -> None:
    case = cast.accepted()
    owner.withdraw(case)
    with pytest.raises(cases.CaseNotFound):
        owner.support(case)


def test_the_owner_sees_their_own_photos_only(town: Definition) -> None:
    case = cast.report(photos=[cast.photo()]).case
    own = case.reports[0].attachments[0]
    proof = attachments.store(case, cast.photo("blue").content, kind="result", by=cast.OFFICIAL)
    strange = cast.report(photos=[cast.photo("green")]).case.reports[0].attachments[0]
    assert owner.photo(case, own.id) is own
    for hidden in (proof.id, strange.id, 0):
        with pytest.raises(attachments.PhotoNotFound):
            owner.photo(case, hidden)
