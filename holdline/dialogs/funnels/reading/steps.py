"""Reads steps: a table with one key that says what the step does."""

from dataclasses import dataclass, replace

from holdline.dialogs.funnels.reading.conditions import read_condition
from holdline.dialogs.funnels.reading.messages import (
    SEND_KEYS,
    WORDS,
    ReadsSteps,
    read_choices,
    read_message,
    read_rows,
)
from holdline.dialogs.funnels.reading.node import Node
from holdline.dialogs.funnels.reading.values import read_answer_name, read_fields, read_length, read_until
from holdline.dialogs.funnels.steps import (
    PATIENCE,
    FunnelStep,
    GoalStep,
    GotoStep,
    IfStep,
    QuestionStep,
    SendStep,
    SetStep,
    SplitBranch,
    SplitStep,
    StopStep,
    TagStep,
    UntilStep,
    WaitStep,
)

ACTS = (
    "send", "question", "wait", "until", "if", "tag", "untag", "set", "goal", "split", "goto", "stop",
)  # fmt: skip
BESIDE = {"if": ("then", "else"), "send": ("else",), "question": ("else",)}
"""Keys allowed beside the act. Every step may also have a `label`."""
QUESTION_KEYS = (*WORDS, "name", "field", "choices")
BRANCH_KEYS = ("name", "share", "then")
DEEPEST, MOST_STEPS, MOST_BRANCHES = 8, 200, 10
Keys = dict[str, Node]


@dataclass(frozen=True, slots=True)
class _Place:
    """The position of a step."""

    address: str
    label: str | None
    depth: int


class StepReader(ReadsSteps):
    """Reads the steps of one definition. Collects its labels, the references to them, its goto steps by
    address, and the path of each step.
    """

    def __init__(self, topic: str | None) -> None:
        self.labels: dict[str, Node] = {}
        self.gotos: list[tuple[str, Node]] = []
        self.goto_steps: dict[str, Node] = {}
        self.paths: dict[str, str] = {}
        self._topic = topic
        self._count = 0

    def read_steps(self, node: Node, address: str, depth: int = 0) -> tuple[FunnelStep, ...]:
        """`address` is that of the list. The top-level list has an empty address."""
        if depth > DEEPEST:
            node.refuse("too_deep", most=DEEPEST)
            return ()
        around = f"{address}." if address else ""
        found = []
        for number, item in enumerate(node.items(MOST_STEPS)):
            self._count += 1
            if self._count > MOST_STEPS:
                item.refuse("too_many_steps", most=MOST_STEPS)
                break
            if step := self._read_step(item, f"{around}{number}", depth):
                found.append(step)
        return tuple(found)

    def read_goto(self, node: Node) -> str:
        label = node.name()
        self.gotos.append((label, node))
        return label

    def _read_step(self, node: Node, address: str, depth: int) -> FunnelStep | None:
        self.paths[address] = node.path
        written = node.value if isinstance(node.value, dict) else {}
        acts = [act for act in ACTS if written.get(act) is not None]
        if len(acts) != 1:
            self._refuse_acts(node, acts)
            return None
        act = acts[0]
        keys = node.table((act, *BESIDE.get(act, ()), "label"))
        place = _Place(address, self._label(keys["label"]) if "label" in keys else None, depth)
        match act:
            case "send" | "question":
                return self._message(act, keys, place)
            case "if":
                return self._if(keys, place)
            case "split":
                return self._split(keys["split"], place)
            case "goto":
                self.goto_steps[address] = keys["goto"]
                return GotoStep(place.address, place.label, self.read_goto(keys["goto"]))
            case _:
                return _read_plain(act, keys[act], place)

    def _refuse_acts(self, node: Node, acts: list[str]) -> None:
        if not isinstance(node.value, dict):
            node.refuse("step_table", acts=", ".join(ACTS))
            return
        unknown = [str(key) for key in node.value if key not in (*ACTS, "then", "else", "label")]
        if acts:
            node.refuse("one_act", acts=", ".join(acts))
        elif unknown:
            node.key(unknown[0]).refuse_unknown_key(unknown[0], ACTS)
        else:
            node.refuse("no_act", acts=", ".join(ACTS))

    def _label(self, node: Node) -> str:
        label = node.name()
        if label in self.labels:
            node.refuse("label_twice", label=label)
        self.labels.setdefault(label, node)
        return label

    def _message(self, act: str, keys: Keys, place: _Place) -> FunnelStep:
        node = keys[act]
        said = node.table(SEND_KEYS if act == "send" else QUESTION_KEYS)
        if not isinstance(node.value, dict):
            return StopStep(place.address, place.label)
        message = read_message(said, node.key("text"), self._topic)
        within = read_length(said["within"]) if "within" in said else PATIENCE
        otherwise = self._branch("else", keys, place)
        if act == "question":
            rows = (
                read_choices(said["choices"], self, place.address, place.depth) if "choices" in said else ()
            )
            return QuestionStep(
                place.address,
                place.label,
                replace(message, rows=rows),
                within,
                read_answer_name(said.get("name", node.key("name"))),
                said["field"].name() if "field" in said else None,
                otherwise,
            )
        rows = read_rows(said["buttons"], self, place.address, place.depth) if "buttons" in said else ()
        step = SendStep(place.address, place.label, replace(message, rows=rows), within, otherwise)
        for key in (said.get("within"), keys.get("else")):
            if key and not step.awaits:
                key.refuse("waits_for_no_press")
        return step

    def _if(self, keys: Keys, place: _Place) -> FunnelStep:
        condition = read_condition(keys["if"])
        if "then" not in keys and "else" not in keys:
            keys["if"].refuse("if_without_steps")
        then, otherwise = (self._branch(name, keys, place) for name in ("then", "else"))
        return IfStep(place.address, place.label, condition, then, otherwise)

    def _branch(self, name: str, keys: Keys, place: _Place) -> tuple[FunnelStep, ...]:
        if name not in keys:
            return ()
        return self.read_steps(keys[name], f"{place.address}.{name}", place.depth + 1)

    def _split(self, node: Node, place: _Place) -> FunnelStep:
        branches = []
        for number, item in enumerate(node.items(MOST_BRANCHES)):
            keys = item.table(BRANCH_KEYS)
            if not isinstance(item.value, dict):
                continue
            name = keys.get("name", item.key("name")).name()
            share = self._share(keys.get("share", item.key("share")))
            address = f"{place.address}.branch.{number}"
            then = self.read_steps(keys["then"], address, place.depth + 1) if "then" in keys else ()
            branches.append(SplitBranch(name, share, then))
        if len(branches) < 2 or len({branch.name for branch in branches}) < len(branches):
            node.refuse("split_branches")
        elif (total := sum(branch.share for branch in branches)) != 100:
            node.refuse("split_shares", total=total)
        return SplitStep(place.address, place.label, tuple(branches))

    def _share(self, node: Node) -> int:
        if isinstance(node.value, int) and not isinstance(node.value, bool) and 1 <= node.value <= 99:
            return node.value
        node.refuse("share")
        return 0


def _read_plain(act: str, node: Node, place: _Place) -> FunnelStep:
    """A step that contains no other steps."""
    address, label = place.address, place.label
    match act:
        case "wait":
            return WaitStep(address, label, read_length(node))
        case "until":
            return UntilStep(address, label, *read_until(node))
        case "tag" | "untag":
            return TagStep(address, label, node.name(), added=act == "tag")
        case "set":
            return SetStep(address, label, read_fields(node))
        case "goal":
            return GoalStep(address, label, node.name())
        case _:
            node.is_true()
            return StopStep(address, label)
