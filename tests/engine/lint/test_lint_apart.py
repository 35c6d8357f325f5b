"""Files from strangers are looked at in a process of its own: whatever they do, the answer is a finding."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.lint import Vocabulary, apart, inspect
from engine.lint.apart import Helper, NoAnswer
from engine.lint.inspection import given_up
from tests.engine.lint import hostile
from tests.engine.lint.asking import KNOWN, choice, person, row


@pytest.fixture(scope="module")
def misbehaving() -> Iterator[Helper]:
    helper = Helper("tests.engine.lint.misbehaving")
    yield helper
    helper.close()


def refusal(question: str, helper: Helper, files: dict[str, bytes] | None = None) -> NoAnswer:
    with pytest.raises(NoAnswer) as caught:
        apart.ask(question, files or {}, KNOWN, by=helper)
    return caught.value


def test_an_inspection_gives_what_will_be_stored_and_how_it_is_called() -> None:
    found = inspect({"demo.bpmn": choice("${x > 1}"), "words.txt": b"kept"}, KNOWN)
    assert ([one.rule for one in found.findings], found.errors) == (["expression-translated"], [])
    assert (found.key, found.name) == ("demo", "Demo")
    assert b"= x &gt; 1" in found.files["demo.bpmn"]
    assert found.files["words.txt"] == b"kept"


def test_functions_are_known_over_there_with_what_they_take() -> None:
    rules = {one.rule for one in inspect({"a.bpmn": choice("= deadline() > 1")}, KNOWN).findings}
    assert rules == {"expression-syntax"}
    assert inspect({"a.bpmn": choice("= deadline(1) > 1")}, KNOWN).findings == []
    names_only = Vocabulary(handlers=(), functions={"deadline"})
    assert inspect({"a.bpmn": choice("= deadline(1, 2, 3) > 1")}, names_only).findings == []


@pytest.mark.parametrize("question", ["compute", "sleep"])
def test_what_takes_too_long_is_stopped(question: str, misbehaving: Helper) -> None:
    assert refusal(question, misbehaving).why == "time"


def test_the_file_that_would_hang_the_library_is_read_without_what_hangs_it(misbehaving: Helper) -> None:
    assert len(hostile.HANGS) <= 700
    assert apart.ask("read", {"a.bpmn": hostile.HANGS}, KNOWN, by=misbehaving) == "p"


def test_what_takes_too_much_memory_is_stopped_and_what_fits_is_not(misbehaving: Helper) -> None:
    assert refusal("grow", misbehaving).why == "memory"
    assert apart.ask("fit", {}, KNOWN, by=misbehaving) == 100 * 1024 * 1024


def test_what_ends_the_process_ends_only_that(misbehaving: Helper) -> None:
    assert refusal("fall", misbehaving).why == "crash"
    assert refusal("fail", misbehaving).detail == "IndexError: list index out of range"


def test_without_a_helper_the_answer_is_a_refusal_too() -> None:
    assert refusal("inspect", Helper("tests.engine.lint.nowhere")).why == "crash"


@pytest.mark.parametrize("why", ["time", "memory", "crash"])
def test_a_refusal_is_a_finding_in_both_languages(why: str) -> None:
    found = given_up(NoAnswer(why, "IndexError: x"))
    texts = {found.message_vi, found.message_en, found.remedy_vi, found.remedy_en}
    assert (found.severity, len(texts)) == ("error", 4)
    assert all("{" not in text for text in texts)


def test_a_helper_that_has_gone_is_made_again(misbehaving: Helper) -> None:
    assert refusal("fail", misbehaving).why == "crash"
    misbehaving.close()
    assert refusal("fail", misbehaving).why == "crash"


def test_many_may_ask_at_once() -> None:
    answers: list[str] = []

    def ask(number: int) -> None:
        answers.append(inspect({"a.bpmn": row(person(f"step{number}"), names=(f"step{number}",))}, KNOWN).key)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["demo"] * 8


def test_a_process_that_divides_does_not_share_the_helper() -> None:
    assert inspect({"a.bpmn": row(person("a"))}, KNOWN).key == "demo"
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.write(writing, inspect({"a.bpmn": row(person("a"))}, KNOWN).key.encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as answer:  # noqa: PTH123  # a descriptor, not a path
        assert answer.read() == b"demo"
    os.wait()
    assert inspect({"a.bpmn": row(person("a"))}, KNOWN).key == "demo"


def test_nothing_secret_is_told_to_the_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    helper = Helper()
    assert apart.ask("groups", {"a.bpmn": row(person("a"))}, KNOWN, by=helper) == [["a.bpmn"]]
    told = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/environ") if _is_helper(path.parent)]
    helper.close()
    assert told
    assert not any(b"do-not-tell" in one for one in told)


def _is_helper(process: Path) -> bool:
    try:
        return b"engine.lint.child" in (process / "cmdline").read_bytes()
    except OSError:
        return False


def test_a_process_of_299_steps_in_a_row_is_all_right() -> None:
    names = tuple(f"n{number}" for number in range(297))
    found = inspect({"a.bpmn": row(*map(person, names), names=names)}, KNOWN)
    assert found.findings == []


def test_a_megabyte_of_words_is_all_right() -> None:
    words = person("a").replace("/>", f"><bpmn:documentation>{'đường ' * 130_000}</bpmn:documentation></bpmn:userTask>")
    assert inspect({"a.bpmn": row(words)[:990_000]}, KNOWN).errors[0].rule == "not-xml"
    assert inspect({"a.bpmn": row(words.replace("đường ", "street"[:5] + " "))}, KNOWN).errors == []
