"""Everything pages and API say exists in Vietnamese, with the same blanks to fill."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from settings import ROOT

METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
BLANK = re.compile(r"%\((\w+)\)[sd]")


def sentences(room: str) -> set[str]:
    """What a room says, singulars."""
    found = extract_from_dir(ROOT / room, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS)
    return {said if isinstance(said, str) else said[0] for _, _, said, _, _ in found}


def catalogue(room: str) -> dict[str, Message]:
    path = ROOT / room / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
    with Path(path).open("rb") as file:
        return {m.id if isinstance(m.id, str) else m.id[0]: m for m in read_po(file, locale="vi") if m.id}


@pytest.mark.parametrize("room", ["web", "api"])
def test_every_sentence_has_its_vietnamese(room: str) -> None:
    known = {sentence for sentence, message in catalogue(room).items() if message.string and message.string != ("",)}

    assert sorted(sentences(room) - known) == []


@pytest.mark.parametrize("room", ["web", "api"])
def test_a_translation_has_the_blanks_of_its_sentence(room: str) -> None:
    wrong = [
        sentence
        for sentence, message in catalogue(room).items()
        for translated in ([message.string] if isinstance(message.string, str) else message.string or [])
        if set(BLANK.findall(translated)) != set(BLANK.findall(sentence))
    ]

    assert wrong == []


@pytest.mark.parametrize("room", ["web", "api"])
def test_nothing_is_translated_that_is_no_longer_said(room: str) -> None:
    assert sorted(set(catalogue(room)) - sentences(room)) == []
