"""Words about what is put right at upload: nothing to do, but the designer must see it. And about checks that gave up."""

from __future__ import annotations

from functools import partial

from engine.lint.texts.rule import Rule

_Info = partial(Rule, severity="info")

RULES: dict[str, Rule] = {
    "missing-id": _Info(
        "This {kind} had no id; it gets the id “{id}”.",
        "Nothing to do. To choose the id yourself, set it in the modeller.",
        "Phần tử này ({kind}) chưa có mã (id); hệ thống đặt mã “{id}”.",
        "Không cần làm gì. Muốn tự chọn, hãy đặt mã trong trình vẽ.",
    ),
    "boolean-spelling": _Info(
        '{attribute}="{value}" on “{element}” is kept as "{meant}".',
        "Nothing to do.",
        '{attribute}="{value}" ở “{element}” được lưu là "{meant}".',
        "Không cần làm gì.",
    ),
    "made-executable": _Info(
        "The process “{element}” was not marked as executable; as the only one here, or one that is called, it is meant to run.",
        'Nothing to do. To keep it so, tick “Executable” in the modeller (isExecutable="true").',
        "Quy trình “{element}” chưa được đánh dấu thực thi; vì là quy trình duy nhất hoặc được gọi nên được hiểu là để chạy.",
        'Không cần làm gì. Muốn giữ như vậy, hãy đánh dấu “Executable” trong trình vẽ (isExecutable="true").',
    ),
    "missing-end": _Info(
        "Nothing follows “{element}”; an end event is added behind it.",
        "If something should follow, draw it; otherwise draw the end event yourself.",
        "Sau “{element}” không còn gì; hệ thống thêm một sự kiện kết thúc.",
        "Nếu còn bước tiếp theo, hãy vẽ thêm; nếu không, hãy tự vẽ sự kiện kết thúc.",
    ),
    "timer-not-quoted": _Info(
        'The timer “{element}” has {text} without quotation marks; it is kept as "{text}".',
        'Nothing to do. Quotation marks say that it is a value and not the name of a variable: "{text}".',
        'Hẹn giờ “{element}” ghi {text} không có dấu ngoặc kép; hệ thống lưu là "{text}".',
        'Không cần làm gì. Dấu ngoặc kép cho biết đây là giá trị, không phải tên biến: "{text}".',
    ),
    "expression-translated": _Info(
        "{what} of “{element}” was written for another engine, {text}; it is kept as {feel}",
        "Check that it means the same. A value of another kind than expected counts as “no”.",
        "{what} của “{element}” viết cho máy khác, {text}; hệ thống lưu là {feel}",
        "Hãy xem nghĩa có đúng không. Giá trị khác kiểu mong đợi được coi là “không”.",
    ),
    "links-joined": _Info(
        "The link “{link}” from “{element}” to “{target}” is kept as a flow.",
        "Nothing to do.",
        "Liên kết “{link}” từ “{element}” tới “{target}” được lưu thành luồng.",
        "Không cần làm gì.",
    ),
    "split-drawn": _Info(
        "{count} flows leave “{element}” itself; a gateway ({kind}) is added behind it, which means the same.",
        "If only one way is to be taken, draw an exclusive gateway instead.",
        "Có {count} luồng đi ra ngay từ “{element}”; hệ thống thêm một {kind} phía sau, nghĩa không đổi.",
        "Nếu chỉ đi một nhánh, hãy vẽ cổng loại trừ.",
    ),
    "group-taken": _Info(
        "The task “{element}” says nothing about who does it; its lane does: group “{group}”.",
        "Nothing to do if people have a role of this name. Otherwise set camunda:candidateGroups on the task.",
        "Việc “{element}” không ghi ai làm; lấy theo làn: nhóm “{group}”.",
        "Không cần làm gì nếu có vai trò mang tên này. Nếu không, hãy ghi camunda:candidateGroups ở việc.",
    ),
    "message-named": _Info(
        "The message of “{element}” had no name; it gets its id for a name: “{name}”.",
        "Nothing to do if the sender uses this name. Otherwise give the message the name that is sent.",
        "Thông điệp của “{element}” chưa có tên; hệ thống lấy mã làm tên: “{name}”.",
        "Không cần làm gì nếu bên gửi dùng tên này. Nếu không, hãy đặt tên thông điệp đúng như bên gửi.",
    ),
    "code-named": _Info(
        "“{element}” had no code for what it throws; it gets “{code}”, which only catches all can catch.",
        "Nothing to do. To have it caught by some events and not by others, set the code yourself.",
        "“{element}” chưa có mã cho lỗi hoặc chuyển cấp phát ra; hệ thống đặt “{code}”, chỉ nơi bắt mọi mã mới bắt được.",
        "Không cần làm gì. Muốn chỉ một số sự kiện bắt được, hãy tự đặt mã.",
    ),
    "code-not-asked": _Info(
        "“{element}” refers to “{reference}”, which has no code; it catches whatever comes, as the standard says.",
        "Nothing to do. To catch one error or escalation only, give it a code.",
        "“{element}” dùng “{reference}” không có mã; theo chuẩn, sự kiện này bắt mọi mã.",
        "Không cần làm gì. Muốn chỉ bắt một loại, hãy đặt mã cho nó.",
    ),
    "key-taken": _Info(
        "“{element}” named the key of its message for another engine; it is kept as “{key}”.",
        "Nothing to do.",
        "“{element}” ghi khoá của thông điệp cho máy khác; hệ thống lưu thành “{key}”.",
        "Không cần làm gì.",
    ),
    "decision-taken": _Info(
        "The business rule task “{element}” named its decision for another engine; it is kept as “{decision}”.",
        "Nothing to do.",
        "Việc quyết định “{element}” ghi quyết định cho máy khác; hệ thống lưu thành “{decision}”.",
        "Không cần làm gì.",
    ),
    "missing-start-added": _Info(
        "“{element}” has no start event; one is added before “{first}”.",
        "Nothing to do. To keep it so, draw the start event yourself.",
        "“{element}” không có sự kiện bắt đầu; hệ thống thêm một sự kiện trước “{first}”.",
        "Không cần làm gì. Muốn giữ như vậy, hãy tự vẽ sự kiện bắt đầu.",
    ),
    "default-closed": _Info(
        "The conditions behind “{gateway}” leave no case out; “{element}” becomes the default flow instead of {text}",
        "Nothing to do: the same ways are taken.",
        "Các điều kiện sau “{gateway}” đã đủ mọi trường hợp; “{element}” thành luồng mặc định thay cho {text}",
        "Không cần làm gì: các nhánh vẫn được chọn như cũ.",
    ),
    "default-chosen": _Info(
        "The flow “{element}” is the only one without a condition behind “{gateway}”; it becomes the default flow.",
        "Nothing to do if it is to be taken when no condition holds.",
        "Luồng “{element}” là luồng duy nhất không có điều kiện sau “{gateway}”; hệ thống đặt làm luồng mặc định.",
        "Không cần làm gì nếu luồng này dành cho khi không điều kiện nào đúng.",
    ),
    "topic-taken": _Info(
        "The task “{element}” names its work as {source}; it is kept as the topic “{topic}”.",
        "Nothing to do if a handler of this name is there; otherwise set camunda:topic.",
        "Việc “{element}” nêu phần xử lý bằng {source}; hệ thống lưu thành chức năng “{topic}”.",
        "Không cần làm gì nếu có chức năng xử lý tên này; nếu không, hãy đặt camunda:topic.",
    ),
    "collection-taken": _Info(
        "“{element}” repeats over {source}; it is kept as loopDataInputRef “{name}”.",
        "Nothing to do.",
        "“{element}” lặp theo {source}; hệ thống lưu thành loopDataInputRef “{name}”.",
        "Không cần làm gì.",
    ),
}

