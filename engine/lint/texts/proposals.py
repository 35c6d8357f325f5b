"""Words about what a diagram may mean: what is proposed, and what was done because the uploader agreed."""

from __future__ import annotations

from functools import partial

from engine.lint.texts.rule import Rule

_Proposed = partial(
    Rule,
    remedy_en="Accept the proposals if that is meant, or say in the diagram what is.",
    remedy_vi="Chấp nhận đề xuất nếu đúng ý, hoặc ghi rõ trong sơ đồ.",
    severity="info",
)
_Accepted = partial(
    Rule,
    remedy_en="Nothing to do: it was proposed and accepted.",
    remedy_vi="Không cần làm gì: đề xuất đã được chấp nhận.",
    severity="info",
)

RULES: dict[str, Rule] = {
    "group-proposed": _Proposed(
        en="Nobody is named for the task “{element}”; proposal: its pool as group “{group}”.",
        vi="Chưa ghi ai làm việc “{element}”; đề xuất lấy bể làm nhóm “{group}”.",
    ),
    "group-accepted": _Accepted(
        en="Nobody was named for the task “{element}”; now it is group “{group}”, from its pool.",
        vi="Chưa ghi ai làm việc “{element}”; nay là nhóm “{group}”, theo bể.",
    ),
    "group-given": Rule(
        "Nobody was named for the task “{element}”; now it is group “{group}”, as given at the upload.",
        "Nothing to do.",
        "Chưa ghi ai làm việc “{element}”; nay là nhóm “{group}”, theo lựa chọn khi tải lên.",
        "Không cần làm gì.",
        "info",
    ),
    "default-proposed": _Proposed(
        en="“{gateway}” has no way for other cases; proposal: “{element}” as the default flow, instead of {text}",
        vi="“{gateway}” không có nhánh cho trường hợp khác; đề xuất lấy “{element}” làm luồng mặc định, thay cho {text}",
    ),
    "default-accepted": _Accepted(
        en="“{gateway}” had no way for other cases; now “{element}” is the default flow, instead of {text}",
        vi="“{gateway}” không có nhánh cho trường hợp khác; nay “{element}” là luồng mặc định, thay cho {text}",
    ),
    "process-proposed": _Proposed(
        en="None of {count} processes is marked as executable; proposal: “{element}” runs, the others are only drawn.",
        vi="Trong {count} quy trình chưa có quy trình nào được đánh dấu thực thi; đề xuất chạy “{element}”, còn lại chỉ để xem.",
    ),
    "process-accepted": _Accepted(
        en="None of {count} processes was marked as executable; now “{element}” runs, the others are only drawn.",
        vi="Trong {count} quy trình chưa có quy trình nào được đánh dấu thực thi; nay chạy “{element}”, còn lại chỉ để xem.",
    ),
    "inside-proposed": _Proposed(
        en="Nothing is drawn inside “{element}”; proposal: it ends at once.",
        vi="Bên trong “{element}” chưa vẽ gì; đề xuất kết thúc ngay.",
    ),
    "inside-accepted": _Accepted(
        en="Nothing was drawn inside “{element}”; now it begins and ends at once.",
        vi="Bên trong “{element}” chưa vẽ gì; nay bắt đầu và kết thúc ngay.",
    ),
    "time-proposed": _Proposed(
        en="The timer “{element}” has no time; proposal: it waits for {time}, as its name says.",
        vi="Hẹn giờ “{element}” chưa có thời gian; đề xuất chờ {time}, theo tên.",
    ),
    "time-accepted": _Accepted(
        en="The timer “{element}” had no time; now it waits for {time}, as its name says.",
        vi="Hẹn giờ “{element}” chưa có thời gian; nay chờ {time}, theo tên.",
    ),
    "message-proposed": _Proposed(
        en="“{element}” names no message; proposal: “{name}”, after itself.",
        vi="“{element}” chưa ghi thông điệp; đề xuất “{name}”, theo tên của nó.",
    ),
    "message-accepted": _Accepted(
        en="“{element}” named no message; now it is “{name}”, after itself.",
        vi="“{element}” chưa ghi thông điệp; nay là “{name}”, theo tên của nó.",
    ),
    "topic-proposed": _Proposed(
        en="The service task “{element}” does not say what is to be done; proposal: the topic “{topic}”, after its name.",
        vi="Việc của máy “{element}” không ghi phải làm gì; đề xuất chức năng “{topic}”, theo tên.",
    ),
    "topic-accepted": _Accepted(
        en="The service task “{element}” did not say what is to be done; now it is the topic “{topic}”, after its name.",
        vi="Việc của máy “{element}” không ghi phải làm gì; nay là chức năng “{topic}”, theo tên.",
    ),
    "decision-proposed": _Proposed(
        en="The business rule task “{element}” asks no decision; proposal: “{decision}”, after its name.",
        vi="Việc quyết định “{element}” chưa ghi quyết định; đề xuất “{decision}”, theo tên.",
    ),
    "decision-accepted": _Accepted(
        en="The business rule task “{element}” asked no decision; now it asks “{decision}”, after its name.",
        vi="Việc quyết định “{element}” chưa ghi quyết định; nay dùng “{decision}”, theo tên.",
    ),
}
