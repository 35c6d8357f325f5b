"""Words about expressions."""

from __future__ import annotations

from engine.lint.texts.rule import Rule

RULES: dict[str, Rule] = {
    "expression-syntax": Rule(
        "{what} of “{element}” cannot be read as FEEL at character {position}: {detail} ({text})",
        'Write a FEEL expression, for example = amount > 100 and status = "open".',
        "{what} của “{element}” không phải biểu thức FEEL, lỗi ở ký tự {position}: {detail} ({text})",
        'Hãy viết biểu thức FEEL, ví dụ = amount > 100 and status = "open".',
    ),
    "expression-missing": Rule(
        "{what} of “{element}” is empty.",
        "Write a FEEL expression, or remove it.",
        "{what} của “{element}” đang trống.",
        "Hãy viết biểu thức FEEL hoặc bỏ đi.",
    ),
    "unknown-function": Rule(
        "{what} of “{element}” calls “{function}”, which is not a known function.",
        "Use a FEEL function or one of the registered ones{hint}.",
        "{what} của “{element}” gọi “{function}”, vốn không phải hàm đã biết.",
        "Hãy dùng hàm của FEEL hoặc hàm đã đăng ký{hint}.",
    ),
    "dollar-expression": Rule(
        "{what} of “{element}” is written for another engine: {text}",
        "Write it in FEEL: {rewrite}",
        "{what} của “{element}” viết cho máy khác: {text}",
        "Hãy viết bằng FEEL: {rewrite}",
    ),
    "expression-language": Rule(
        "{what} of “{element}” is written in {language}; only FEEL is evaluated.",
        "Write it in FEEL and remove the language or resource attribute.",
        "{what} của “{element}” viết bằng {language}; máy chỉ hiểu FEEL.",
        "Hãy viết bằng FEEL và bỏ thuộc tính language hoặc resource.",
    ),
}