#: What is said when the file itself was too much for those who looked at it.
GIVEN_UP: dict[str, Rule] = {
    "check-too-long": Rule(
        "Looking at these files took longer than {seconds} seconds and was stopped.",
        "Split the process into smaller ones, and look for expressions that compute without end.",
        "Việc kiểm tra các tệp này quá {seconds} giây nên đã bị dừng.",
        "Hãy chia quy trình thành nhiều quy trình nhỏ và tìm các biểu thức tính không dứt.",
    ),
    "check-too-large": Rule(
        "Looking at these files took more than {megabytes} MB of memory and was stopped.",
        "Split the process into smaller ones, and look for expressions that make very large values.",
        "Việc kiểm tra các tệp này cần hơn {megabytes} MB bộ nhớ nên đã bị dừng.",
        "Hãy chia quy trình thành nhiều quy trình nhỏ và tìm các biểu thức tạo giá trị quá lớn.",
    ),
    "check-failed": Rule(
        "These files could not be looked at: {detail}",
        "Save them again in the modeller. If that does not help, leave parts out until the cause is found.",
        "Không kiểm tra được các tệp này: {detail}",
        "Hãy lưu lại trong trình vẽ. Nếu vẫn vậy, hãy bỏ bớt từng phần để tìm nguyên nhân.",
    ),
    "engine-refuses": Rule(
        "The engine cannot read the diagram: {detail}",
        "Mend the element the message names.",
        "Bộ máy quy trình không đọc được sơ đồ: {detail}",
        "Sửa phần tử được nêu trong thông báo.",
    ),
}
