"""Words about whole files, identifiers and elements that have no place in an executable diagram."""

from __future__ import annotations

from engine.lint.texts.rule import Rule

RULES: dict[str, Rule] = {
    "not-xml": Rule(
        "The file cannot be read as XML: {detail}",
        "Open the file in the modeller and save it again.",
        "Không đọc được tệp dưới dạng XML: {detail}",
        "Hãy mở tệp trong trình vẽ quy trình và lưu lại.",
    ),
    "doctype": Rule(
        "The file has a DOCTYPE or declares entities.",
        "Remove the <!DOCTYPE …> part; diagrams do not need it and it is never accepted.",
        "Tệp có khai báo DOCTYPE hoặc ENTITY.",
        "Hãy bỏ phần <!DOCTYPE …>; sơ đồ không cần phần này và hệ thống không bao giờ nhận.",
    ),
    "file-too-large": Rule(
        "The file has {size} bytes; at most {limit} are accepted.",
        "Split the process into several that call each other, and remove embedded pictures.",
        "Tệp có {size} byte; chỉ nhận tối đa {limit} byte.",
        "Hãy chia quy trình thành nhiều quy trình gọi nhau và bỏ hình ảnh nhúng.",
    ),
    "not-bpmn": Rule(
        "The file is XML but not BPMN 2.0: its outermost element is “{root}”.",
        "Save or export the diagram as BPMN 2.0 XML.",
        "Tệp là XML nhưng không phải BPMN 2.0: phần tử ngoài cùng là “{root}”.",
        "Hãy lưu hoặc xuất sơ đồ dưới dạng BPMN 2.0 XML.",
    ),
    "too-many-findings": Rule(
        "Only the first {shown} findings of this file are shown; at least {left_out} more were left out.",
        "Mend these first, then check again.",
        "Chỉ nêu {shown} vấn đề đầu tiên của tệp này; còn ít nhất {left_out} vấn đề chưa nêu.",
        "Hãy sửa những vấn đề này trước rồi kiểm tra lại.",
        "warning",
    ),
    "no-executable-process": Rule(
        "There is no executable process here.",
        'Tick “Executable” on the process (isExecutable="true").',
        "Không có quy trình nào thực thi được.",
        'Hãy đánh dấu “Executable” cho quy trình (isExecutable="true").',
    ),
    "process-not-executable": Rule(
        "The process “{element}” is not marked as executable; it is only a picture.",
        'If it shall run, tick “Executable” on it (isExecutable="true").',
        "Quy trình “{element}” chưa được đánh dấu thực thi nên chỉ là hình vẽ.",
        'Nếu quy trình này cần chạy, hãy đánh dấu “Executable” (isExecutable="true").',
        "warning",
    ),
    "several-processes": Rule(
        "Nothing says which process starts: {processes} are executable and none is called by another.",
        "Keep one main process; call the others from it or deploy them on their own.",
        "Không rõ quy trình nào bắt đầu: {processes} đều thực thi được và không quy trình nào được gọi.",
        "Hãy giữ một quy trình chính; các quy trình khác phải được gọi từ đó hoặc triển khai riêng.",
    ),
    "process-without-id": Rule(
        "A process has no id.",
        "Give the process an id; it is the key of the process definition.",
        "Có quy trình chưa có mã (id).",
        "Hãy đặt mã cho quy trình; đó là khoá của định nghĩa quy trình.",
    ),
    "duplicate-id": Rule(
        "The id “{id}” is used more than once (first on line {first_line}{first_file}); the engine would see only one.",
        "Give each element its own id.",
        "Mã “{id}” được dùng nhiều lần (lần đầu ở dòng {first_line}{first_file}); máy chỉ thấy một phần tử.",
        "Hãy đặt cho mỗi phần tử một mã riêng.",
    ),
    "malformed-id": Rule(
        "“{id}” cannot be an id.",
        "Use letters, digits, “_”, “-” and “.”, beginning with a letter, at most 200 characters.",
        "“{id}” không dùng làm mã (id) được.",
        "Chỉ dùng chữ, số, “_”, “-” và “.”, bắt đầu bằng chữ, tối đa 200 ký tự.",
    ),
    "reserved-id": Rule(
        "The id “{id}” is used by the engine itself; the element would be skipped without a word.",
        "Choose another id, for example “{suggestion}”.",
        "Mã “{id}” do máy tự dùng; phần tử này sẽ bị bỏ qua mà không báo.",
        "Hãy chọn mã khác, ví dụ “{suggestion}”.",
    ),
    "boolean-value": Rule(
        '{attribute}="{value}" on “{element}” would be read as “no”.',
        "Write true or false.",
        '{attribute}="{value}" ở “{element}” sẽ bị hiểu là “không”.',
        "Hãy ghi true hoặc false.",
    ),
    "unknown-element": Rule(
        "The engine does not know “{kind}” here and would ignore it.",
        "Remove it or draw it with tasks, gateways and events.",
        "Máy không biết phần tử “{kind}” ở vị trí này và sẽ bỏ qua.",
        "Hãy bỏ phần tử này hoặc vẽ lại bằng việc, cổng và sự kiện.",
    ),
    "complex-gateway": Rule(
        "The complex gateway “{element}” cannot be executed.",
        "Use exclusive, parallel or inclusive gateways.",
        "Cổng phức hợp “{element}” không thực thi được.",
        "Hãy dùng cổng loại trừ, cổng song song hoặc cổng bao hàm.",
    ),
    "ad-hoc-subprocess": Rule(
        "The ad-hoc subprocess “{element}” cannot be executed.",
        "Draw the order with flows, or use a parallel gateway inside an ordinary subprocess.",
        "Quy trình con tuỳ biến (ad-hoc) “{element}” không thực thi được.",
        "Hãy vẽ thứ tự bằng luồng, hoặc dùng cổng song song trong quy trình con thường.",
    ),
    "transaction": Rule(
        "The transaction “{element}” cannot be executed.",
        "Use an ordinary subprocess; let a boundary event lead to the steps that undo the work.",
        "Giao dịch (transaction) “{element}” không thực thi được.",
        "Hãy dùng quy trình con thường; dùng sự kiện biên dẫn tới các bước hoàn lại.",
    ),
    "event-subprocess": Rule(
        "The event subprocess “{element}” would start on its own or never interrupt.",
        "Put the steps into an ordinary subprocess and draw the event as a boundary event on it.",
        "Quy trình con theo sự kiện “{element}” sẽ tự chạy hoặc không bao giờ ngắt được.",
        "Hãy đưa các bước vào quy trình con thường và vẽ sự kiện thành sự kiện biên của nó.",
    ),
    "compensation": Rule(
        "Compensation on “{element}” would be ignored.",
        "Draw the steps that undo the work as ordinary tasks behind a gateway or a boundary event.",
        "Phần bù trừ (compensation) ở “{element}” sẽ bị bỏ qua.",
        "Hãy vẽ các bước hoàn lại thành việc thường sau một cổng hoặc sự kiện biên.",
    ),
    "data-store": Rule(
        "The data store “{element}” is only a picture; nothing is read from it or written to it.",
        "Let a service task read or write what is needed.",
        "Kho dữ liệu “{element}” chỉ là hình vẽ; máy không đọc hay ghi gì.",
        "Hãy dùng việc của máy để đọc hoặc ghi những gì cần.",
        "warning",
    ),
    "data-association": Rule(
        "The dotted arrow between “{element}” and its data is only a picture; it moves no values.",
        "Nothing to do: process variables are visible in every step.",
        "Mũi tên chấm giữa “{element}” và dữ liệu chỉ là hình vẽ; nó không chuyển giá trị nào.",
        "Không cần làm gì: mọi bước đều thấy biến của quy trình.",
        "warning",
    ),
    "data-mapping": Rule(
        "The dotted arrow between “{element}” and its data computes values, which the engine would not do.",
        "Remove the assignment or transformation; set the variable in a script task.",
        "Mũi tên chấm giữa “{element}” và dữ liệu có tính giá trị, máy không làm việc này.",
        "Hãy bỏ phần gán hoặc biến đổi; đặt biến bằng việc kịch bản.",
    ),
    "data-input-output": Rule(
        "“{element}” lists data inputs or outputs; the engine does not ask for them.",
        "Nothing to do: process variables are visible in every step. Check a form if something must be there.",
        "“{element}” khai báo dữ liệu vào hoặc ra; máy không dùng đến.",
        "Không cần làm gì: mọi bước đều thấy biến của quy trình. Nếu bắt buộc phải có, hãy kiểm tra bằng biểu mẫu.",
        "warning",
    ),
    "correlation": Rule(
        "The correlation “{element}” would prevent messages from arriving.",
        "Remove it. Who waits is found by the business key, or by what caseway:correlationKey on the waiting element says.",
        "Phần đối khớp (correlation) “{element}” sẽ làm thông điệp không tới được.",
        "Hãy bỏ đi. Nơi chờ được tìm bằng khoá nghiệp vụ, hoặc bằng khoá ghi ở caseway:correlationKey của phần tử chờ.",
    ),
    "too-many-nodes": Rule(
        "The file has {count} steps, gateways and events; at most {limit} are accepted.",
        "Move a part into a process of its own and call it.",
        "Tệp có {count} bước, cổng và sự kiện; chỉ nhận tối đa {limit}.",
        "Hãy chuyển một phần sang quy trình riêng và gọi quy trình đó.",
    ),
    "too-many-flows": Rule(
        "The file has {count} sequence flows; at most {limit} are accepted.",
        "Move a part into a process of its own and call it.",
        "Tệp có {count} luồng; chỉ nhận tối đa {limit}.",
        "Hãy chuyển một phần sang quy trình riêng và gọi quy trình đó.",
    ),
    "nested-too-deep": Rule(
        "The subprocess “{element}” lies more than {limit} levels deep.",
        "Move it into a process of its own and call it.",
        "Quy trình con “{element}” nằm sâu quá {limit} tầng.",
        "Hãy chuyển thành quy trình riêng và gọi quy trình đó.",
    ),
}
