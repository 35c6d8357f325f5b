"""Words about flows, gateways and loops."""

from __future__ import annotations

from engine.lint.texts.rule import Rule

RULES: dict[str, Rule] = {
    "dangling-flow": Rule(
        "The flow “{element}” begins or ends at nothing (“{reference}”).",
        "Draw the flow again from one element to another.",
        "Luồng “{element}” không nối từ hoặc tới phần tử nào (“{reference}”).",
        "Hãy vẽ lại luồng từ phần tử này tới phần tử kia.",
    ),
    "flow-across-scopes": Rule(
        "The flow “{element}” crosses the border of a subprocess or pool.",
        "End the flow inside and go on from the subprocess itself; between pools use messages.",
        "Luồng “{element}” đi xuyên qua ranh giới của quy trình con hoặc vùng (pool).",
        "Hãy kết thúc luồng bên trong rồi đi tiếp từ chính quy trình con; giữa các vùng hãy dùng thông điệp.",
    ),
    "flow-into-start": Rule(
        "The flow “{flow}” leads into “{element}”, where nothing may arrive.",
        "Lead the flow to the step behind it.",
        "Luồng “{flow}” dẫn vào “{element}”, nơi không được có luồng vào.",
        "Hãy dẫn luồng tới bước đứng sau.",
    ),
    "flow-out-of-end": Rule(
        "The flow “{flow}” leaves the end event “{element}”.",
        "Make it an intermediate event, or remove the flow.",
        "Luồng “{flow}” đi ra từ sự kiện kết thúc “{element}”.",
        "Hãy đổi thành sự kiện trung gian hoặc bỏ luồng.",
    ),
    "implicit-split": Rule(
        "{count} flows leave “{element}”, which is not a gateway.",
        "Put a gateway behind it: exclusive if one way is taken, parallel if all are.",
        "Có {count} luồng đi ra từ “{element}”, vốn không phải là cổng.",
        "Hãy đặt một cổng phía sau: cổng loại trừ nếu chọn một nhánh, cổng song song nếu đi tất cả.",
    ),
    "condition-ignored": Rule(
        "The condition on the flow “{element}” would be ignored, because the flow leaves “{source}” ({kind}).",
        "Put an exclusive gateway before the flow, or remove the condition.",
        "Điều kiện của luồng “{element}” sẽ bị bỏ qua vì luồng đi ra từ “{source}” ({kind}).",
        "Hãy đặt một cổng loại trừ trước luồng hoặc bỏ điều kiện.",
    ),
    "unreachable": Rule(
        "“{element}” can never be reached from the start event; the engine would drop it.",
        "Draw a flow to it, or remove it.",
        "Không có đường nào từ sự kiện bắt đầu tới “{element}”; máy sẽ bỏ phần tử này.",
        "Hãy vẽ luồng tới phần tử này hoặc xoá đi.",
    ),
    "dead-end": Rule(
        "Nothing follows “{element}”; a case that gets here would stand still for ever.",
        "Draw a flow to an end event.",
        "Sau “{element}” không còn gì; hồ sơ tới đây sẽ đứng mãi.",
        "Hãy vẽ luồng tới một sự kiện kết thúc.",
    ),
    "missing-start": Rule(
        "“{element}” has no start event.",
        "Add one start event.",
        "“{element}” không có sự kiện bắt đầu.",
        "Hãy thêm một sự kiện bắt đầu.",
    ),
    "several-starts": Rule(
        "“{element}” has {count} start events, and nothing tells some of them apart.",
        "Keep one without a trigger; lead the others into it with a gateway, or give each a timer or a message of its own."
        " A subprocess has only one.",
        "“{element}” có {count} sự kiện bắt đầu và có sự kiện không phân biệt được với nhau.",
        "Hãy giữ một sự kiện thường; gộp các sự kiện khác bằng cổng, hoặc cho mỗi sự kiện một hẹn giờ hay thông điệp riêng."
        " Quy trình con chỉ có một.",
    ),
    "endless": Rule(
        "“{element}” has no end event, and something follows every step; it would never be over.",
        "Add an end event and a flow that leads to it.",
        "“{element}” không có sự kiện kết thúc và bước nào cũng có bước sau, nên không bao giờ xong.",
        "Hãy thêm sự kiện kết thúc và luồng dẫn tới đó.",
    ),
    "gateway-without-default": Rule(
        "The gateway “{element}” has no default flow; if no condition holds, the case stops with an error.",
        "Mark one of its flows as the default flow.",
        "Cổng “{element}” không có luồng mặc định; nếu không điều kiện nào đúng, hồ sơ dừng vì lỗi.",
        "Hãy đánh dấu một luồng làm luồng mặc định.",
    ),
    "unknown-default-flow": Rule(
        "The default flow “{reference}” of “{element}” does not leave it.",
        "Choose the default flow again.",
        "Luồng mặc định “{reference}” không đi ra từ “{element}”.",
        "Hãy chọn lại luồng mặc định.",
    ),
    "default-flow-with-condition": Rule(
        "The default flow “{element}” has a condition, which would be ignored.",
        "Remove the condition, or make another flow the default.",
        "Luồng mặc định “{element}” có điều kiện; điều kiện này sẽ bị bỏ qua.",
        "Hãy bỏ điều kiện hoặc chọn luồng khác làm mặc định.",
    ),
    "flow-without-condition": Rule(
        "The flow “{element}” leaves the gateway “{gateway}” without a condition and is not the default flow.",
        "Give it a condition, or make it the default flow.",
        "Luồng “{element}” đi ra từ cổng “{gateway}” mà không có điều kiện và không phải luồng mặc định.",
        "Hãy đặt điều kiện hoặc chọn làm luồng mặc định.",
    ),
    "same-condition-twice": Rule(
        "The flow “{element}” has the same condition as the flow “{other}”; only the first would ever be taken.",
        "Change one of the conditions so that they exclude each other.",
        "Luồng “{element}” có cùng điều kiện với luồng “{other}”; máy chỉ đi theo luồng đầu.",
        "Hãy sửa một trong hai điều kiện để chúng loại trừ nhau.",
    ),
    "event-gateway-target": Rule(
        "The event gateway “{gateway}” leads to “{element}”, which does not wait for a message or a moment.",
        "Behind an event gateway use only intermediate message or timer catch events.",
        "Cổng sự kiện “{gateway}” dẫn tới “{element}”, vốn không chờ thông điệp hay thời điểm.",
        "Sau cổng sự kiện chỉ dùng sự kiện trung gian chờ thông điệp hoặc hẹn giờ.",
    ),
    "event-gateway-target-shared": Rule(
        "Other flows lead to “{element}” behind the event gateway “{gateway}”; they would pass without waiting.",
        "Draw a second event for the other flows.",
        "Có luồng khác dẫn tới “{element}” sau cổng sự kiện “{gateway}”; luồng đó sẽ đi qua mà không chờ.",
        "Hãy vẽ một sự kiện thứ hai cho các luồng kia.",
    ),
    "event-gateway-two-timers": Rule(
        "Behind the event gateway “{element}” stand {count} timers; only the first would count.",
        "Keep one timer; put the others as boundary events on a task or subprocess.",
        "Sau cổng sự kiện “{element}” có {count} hẹn giờ; chỉ hẹn giờ đầu tiên có tác dụng.",
        "Hãy giữ một hẹn giờ; đặt các hẹn giờ khác làm sự kiện biên của việc hoặc quy trình con.",
    ),
    "event-gateway-same-message": Rule(
        "Behind the event gateway “{element}” two events wait for the message “{message}”.",
        "Keep one of them and decide with an exclusive gateway behind it.",
        "Sau cổng sự kiện “{element}” có hai sự kiện cùng chờ thông điệp “{message}”.",
        "Hãy giữ một sự kiện rồi phân nhánh bằng cổng loại trừ phía sau.",
    ),
    "loop-without-wait": Rule(
        "The loop through {loop} never waits for a person, a message or a moment; it would run in circles.",
        "Put a user task, a timer or a message event into the loop.",
        "Vòng lặp qua {loop} không chờ người, thông điệp hay thời điểm nào nên sẽ chạy vòng mãi.",
        "Hãy đặt một việc của người, hẹn giờ hoặc sự kiện thông điệp vào vòng lặp.",
    ),
    "loop-without-choice": Rule(
        "The loop through {loop} has no gateway that could leave it.",
        "Put an exclusive gateway into the loop, with one flow leading out.",
        "Vòng lặp qua {loop} không có cổng nào để thoát ra.",
        "Hãy đặt một cổng loại trừ trong vòng lặp, có một luồng dẫn ra ngoài.",
    ),
    "parallel-chain": Rule(
        "From “{element}” on {count} parallel splits follow each other; each doubles what the engine looks ahead.",
        "Put each parallel part into a subprocess; at most {limit} may stand in a row.",
        "Từ “{element}” có {count} cổng song song nối tiếp nhau; mỗi cổng nhân đôi phần máy phải tính trước.",
        "Hãy đưa từng phần song song vào quy trình con; tối đa {limit} cổng nối tiếp.",
    ),
    "parallel-width": Rule(
        "From “{element}” on the parallel branches multiply to more than {limit} steps the engine looks ahead.",
        "Put each parallel part into a subprocess, or use a multi-instance task instead of many branches.",
        "Từ “{element}” các nhánh song song nhân lên hơn {limit} bước mà máy phải tính trước.",
        "Hãy đưa từng phần song song vào quy trình con hoặc dùng việc nhiều lượt thay cho nhiều nhánh.",
    ),
    "join-waits-for-ever": Rule(
        "The joining gateway “{element}” waits for branches that do not all come, whatever is decided before.",
        "Join only what a parallel gateway has split; where one of several ways comes, join with an exclusive gateway.",
        "Cổng gộp “{element}” chờ các nhánh không bao giờ đến đủ, dù trước đó quyết định thế nào.",
        "Chỉ gộp những nhánh do cổng song song tách ra; nếu chỉ một trong các nhánh đến, hãy gộp bằng cổng loại trừ.",
    ),
    "join-may-wait": Rule(
        "The joining gateway “{element}” waits for ever if gateways before it do not decide alike.",
        "Join only what a parallel gateway has split; where one of several ways comes, join with an exclusive gateway.",
        "Cổng gộp “{element}” sẽ chờ mãi nếu các cổng trước đó quyết định không khớp nhau.",
        "Chỉ gộp những nhánh do cổng song song tách ra; nếu chỉ một trong các nhánh đến, hãy gộp bằng cổng loại trừ.",
        "warning",
    ),
}
