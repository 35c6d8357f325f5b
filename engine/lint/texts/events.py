"""Words about events and timers."""

from __future__ import annotations

from engine.lint.texts.rule import Rule

RULES: dict[str, Rule] = {
    "start-trigger": Rule(
        "The start event “{element}” is of the kind “{trigger}”; processes are started by a person or a program.",
        "Make it a plain start event; to wait inside the process use an intermediate event behind it.",
        "Sự kiện bắt đầu “{element}” thuộc loại “{trigger}”; quy trình chỉ do người hoặc chương trình khởi động.",
        "Hãy đổi thành sự kiện bắt đầu thường; muốn chờ, hãy đặt sự kiện trung gian phía sau.",
    ),
    "start-by-hand": Rule(
        "No timer starts a case at “{element}” by itself, since no moment is written there that could be told beforehand;"
        " a person or a program starts it.",
        'Nothing to do if that is meant. Otherwise write the moment out, for example "R/P1D" for every day; a process that'
        " has not begun has no variables, and cron patterns are not understood.",
        "Hẹn giờ “{element}” không tự khởi động hồ sơ vì không ghi rõ thời điểm; người hoặc chương trình khởi động.",
        'Không cần làm gì nếu đúng ý. Nếu không, hãy ghi rõ thời điểm, ví dụ "R/P1D" là hằng ngày; quy trình chưa bắt đầu thì'
        " chưa có biến, và mẫu cron không dùng được.",
        "warning",
    ),
    "signal-event": Rule(
        "The signal event “{element}” would not be thrown or caught reliably.",
        "Use a message event; it reaches exactly the instance it is meant for.",
        "Sự kiện tín hiệu (signal) “{element}” không được phát hoặc nhận một cách chắc chắn.",
        "Hãy dùng sự kiện thông điệp; thông điệp tới đúng quy trình cần nhận.",
    ),
    "link-event": Rule(
        "The link event “{element}” would be passed over; nothing jumps to its other half.",
        "Draw a sequence flow instead.",
        "Sự kiện liên kết (link) “{element}” sẽ bị đi qua; máy không nhảy tới nửa kia.",
        "Hãy vẽ luồng nối thẳng.",
    ),
    "conditional-event": Rule(
        "The conditional event “{element}” is not watched by the engine.",
        "Use a message event sent by whatever changes the value, or an exclusive gateway.",
        "Sự kiện điều kiện “{element}” không được máy theo dõi.",
        "Hãy dùng sự kiện thông điệp do nơi thay đổi giá trị gửi tới, hoặc cổng loại trừ.",
    ),
    "cancel-event": Rule(
        "The cancel event “{element}” belongs to a transaction, which cannot be executed.",
        "End the subprocess with an error end event and catch it with a boundary event.",
        "Sự kiện huỷ “{element}” thuộc về giao dịch (transaction), vốn không thực thi được.",
        "Hãy kết thúc quy trình con bằng sự kiện lỗi và bắt bằng sự kiện biên.",
    ),
    "unsupported-trigger": Rule(
        "The {kind} “{element}” is of the kind “{trigger}”, which would be treated as a plain event.",
        "Choose one of the kinds that can be executed here: {possible}.",
        "Phần tử “{element}” ({kind}) thuộc loại “{trigger}” nên sẽ bị coi là sự kiện thường.",
        "Hãy chọn một trong các loại thực thi được ở đây: {possible}.",
    ),
    "missing-trigger": Rule(
        "The {kind} “{element}” does not say what it waits for.",
        "Choose what it waits for: {possible}.",
        "Phần tử “{element}” ({kind}) chưa cho biết chờ gì.",
        "Hãy chọn điều cần chờ: {possible}.",
    ),
    "several-triggers": Rule(
        "“{element}” has several event definitions.",
        "Draw one event for each, behind an event gateway or side by side on the border.",
        "“{element}” có nhiều loại sự kiện cùng lúc.",
        "Hãy vẽ mỗi loại thành một sự kiện, sau cổng sự kiện hoặc cạnh nhau trên biên.",
    ),
    "trigger-by-reference": Rule(
        "“{element}” only refers to an event definition elsewhere; the reference would be ignored.",
        "Put the event definition inside the event.",
        "“{element}” chỉ tham chiếu tới định nghĩa sự kiện ở nơi khác; tham chiếu này sẽ bị bỏ qua.",
        "Hãy đặt định nghĩa sự kiện ngay trong sự kiện.",
    ),
    "boundary-on-nothing": Rule(
        "The boundary event “{element}” is not attached to a task or subprocess here (“{reference}”).",
        "Drag it onto the border of the task or subprocess it belongs to.",
        "Sự kiện biên “{element}” không gắn với việc hay quy trình con nào ở đây (“{reference}”).",
        "Hãy kéo sự kiện tới cạnh của việc hoặc quy trình con tương ứng.",
    ),
    "error-boundary-not-interrupting": Rule(
        "The error event “{element}” is drawn as not interrupting; an error always ends its step.",
        "Make the boundary event interrupting (a solid border).",
        "Sự kiện lỗi “{element}” được vẽ dạng không ngắt; lỗi luôn kết thúc bước đang chạy.",
        "Hãy đổi sự kiện biên thành dạng ngắt (viền liền).",
    ),
    "message-reference": Rule(
        "“{element}” does not name its message (“{reference}”).",
        "Choose a message with a name for it.",
        "“{element}” chưa nêu tên thông điệp (“{reference}”).",
        "Hãy chọn một thông điệp có tên.",
    ),
    "error-reference": Rule(
        "“{element}” refers to an error without a code (“{reference}”).",
        "Choose an error and give it an error code; errors are recognised by it.",
        "“{element}” tham chiếu tới lỗi chưa có mã lỗi (“{reference}”).",
        "Hãy chọn lỗi và đặt mã lỗi; lỗi được nhận ra nhờ mã này.",
    ),
    "escalation-reference": Rule(
        "“{element}” refers to an escalation without a code (“{reference}”).",
        "Choose an escalation and give it an escalation code.",
        "“{element}” tham chiếu tới leo thang chưa có mã (“{reference}”).",
        "Hãy chọn leo thang và đặt mã leo thang.",
    ),
    "uncaught-error": Rule(
        "Nothing catches the error thrown by “{element}”; the case would go on as if all were well.",
        "Put an error boundary event on the surrounding subprocess or call, or use a plain or terminate end event.",
        "Không có gì bắt lỗi do “{element}” phát ra; hồ sơ sẽ đi tiếp như không có chuyện gì.",
        "Hãy đặt sự kiện biên lỗi ở quy trình con hoặc bước gọi bao ngoài, hoặc dùng sự kiện kết thúc thường.",
    ),
    "instantiating-receive": Rule(
        "The receive task “{element}” is to start the process; processes are started by a person or a program.",
        "Put a plain start event before it and switch “instantiate” off.",
        "Việc nhận “{element}” được đặt để khởi động quy trình; quy trình chỉ do người hoặc chương trình khởi động.",
        "Hãy đặt sự kiện bắt đầu thường phía trước và tắt “instantiate”.",
    ),
    "timer-without-time": Rule(
        "The timer “{element}” must have exactly one date, duration or cycle; it has {count}.",
        "Set one of them.",
        "Hẹn giờ “{element}” phải có đúng một ngày giờ, khoảng thời gian hoặc chu kỳ; hiện có {count}.",
        "Hãy đặt đúng một loại.",
    ),
    "catch-up": Rule(
        "caseway:catchUp=“{text}” on “{element}” says nothing about a repeating timer.",
        'Write caseway:catchUp="all" on a timer with timeCycle to have it fire for every moment it missed; without it, it'
        " fires once for all of them.",
        "caseway:catchUp=“{text}” trên “{element}” không nói gì về hẹn giờ lặp lại.",
        'Hãy ghi caseway:catchUp="all" trên hẹn giờ có timeCycle để chạy bù mọi lần đã lỡ; nếu không, chỉ chạy bù một lần.',
    ),
    "redates-nothing": Rule(
        "caseway:redates on “{element}” names “{name}”, but no timeDate and no dueDate in this file is read from it.",
        "Name the variables your dates are read from{hint}, or remove the attribute.",
        "caseway:redates trên “{element}” nêu “{name}”, nhưng không có timeDate hay dueDate nào trong tệp đọc biến này.",
        "Hãy nêu các biến mà ngày giờ được đọc từ đó{hint}, hoặc bỏ thuộc tính này.",
    ),
    "timer-cron": Rule(
        "The timer “{element}” has a cron pattern ({text}), which is not understood.",
        'Write a repeating interval, for example "R/P1D" for every day or "R5/PT10M" for five times ten minutes.',
        "Hẹn giờ “{element}” dùng mẫu cron ({text}), máy không hiểu.",
        'Hãy ghi chu kỳ lặp, ví dụ "R/P1D" là hằng ngày, "R5/PT10M" là năm lần cách nhau mười phút.',
    ),
    "timer-value": Rule(
        "“{text}” is not a {wanted} for the timer “{element}”.",
        "Write for example {example}.",
        "“{text}” không phải là {wanted} cho hẹn giờ “{element}”.",
        "Hãy ghi, ví dụ {example}.",
    ),
    "timer-cycle-position": Rule(
        "The repeating timer “{element}” may only stand on a border without interrupting.",
        "Use a date or duration here, or make it a boundary event that does not interrupt.",
        "Hẹn giờ lặp “{element}” chỉ được đặt trên biên, dạng không ngắt.",
        "Hãy dùng ngày giờ hoặc khoảng thời gian, hoặc đổi thành sự kiện biên không ngắt.",
    ),
}
