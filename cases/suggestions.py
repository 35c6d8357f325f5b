"""What a text seems to be about: categories by keywords, and words that should stop somebody before writing on.

Knows no database but for the list of categories. Accents count as far as the writer used them: in a text without any,
`den duong` is read as "đèn đường"; in a text with accents "tôi" is never taken for "tối".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from cases.models import Category
from engine.base import session

#: Words after which somebody should call before writing; numbers as in Viet Nam.
EMERGENCIES: Mapping[str, tuple[str, ...]] = {
    "113": ("đánh nhau", "ẩu đả", "cướp", "đâm chém", "hành hung", "có dao", "fighting", "robbery", "attacked"),
    "114": ("cháy", "hỏa hoạn", "bốc cháy", "điện giật", "đuối nước", "mắc kẹt", "sập nhà", "on fire", "electrocuted"),
    "115": ("tai nạn", "bị thương", "chảy máu", "bất tỉnh", "cấp cứu", "ngộ độc", "accident", "injured", "unconscious"),
}
#: Words of complaints for which the law prescribes another way.
DENUNCIATION = (
    "tố cáo",
    "khiếu nại",
    "đơn tố",
    "tham nhũng",
    "hối lộ",
    "nhũng nhiễu",
    "denunciation",
    "bribe",
    "corruption",
)

MOST = 3
#: From this share of all points on, and with a phrase rather than a word, the first suggestion is offered as chosen.
LIKELY_SHARE, LIKELY_POINTS = 0.6, 4.0

_WORD = re.compile(r"[^\W_]+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_PARTS = re.compile(r"[,;/()–-]| và | and | or | hoặc ")
_SHORTEST_ENGLISH = 4
_GUESSED, _SHORTEST_GUESS = 0.5, 3
_READ = 2000  # characters; what somebody says first says what it is about


@dataclass(frozen=True)
class Suggestion:
    """A category a text may be about, with the words that speak for it."""

    category: Category
    points: float
    words: tuple[str, ...]
    is_likely: bool


@dataclass(frozen=True)
class _Word:
    exact: str  # accents kept, tone marks moved to the end: "hoà" and "hòa" are one word
    bare: str

    @property
    def is_bare(self) -> bool:
        return self.exact == self.bare

    @property
    def stem(self) -> str:
        return self.bare.removesuffix("s") if len(self.bare) > _SHORTEST_ENGLISH else self.bare


class _Text:
    """The words of a text and where each stands."""

    def __init__(self, text: str) -> None:
        self.words = _words(text[:_READ])
        self.is_bare = all(word.is_bare for word in self.words)
        self.places: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            self.places.setdefault(word.stem, []).append(at)


def categories() -> list[Category]:
    """The categories somebody may choose, in the order they are shown."""
    return list(session().scalars(select(Category).where(Category.is_active).order_by(Category.position, Category.id)))


def suggest(text: str, among: Sequence[Category], *, most: int = MOST) -> list[Suggestion]:
    """The categories a text is most likely about, best first; none when no word speaks for any."""
    said = _Text(text)
    shared = Counter(phrase for category in among for phrase in _phrases(category))
    found = [(category, _matched(said, category, shared)) for category in among]
    total = sum(sum(points.values()) for _, points in found)
    ranked = sorted(((sum(points.values()), category, points) for category, points in found if points), key=_rank)
    return [
        Suggestion(category, points, _reasons(matched), _is_likely(number, points, total))
        for number, (points, category, matched) in enumerate(ranked[:most])
    ]


def emergencies(text: str) -> list[str]:
    """The numbers somebody who writes this should call first."""
    said = _Text(text)
    return [number for number, words in EMERGENCIES.items() if _says_any(said, words)]


def is_denunciation(text: str) -> bool:
    """Whether a text sounds like a complaint for which the law prescribes another way."""
    return _says_any(_Text(text), DENUNCIATION)


def bare(text: str) -> str:
    """Lower case without accents: `Lê Lợi` → `le loi`."""
    marks = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(mark for mark in marks if not unicodedata.combining(mark))


# ------------------------------------------------------------------------------------------------------- matching


def _rank(found: tuple[float, Category, object]) -> tuple[float, int]:
    return -found[0], found[1].position or 0


def _is_likely(number: int, points: float, total: float) -> bool:
    return number == 0 and points >= LIKELY_POINTS and points >= LIKELY_SHARE * total


def _says_any(said: _Text, phrases: Iterable[str]) -> bool:
    return any(_says(said, _phrase(phrase)) for phrase in phrases)


def _matched(said: _Text, category: Category, shared: Mapping[str, int]) -> dict[str, float]:
    """Points by phrase: a phrase of two words is worth four single ones, a word of many categories little."""
    points: dict[str, float] = {}
    for key, spellings in _phrases(category).items():
        is_said = max(_says(said, _phrase(spelling)) for spelling in spellings)
        if is_said:
            points[spellings[0]] = len(key.split()) ** 2 * is_said / shared[key]
    return points


def _phrases(category: Category) -> dict[str, list[str]]:
    """Keywords, the parts of the Vietnamese name, and the words of the English one: the spellings by bare form."""
    vietnamese = [*(category.keywords or []), *_PARTS.split(category.name_vi)]
    english = [word for word in _WORD.findall(category.name_en) if len(word) >= _SHORTEST_ENGLISH]
    phrases: dict[str, list[str]] = {}
    for phrase in [*vietnamese, *english]:
        key = " ".join(word.bare for word in _phrase(phrase))
        if key:
            phrases.setdefault(key, []).append(phrase.strip())
    return phrases


def _says(said: _Text, phrase: tuple[_Word, ...]) -> float:
    """How surely a phrase stands in a text: 1 as written, less when accents had to be guessed, 0 not at all."""
    may_guess = len(phrase) > 1 or (said.is_bare and len(phrase[0].bare) >= _SHORTEST_GUESS)
    best = 0.0
    for at in said.places.get(phrase[0].stem, ()):
        pairs = list(zip(said.words[at : at + len(phrase)], phrase, strict=False))
        if len(pairs) < len(phrase):
            continue
        if all(_same(word, wanted) for word, wanted in pairs):
            return 1.0
        if may_guess and all(_same(w, wanted) or (w.is_bare and w.bare == wanted.bare) for w, wanted in pairs):
            best = 1.0 if len(phrase) > 1 else _GUESSED
    return best


def _same(word: _Word, wanted: _Word) -> bool:
    return word.exact == wanted.exact or (word.is_bare and wanted.is_bare and word.stem == wanted.stem)


@lru_cache(maxsize=4096)
def _phrase(phrase: str) -> tuple[_Word, ...]:
    return tuple(_words(phrase))


def _words(text: str) -> list[_Word]:
    composed = unicodedata.normalize("NFC", text).casefold()
    return [_Word(_tone_last(word), bare(word)) for word in _WORD.findall(composed)]


def _tone_last(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in letters if letter in _TONES)
    return "".join(letter for letter in letters if letter not in _TONES) + tones


def _reasons(points: Mapping[str, float]) -> tuple[str, ...]:
    """The words to show: the longest first, none that stands in another."""
    shown: list[str] = []
    for phrase in sorted(points, key=lambda phrase: (-points[phrase], phrase)):
        if not any(bare(phrase) in bare(other) for other in shown):
            shown.append(phrase)
    return tuple(shown[:MOST])
