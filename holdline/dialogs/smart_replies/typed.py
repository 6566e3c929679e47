"""What triggers a reply, as a manager types it: questions, words or an expression, each on separate lines."""

from typing import Any

from holdline.dialogs.smart_replies.smart_reply import SmartReply


def read_occasions(text: str) -> dict[str, Any]:
    """“When are you open?” is a question, “/inv-\\d+/” an expression, “refund, money back” are words."""
    words: list[str] = []
    questions: list[str] = []
    regex = None
    for line in (each.strip() for each in text.splitlines()):
        if len(line) > 2 and line.startswith("/") and line.endswith("/"):
            regex = line[1:-1]
        elif line.endswith("?"):
            questions.append(line)
        else:
            words += [word.strip() for word in line.split(",") if word.strip()]
    return {"any_of": words, "regex": regex, "questions": questions}


def occasion_lines(reply: SmartReply) -> list[str]:
    """The triggers as they would be typed. A question from the API may lack its question mark."""
    return [
        *([", ".join(reply.any_of)] if reply.any_of else []),
        *([f"/{reply.regex}/"] if reply.regex is not None else []),
        *(question if question.endswith("?") else f"{question}?" for question in reply.questions),
    ]
