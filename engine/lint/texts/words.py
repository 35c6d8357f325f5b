"""What the parts of a diagram are called, (English, Vietnamese)."""

from __future__ import annotations

Words = tuple[str, str]

KINDS: dict[str, Words] = {
    "process": ("process", "quy trình"),
    "subProcess": ("subprocess", "quy trình con"),
    "callActivity": ("call activity", "bước gọi quy trình"),
    "userTask": ("user task", "việc của người"),
    "manualTask": ("manual task", "việc thủ công"),
    "task": ("task", "việc"),
    "serviceTask": ("service task", "việc của máy"),
    "sendTask": ("send task", "việc gửi"),
    "receiveTask": ("receive task", "việc nhận"),
    "scriptTask": ("script task", "việc gán biến"),
    "businessRuleTask": ("business rule task", "việc tra bảng quyết định"),
    "exclusiveGateway": ("exclusive gateway", "cổng loại trừ"),
    "parallelGateway": ("parallel gateway", "cổng song song"),
    "inclusiveGateway": ("inclusive gateway", "cổng bao hàm"),
    "eventBasedGateway": ("event gateway", "cổng sự kiện"),
    "complexGateway": ("complex gateway", "cổng phức hợp"),
    "startEvent": ("start event", "sự kiện bắt đầu"),
    "endEvent": ("end event", "sự kiện kết thúc"),
    "intermediateCatchEvent": ("intermediate catch event", "sự kiện chờ trung gian"),
    "intermediateThrowEvent": ("intermediate throw event", "sự kiện phát trung gian"),
    "boundaryEvent": ("boundary event", "sự kiện biên"),
    "sequenceFlow": ("sequence flow", "luồng"),
    "lane": ("lane", "làn"),
    "participant": ("pool", "bể"),
}

TRIGGERS: dict[str, Words] = {
    "message": ("message", "thông điệp"),
    "timer": ("timer", "hẹn giờ"),
    "error": ("error", "lỗi"),
    "escalation": ("escalation", "leo thang"),
    "terminate": ("terminate", "chấm dứt"),
    "signal": ("signal", "tín hiệu"),
    "conditional": ("conditional", "điều kiện"),
    "link": ("link", "liên kết"),
    "compensate": ("compensation", "bù trừ"),
    "cancel": ("cancel", "huỷ"),
}

#: Places an expression stands in; attributes go by their own name.
PLACES: dict[str, Words] = {
    "condition": ("The condition", "Điều kiện"),
    "timer": ("The time", "Thời điểm"),
    "script": ("A line of the script", "Một dòng gán"),
    "input": ("An input parameter", "Một tham số vào"),
    "loopCardinality": ("The cardinality", "Số lượt"),
    "completionCondition": ("The completion condition", "Điều kiện hoàn thành"),
    "loopCondition": ("The loop condition", "Điều kiện lặp"),
    "correlationKey": ("The correlation key", "Khoá đối khớp"),
    "form": ("A rule of the field", "Một quy tắc của ô"),
}


def kind(name: str) -> Words:
    """What a kind of element is called; its BPMN name if it has no other."""
    return KINDS.get(name, (name, name))


def trigger(name: str) -> Words:
    """What a kind of event is called; its BPMN name if it has no other."""
    return TRIGGERS.get(name, (name, name))


def place(name: str) -> Words:
    """What the place of an expression is called; its own name if it has no other."""
    return PLACES.get(name, (name, name))


def listed(words: list[Words]) -> Words:
    """Several of them, with commas."""
    return ", ".join(one[0] for one in words), ", ".join(one[1] for one in words)
