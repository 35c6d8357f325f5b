"""What a text seems to be about, and words that should stop somebody."""

from __future__ import annotations

import pytest

from cases import suggestions
from cases.models import Category
from tests.town import pleiku

CATEGORIES = [
    Category(code=one.code, name_vi=one.name_vi, name_en=one.name_en, keywords=list(one.keywords), position=position)
    for position, one in enumerate(pleiku().categories)
]


def codes(text: str) -> list[str]:
    return [one.category.code for one in suggestions.suggest(text, CATEGORIES)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Đèn đường hẻm 12 Lê Lợi không sáng 3 đêm nay", "street-light"),
        ("den duong truoc so 15 khong sang", "street-light"),
        ("Ổ GÀ LỚN trên đường Phạm Văn Đồng", "pothole"),
        ("Cống tắc, nước ngập cả con hẻm", "flooding"),
        ("lấn chiếm vỉa hè đường Hùng Vương", "pavement-encroachment"),
        ("Dây điện võng xuống đường", "exposed-wires"),
        ("There are potholes near the market", "pothole"),
        ("The traffic lights at the crossing do not change", "traffic-signal"),
        ("A stop sign is missing at the corner", "road-sign"),
        ("A truck is parked in front of my gate every night", "illegal-parking"),
        ("The manhole cover in our alley is gone", "manhole-cover"),
        ("The street light in front of number 12 is out", "street-light"),
        ("Live wire hanging down to the ground", "exposed-wires"),
        ("Garbage has not been collected for a week", "uncollected-waste"),
        ("Somebody dumped rubble by the stream", "illegal-dumping"),
        ("They are burning trash behind the house, smoke everywhere", "burning-dust"),
        ("Sewage runs into the ditch and it stinks", "waste-water"),
        ("Loud music until midnight", "noise"),
        ("A dead tree leans over the road", "dangerous-tree"),
        ("The drain is blocked and the street is flooded", "flooding"),
        ("We have no water since this morning", "water-outage"),
        ("Stalls are occupying the sidewalk", "pavement-encroachment"),
        ("Flyers glued to every pole", "illegal-advertising"),
        ("Street racing at night on Hung Vuong", "public-disorder"),
        ("My neighbour builds without a permit", "unauthorised-building"),
        ("Land filling on agricultural land", "land-use-violation"),
        ("Food poisoning after eating there", "food-safety"),
        ("Stray dogs, somebody was bitten", "disease-risk"),
        ("The school gate is dangerous for pupils", "school-safety"),
        ("Touting at the lake, we were overcharged", "tourism-service"),
        ("My paperwork is late at the one-stop office", "public-service"),
        ("Cables sagging over the pavement, no signal either", "telecom-cables"),
    ],
)
def test_the_best_category_comes_first(text: str, code: str) -> None:
    assert codes(text)[0] == code


def test_a_word_with_other_accents_is_another_word() -> None:
    assert codes("Tôi thấy vậy") == []  # "tối" speaks for a street light, "tôi" for nobody
    assert codes("toi thay vay") == ["street-light"]


def test_tone_marks_may_stand_where_either_spelling_puts_them() -> None:
    category = Category(code="fire", name_vi="Hoả hoạn", name_en="Fire", keywords=["hỏa hoạn"])

    assert suggestions.suggest("Có hoả hoạn", [category])[0].words == ("hỏa hoạn",)


def test_a_phrase_counts_more_than_a_word_and_a_shared_word_less() -> None:
    phrase = Category(code="phrase", name_vi="A", name_en="", keywords=["đèn đỏ"])
    word = Category(code="word", name_vi="B", name_en="", keywords=["đèn", "đỏ"])
    also = Category(code="also", name_vi="C", name_en="", keywords=["đèn"])

    found = suggestions.suggest("Đèn đỏ hỏng", [also, word, phrase])

    assert [(one.category.code, one.points) for one in found] == [("phrase", 4), ("word", 1.5), ("also", 0.5)]


def test_only_a_clear_case_is_likely() -> None:
    clear = suggestions.suggest("Đèn đường không sáng", CATEGORIES)
    unclear = suggestions.suggest("Có rác", CATEGORIES)

    assert [one.is_likely for one in clear] == [True]
    assert [one.is_likely for one in unclear] == [False] * len(unclear)


def test_the_reasons_are_the_words_that_were_read() -> None:
    best = suggestions.suggest("Đèn đường hẻm tối om, không sáng", CATEGORIES)[0]

    assert set(best.words) == {"đèn đường", "không sáng", "tối om"}


@pytest.mark.parametrize("text", ["", " ", "123 !?", "🐘", "xin chào", "\0", "n" * 100_000])
def test_a_text_that_says_nothing_suggests_nothing(text: str) -> None:
    assert codes(text) == []


def test_never_more_than_asked_for() -> None:
    everything = " ".join(keyword for category in CATEGORIES for keyword in category.keywords[:2])

    assert len(codes(everything)) == suggestions.MOST


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Nhà đang cháy, có người bị thương", ["114", "115"]),
        ("Hai thanh niên đánh nhau", ["113"]),
        ("The shop is on fire", ["114"]),
        ("Đèn cháy bóng", ["114"]),
        ("Đường chạy bộ bị hỏng", []),
    ],
)
def test_words_of_danger_name_whom_to_call(text: str, numbers: list[str]) -> None:
    assert suggestions.emergencies(text) == numbers


def test_denunciations_are_recognised() -> None:
    assert suggestions.is_denunciation("Tôi muốn TỐ CÁO cán bộ")
    assert suggestions.is_denunciation("to cao can bo")
    assert not suggestions.is_denunciation("Cây cao trước nhà")


def test_text_without_accents() -> None:
    assert suggestions.bare("Lê Lợi, ĐƯỜNG") == "le loi, duong"
