"""Words about tasks, calls and what is written on them."""

from __future__ import annotations

from engine.lint.texts.rule import Rule

RULES: dict[str, Rule] = {
    "task-without-people": Rule(
        "The task “{element}” has neither a candidate group nor an assignee; nobody would ever see it.",
        "Set camunda:candidateGroups, for example intake:ioc, or camunda:assignee.",
        "Việc “{element}” chưa có nhóm được giao hay người được giao; sẽ không ai thấy việc này.",
        "Hãy đặt camunda:candidateGroups, ví dụ intake:ioc, hoặc camunda:assignee.",
    ),
    "unknown-group": Rule(
        "There is no group “{group}” for the task “{element}”.",
        "Choose one of the known groups (role:unit), or have it set up first.",
        "Không có nhóm “{group}” cho việc “{element}”.",
        "Hãy chọn một nhóm đã có (vai trò:đơn vị) hoặc lập nhóm trước.",
    ),
    "task-without-public-step": Rule(
        "The task “{element}” does not say which public step citizens see meanwhile.",
        "Set caseway:publicStep.",
        "Việc “{element}” chưa cho biết người dân thấy bước công khai nào trong lúc này.",
        "Hãy đặt caseway:publicStep.",
        "warning",
    ),
    "task-without-english-name": Rule(
        "Other tasks have an English name, “{element}” has none; English readers would see “{shown}”.",
        "Set caseway:nameEn.",
        "Các việc khác có tên tiếng Anh, còn “{element}” thì chưa; người đọc tiếng Anh sẽ thấy “{shown}”.",
        "Hãy đặt caseway:nameEn.",
        "warning",
    ),
    "unknown-public-step": Rule(
        "“{step}” on “{element}” is not a public step.",
        "Choose one of: {known}.",
        "“{step}” ở “{element}” không phải là bước công khai.",
        "Hãy chọn một trong: {known}.",
    ),
    "literal-value": Rule(
        '{attribute}="{value}" on “{element}” is not {wanted}.',
        "Write {example}, or an expression that begins with “=”.",
        '{attribute}="{value}" ở “{element}” không phải là {wanted}.',
        "Hãy ghi {example}, hoặc một biểu thức bắt đầu bằng “=”.",
    ),
    "service-without-topic": Rule(
        "The service task “{element}” does not say what is to be done.",
        'Set camunda:type="external" and camunda:topic to the name of a handler.',
        "Việc của máy “{element}” chưa cho biết phải làm gì.",
        'Hãy đặt camunda:type="external" và camunda:topic là tên một chức năng xử lý.',
    ),
    "unknown-handler": Rule(
        "There is no handler “{topic}” for the service task “{element}”.",
        "Choose one of the known handlers{hint}.",
        "Không có chức năng xử lý “{topic}” cho việc của máy “{element}”.",
        "Hãy chọn một chức năng đã có{hint}.",
    ),
    "rule-without-decision": Rule(
        "The business rule task “{element}” does not name a decision.",
        "Set camunda:decisionRef to the id of a decision.",
        "Việc tra bảng quyết định “{element}” chưa nêu quyết định nào.",
        "Hãy đặt camunda:decisionRef là mã của một quyết định.",
    ),
    "unknown-decision": Rule(
        "There is no decision “{decision}” for “{element}” in the DMN files beside the diagram.",
        "Choose one that exists{hint}, or add its DMN file.",
        "Không có quyết định “{decision}” cho “{element}” trong các tệp DMN đi kèm.",
        "Hãy chọn quyết định đã có{hint} hoặc thêm tệp DMN.",
    ),
    "script-missing": Rule(
        "The script task “{element}” has no script.",
        "Write one assignment on each line: name = expression.",
        "Việc gán biến “{element}” chưa có nội dung.",
        "Hãy ghi mỗi dòng một phép gán: tên = biểu thức.",
    ),
    "script-language": Rule(
        "The script of “{element}” is written in {language}; programs in diagrams are never run.",
        "Write one assignment on each line: name = expression (FEEL). For more, use a service task.",
        "Nội dung của “{element}” viết bằng {language}; máy không bao giờ chạy chương trình trong sơ đồ.",
        "Hãy ghi mỗi dòng một phép gán: tên = biểu thức (FEEL). Việc phức tạp hơn hãy dùng việc của máy.",
    ),
    "script-line": Rule(
        "Line {number} of the script of “{element}” is not an assignment: {text}",
        "Write name = expression, on one line.",
        "Dòng {number} trong nội dung của “{element}” không phải phép gán: {text}",
        "Hãy ghi tên = biểu thức trên một dòng.",
    ),
    "script-too-long": Rule(
        "The script of “{element}” has {count} lines; at most {limit} are accepted.",
        "Use a decision table or a service task.",
        "Nội dung của “{element}” có {count} dòng; chỉ nhận tối đa {limit}.",
        "Hãy dùng bảng quyết định hoặc việc của máy.",
    ),
    "call-without-process": Rule(
        "The call activity “{element}” does not name a process.",
        "Set calledElement to the id of a process.",
        "Bước gọi “{element}” chưa nêu quy trình nào.",
        "Hãy đặt calledElement là mã của một quy trình.",
    ),
    "unknown-called-process": Rule(
        "“{element}” calls “{process}”, which is not an executable process of this bundle.",
        "Add the diagram of that process, mark it as executable, or correct the id.",
        "“{element}” gọi “{process}”, vốn không phải quy trình thực thi được trong bộ tệp này.",
        "Hãy thêm sơ đồ của quy trình đó, đánh dấu thực thi hoặc sửa mã.",
    ),
    "call-without-start": Rule(
        "“{element}” calls “{process}”, which has {count} start events, each with a trigger; a call cannot choose one.",
        "Give the process a start event without a trigger; a call begins there.",
        "“{element}” gọi “{process}”, vốn có {count} sự kiện bắt đầu đều có tác nhân; lời gọi không thể chọn.",
        "Hãy thêm cho quy trình một sự kiện bắt đầu thường; lời gọi sẽ bắt đầu từ đó.",
    ),
    "call-recursion": Rule(
        "The processes {processes} call each other in a circle.",
        "Break the circle; draw a loop inside one process instead.",
        "Các quy trình {processes} gọi nhau theo vòng tròn.",
        "Hãy bỏ vòng gọi; thay bằng vòng lặp trong một quy trình.",
    ),
    "multi-instance-count": Rule(
        "The multi-instance task “{element}” must have either a cardinality or a collection (loopDataInputRef).",
        "Set exactly one of them.",
        "Việc nhiều lượt “{element}” phải có số lượt hoặc danh sách (loopDataInputRef).",
        "Hãy đặt đúng một trong hai.",
    ),
    "multi-instance-limit": Rule(
        "“{element}” is to run {count} times; at most {limit} are accepted.",
        "Lower the number, or let a service task work through the list.",
        "“{element}” được đặt chạy {count} lượt; chỉ nhận tối đa {limit}.",
        "Hãy giảm số lượt hoặc để việc của máy xử lý danh sách.",
    ),
    "multi-instance-variable": Rule(
        "“{name}” on “{element}” is not the name of a process variable.",
        "Name one variable; compute the list before, for example in a script task.",
        "“{name}” ở “{element}” không phải là tên biến của quy trình.",
        "Hãy ghi tên một biến; tính danh sách trước, ví dụ trong việc gán biến.",
    ),
    "multi-instance-output": Rule(
        "“{element}” counts its runs and collects results in “{name}”; the second time a case passes it fails.",
        "Use a collection (loopDataInputRef) instead of the cardinality, or do not collect results.",
        "“{element}” vừa đếm lượt vừa gom kết quả vào “{name}”; hồ sơ qua lần thứ hai sẽ lỗi.",
        "Hãy dùng danh sách (loopDataInputRef) thay cho số lượt, hoặc không gom kết quả.",
    ),
    "loop-limit": Rule(
        "The loop task “{element}” has no limit between 1 and {limit} (loopMaximum).",
        "Set loopMaximum.",
        "Việc lặp “{element}” chưa có giới hạn từ 1 đến {limit} (loopMaximum).",
        "Hãy đặt loopMaximum.",
    ),
    "retry-schedule": Rule(
        "{attribute}=“{value}” on “{element}” does not say how often and after which pauses to try again.",
        "Write R5/PT10S (five attempts in all, the first pause ten seconds), or the pauses one by one: PT1M,PT30M,PT2H.",
        "{attribute}=“{value}” ở “{element}” không nói rõ thử lại mấy lần và sau bao lâu.",
        "Hãy ghi R5/PT10S (tất cả năm lần, lần nghỉ đầu mười giây), hoặc từng khoảng nghỉ: PT1M,PT30M,PT2H.",
    ),
    "time-limit": Rule(
        "{attribute}=“{value}” on “{element}” is no limit between a second and twelve hours.",
        "Write a duration such as PT30S or PT10M.",
        "{attribute}=“{value}” ở “{element}” không phải là giới hạn từ một giây đến mười hai giờ.",
        "Hãy ghi một khoảng thời gian như PT30S hoặc PT10M.",
    ),
    "input-parameter": Rule(
        "An input parameter of “{element}” has no name or no plain text (“{name}”).",
        "Give it a name and a text or an expression that begins with “=”.",
        "Một tham số vào của “{element}” chưa có tên hoặc không phải văn bản (“{name}”).",
        "Hãy đặt tên và ghi văn bản hoặc biểu thức bắt đầu bằng “=”.",
    ),
    "ignored-extension": Rule(
        "On “{element}” the engine ignores {names}.",
        "Remove it, or say the same in the supported words{hint}.",
        "Ở “{element}”, máy bỏ qua {names}.",
        "Hãy bỏ đi hoặc diễn đạt bằng các thuộc tính được hỗ trợ{hint}.",
        "warning",
    ),
    "unprefixed-attribute": Rule(
        "{name} on “{element}” has no prefix and would be ignored.",
        "Write {suggestion}.",
        "{name} ở “{element}” thiếu tiền tố nên sẽ bị bỏ qua.",
        "Hãy ghi {suggestion}.",
        "warning",
    ),
}
