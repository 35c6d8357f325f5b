"""Everything pages and API say exists in Vietnamese, with the same blanks to fill, and stands in one place."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from settings import ROOT

ROOMS = ("words", "api", "web")
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
BLANK = re.compile(r"%\((\w+)\)[sd]")


@cache
def sentences() -> frozenset[str]:
    """What the house says, singulars."""
    found = [
        said
        for room in ROOMS
        for _, _, said, _, _ in extract_from_dir(
            ROOT / room, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
        )
    ]
    return frozenset(said if isinstance(said, str) else said[0] for said in found)


@cache
def catalogue() -> dict[str, Message]:
    path = ROOT / "words" / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return {m.id if isinstance(m.id, str) else m.id[0]: m for m in read_po(file, locale="vi") if m.id}


@pytest.mark.parametrize("room", ROOMS)
def test_the_sentences_of_every_room_are_collected(room: str) -> None:
    found = extract_from_dir(ROOT / room, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS)

    assert any(found)
    assert room in re.findall(r"extract .*", (ROOT / "Makefile").read_text(encoding="utf-8"))[0].split()


def test_every_sentence_has_its_vietnamese() -> None:
    known = {sentence for sentence, message in catalogue().items() if message.string and message.string != ("",)}

    assert sorted(sentences() - known) == []


def test_a_translation_has_the_blanks_of_its_sentence() -> None:
    wrong = [
        sentence
        for sentence, message in catalogue().items()
        for translated in ([message.string] if isinstance(message.string, str) else message.string or [])
        if set(BLANK.findall(translated)) != set(BLANK.findall(sentence))
    ]

    assert wrong == []


def test_nothing_is_translated_that_is_no_longer_said() -> None:
    assert sorted(set(catalogue()) - sentences()) == []


def test_the_two_doors_do_not_say_the_same_sentence_twice() -> None:
    """What both say belongs into `words`; a label of a few words may stand in several places."""
    said = {
        room: {
            one
            for _, _, one, _, _ in extract_from_dir(ROOT / room, METHODS, OPTIONS, KEYWORDS)
            if isinstance(one, str) and one.endswith(".")
        }
        for room in ROOMS
    }

    assert sorted(said["api"] & (said["web"] | said["words"])) == []
    assert sorted(said["web"] & said["words"]) == []


def test_no_percent_sign_stands_where_it_would_be_taken_for_a_blank() -> None:
    texts = [
        text
        for message in catalogue().values()
        for both in (message.id, message.string)
        for text in ([both] if isinstance(both, str) else both or ())
    ]

    assert [text for text in texts if re.search(r"%(?!\(\w+\)[sd]|%)", text)] == []
