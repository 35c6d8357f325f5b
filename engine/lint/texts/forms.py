"""Words about forms and decision tables."""

from __future__ import annotations

from engine.lint.texts.rule import Rule

RULES: dict[str, Rule] = {
    "form-unreadable": Rule(
        "The form cannot be read: {detail}",
        "Open it in the form editor and save it again.",
        "Không đọc được biểu mẫu: {detail}",
        "Hãy mở trong trình soạn biểu mẫu và lưu lại.",
    ),
    "form-without-id": Rule(
        "The form has no id; no task could show it.",
        "Set its id to the name tasks know it by (camunda:formKey).",
        "Biểu mẫu chưa có id nên không việc nào dùng được.",
        "Hãy đặt id đúng bằng tên mà các việc dùng (camunda:formKey).",
    ),
    "form-computed-value": Rule(
        "“{name}” of the field “{element}” is to be computed ({text}); only the rule that hides a field is.",
        "Write a fixed value; let a step before the task compute it, or use conditional.hide.",
        "“{name}” của ô “{element}” được đặt để tính ({text}); chỉ quy tắc ẩn ô mới được tính.",
        "Hãy ghi giá trị cố định; tính ở bước trước việc này hoặc dùng conditional.hide.",
    ),
    "form-condition-field": Rule(
        "The field “{element}” is hidden depending on “{name}”, which is no field of this form.",
        "Correct the name; a rule of a form sees only the answers of the same form.",
        "Ô “{element}” được ẩn theo “{name}”, vốn không phải ô nào của biểu mẫu này.",
        "Hãy sửa tên; quy tắc của biểu mẫu chỉ thấy câu trả lời trong chính biểu mẫu đó.",
    ),
    "unknown-form": Rule(
        "The task “{element}” shows the form “{form}”, which is not in this bundle.",
        "Add a form with the id “{form}”, or choose one that exists{hint}.",
        "Việc “{element}” dùng biểu mẫu “{form}” không có trong bộ tệp này.",
        "Hãy thêm biểu mẫu có id “{form}” hoặc chọn biểu mẫu đã có{hint}.",
    ),
    "duplicate-form": Rule(
        "The form “{form}” exists twice, also in {other}.",
        "Keep one of the files.",
        "Biểu mẫu “{form}” có hai tệp, tệp kia là {other}.",
        "Hãy giữ một tệp.",
    ),
    "form-component-type": Rule(
        "The field “{element}” has the type “{type}”, which cannot be shown.",
        "Use one of: {known}.",
        "Ô “{element}” có kiểu “{type}” không hiển thị được.",
        "Hãy dùng một trong: {known}.",
    ),
    "form-key-missing": Rule(
        "The field “{element}” has no usable key; its answer would be lost.",
        "Give it a key of letters, digits and “_”, beginning with a letter; “self” is not possible.",
        "Ô “{element}” chưa có khoá dùng được; câu trả lời sẽ mất.",
        "Hãy đặt khoá gồm chữ, số và “_”, bắt đầu bằng chữ; không dùng “self”.",
    ),
    "form-key-twice": Rule(
        "Two fields have the key “{key}”; one answer would overwrite the other.",
        "Give each field its own key.",
        "Có hai ô cùng khoá “{key}”; câu trả lời này sẽ ghi đè câu kia.",
        "Hãy đặt cho mỗi ô một khoá riêng.",
    ),
    "form-without-options": Rule(
        "The field “{element}” has nothing to choose from.",
        "List values, or name a valuesKey the page knows.",
        "Ô “{element}” không có gì để chọn.",
        "Hãy liệt kê các giá trị hoặc đặt valuesKey mà trang biết.",
    ),
    "form-option-twice": Rule(
        "The field “{element}” offers the value “{value}” twice or without a value.",
        "Give each option its own value.",
        "Ô “{element}” có giá trị “{value}” bị lặp hoặc để trống.",
        "Hãy đặt cho mỗi lựa chọn một giá trị riêng.",
    ),
    "unknown-answer": Rule(
        "The task “{element}” keeps the answer “{key}”, but its form “{form}” has no such field.",
        "Correct caseway:answers, or add the field.",
        "Việc “{element}” giữ câu trả lời “{key}” nhưng biểu mẫu “{form}” không có ô này.",
        "Hãy sửa caseway:answers hoặc thêm ô.",
    ),
    "decision-unreadable": Rule(
        "The decision table has a mistake at {where}: {detail}",
        "Mend it in the decision table editor.",
        "Bảng quyết định có lỗi tại {where}: {detail}",
        "Hãy sửa trong trình soạn bảng quyết định.",
    ),
    "duplicate-decision": Rule(
        "The decision “{decision}” exists twice, also in {other}.",
        "Give one of them another id.",
        "Quyết định “{decision}” có hai bản, bản kia ở {other}.",
        "Hãy đặt mã khác cho một bản.",
    ),
}
