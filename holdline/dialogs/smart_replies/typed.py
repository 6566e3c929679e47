"""What triggers a reply, as a manager types it: questions, words or an expression, each on separate lines."""

from typing import Any

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.smart_replies.smart_reply import SmartReply, valid_questions
from holdline.dialogs.text.patterns import valid_regex, valid_words


def valid_occasions(text: str) -> dict[str, Any]:
    """“When are you open?” is a question, “/inv-\\d+/” an expression, “refund, money back” are words.

    Raises BadInput for what a reply cannot have, so that a mistake is named before the answer is typed.
    """
    words: list[str] = []
    questions: list[str] = []
    found: list[str] = []
    for line in (each.strip() for each in text.splitlines()):
        if len(line) > 2 and line.startswith("/") and line.endswith("/"):
            found.append(line[1:-1])
        elif line.endswith("?"):
            questions.append(line)
        else:
            words += [word.strip() for word in line.split(",") if word.strip()]
    if len(found) > 1:
        raise BadInput("regex", "smart.one_regex", both=f"/{'|'.join(found)}/")
    if not (words or found or questions):
        raise BadInput("question", "smart.asks_nothing_typed")
    regex = valid_regex(found[0]) if found else None
    return {"any_of": valid_words(words), "regex": regex, "questions": valid_questions(questions)}


def occasion_lines(reply: SmartReply) -> list[str]:
    """The triggers as they would be typed. A question from the API may lack its question mark."""
    return [
        *([", ".join(reply.any_of)] if reply.any_of else []),
        *([f"/{reply.regex}/"] if reply.regex is not None else []),
        *(question if question.endswith("?") else f"{question}?" for question in reply.questions),
    ]
