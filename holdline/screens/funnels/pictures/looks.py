"""The appearance of points in the picture: colours by theme, and a shape and a sign for each kind of step."""

from dataclasses import dataclass

from holdline.dialogs.funnels.steps import (
    FunnelStep,
    GoalStep,
    GotoStep,
    IfStep,
    QuestionStep,
    SendStep,
    SetStep,
    SplitStep,
    StopStep,
    TagStep,
    UntilStep,
    WaitStep,
)

THEMES = {
    "light": {"back": "#ffffff", "card": "#ffffff", "text": "#1f2933", "soft": "#5b6672", "line": "#8c98a4"},
    "dark": {"back": "#17212b", "card": "#202d3a", "text": "#f0f3f6", "soft": "#a9b6c3", "line": "#7d8b99"},
}
_COLOURS = {
    "light": {"blue": "#2f7ed8", "violet": "#7b5fc9", "amber": "#c27a16", "teal": "#148f8a", "green": "#2fa36b",
              "grey": "#5b6672", "red": "#c94f4f"},
    "dark": {"blue": "#5aa5f5", "violet": "#ac93f0", "amber": "#f0ab56", "teal": "#4fc7c1", "green": "#55c993",
             "grey": "#a9b6c3", "red": "#ec7b7b"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PointLook:
    """`sign`: strokes on a square of 16. `lines`: how many lines of text fit. A `wide` point is a card."""

    colour: str
    sign: str
    lines: int = 1
    wide: bool = False

    def stroke(self, theme: str) -> str:
        return _COLOURS[theme][self.colour]


BEGIN_LOOK = PointLook("grey", "M5 3l8 5-8 5z", lines=6)
END_LOOK = PointLook("grey", "M3 8.5l3.5 3.5L13 4.5")
_LOOKS: dict[type, PointLook] = {
    SendStep: PointLook("blue", "M2 3h12v8H7l-3 3v-3H2z", lines=3, wide=True),
    QuestionStep: PointLook("violet", "M5 6a3 3 0 1 1 4.5 2.6Q8 9.4 8 10.8M8 13.2v.6", lines=3, wide=True),
    WaitStep: PointLook("amber", "M14 8a6 6 0 1 1-12 0a6 6 0 1 1 12 0M8 4.5V8l2.5 1.6"),
    UntilStep: PointLook("amber", "M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.5v3M10.5 2.5v3"),
    IfStep: PointLook("teal", "M8 1.5L14.5 8 8 14.5 1.5 8z", lines=3),
    SplitStep: PointLook("teal", "M8 14.5V9L3.5 3M8 9l4.5-6"),
    TagStep: PointLook("grey", "M2 2h6l6 6-6 6-6-6zM5 5h.6"),
    SetStep: PointLook("grey", "M3 13l1-3.5L11 2.5 13.5 5 6.5 12z", lines=2),
    GoalStep: PointLook("green", "M4 14.5V2.5h8.5l-2 3 2 3H4"),
    StopStep: PointLook("red", "M3.5 3.5h9v9h-9z"),
    GotoStep: PointLook("grey", "M3 8h9M9 4.5L12.5 8 9 11.5"),
}


def look_of(step: FunnelStep) -> PointLook:
    return _LOOKS[type(step)]
