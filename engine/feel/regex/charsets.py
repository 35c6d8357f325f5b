"""Which characters a part of a pattern stands for. Source: XML Schema part 2, appendix F.1."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

CharSet = Callable[[str], bool]

_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Thai": (0x0E00, 0x0E7F),
    "Lao": (0x0E80, 0x0EFF),
    "Khmer": (0x1780, 0x17FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "BoxDrawing": (0x2500, 0x257F),
    "GeometricShapes": (0x25A0, 0x25FF),
    "MiscellaneousSymbols": (0x2600, 0x26FF),
    "Dingbats": (0x2700, 0x27BF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
}
_CATEGORY = re.compile(r"L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?")


def any_character(_char: str) -> bool:
    """Any character at all."""
    return True


def within_line(char: str) -> bool:
    """Any character but the ends of lines."""
    return char not in "\n\r"


def one(wanted: str, *, fold: bool) -> CharSet:
    """This character; with fold also its capital or small form."""
    if not fold:
        return lambda char: char == wanted
    lower, upper = wanted.lower(), wanted.upper()
    return lambda char: char.lower() == lower or char.upper() == upper


def span(first: str, last: str, *, fold: bool) -> CharSet:
    """All characters from one to another."""
    if not fold:
        return lambda char: first <= char <= last
    return lambda char: any(first <= form <= last for form in (char, char.lower(), char.upper()))


def either(sets: Iterable[CharSet]) -> CharSet:
    """The characters of any of the sets."""
    members = tuple(sets)
    return lambda char: any(member(char) for member in members)


def without(base: CharSet, taken: CharSet) -> CharSet:
    """The characters of one set that are not in the other."""
    return lambda char: base(char) and not taken(char)


def outside(base: CharSet) -> CharSet:
    """All characters that are not in the set."""
    return lambda char: not base(char)


def named(name: str) -> CharSet | None:
    """The set behind a `p` escape: a Unicode category or, with `Is` before it, a block."""
    if name.startswith("Is"):
        block = _BLOCKS.get(name[2:])
        return span(chr(block[0]), chr(block[1]), fold=False) if block else None
    if not _CATEGORY.fullmatch(name):
        return None
    return lambda char: unicodedata.category(char).startswith(name)


def _is_name_start(char: str) -> bool:
    return char in ":_" or char.isalpha()


def _is_name_char(char: str) -> bool:
    return char in ":_-.\xb7" or char.isalpha() or unicodedata.category(char) in ("Nd", "Mn", "Mc")


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] not in "PZC"


_ESCAPES: dict[str, CharSet] = {
    "s": lambda char: char in " \t\n\r",
    "d": lambda char: unicodedata.category(char) == "Nd",
    "w": _is_word,
    "i": _is_name_start,
    "c": _is_name_char,
}


def escaped(letter: str) -> CharSet | None:
    """The set behind an escaped `s`, `d`, `w`, `i` or `c`, or behind their capitals all others."""
    base = _ESCAPES.get(letter.lower())
    return outside(base) if base and letter.isupper() else base
