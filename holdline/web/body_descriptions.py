"""What a field of one body means, where its name means something else in other bodies (see "
"field_descriptions.py)."""

_LIMIT = "The time limit for {}, such as `30m`, `4h` or `2d`; a day is the working time of one day. null: no limit."
_LIMITS = {
    "first_response": _LIMIT.format("the first reply"),
    "next_response": _LIMIT.format("each later reply"),
    "resolution": _LIMIT.format("the close of the dialog"),
}
_CHANGES = {
    name: f"Channels for: the {name} changed. Only for dialogs in which the manager is the assignee or a participant."
    for name in ("stage", "queue", "tags")
}
_DELIVERY = "`queued`: it waits to be sent; `sent`: it was accepted; `failed`: it was given up."
_RULE = {"active": "Whether the rule acts.", "then": "The steps, in their order."}
_SMART_REPLY = {"active": "Whether it answers customers.", "answer": "The text of the answer."}
_WEBHOOK = {"active": "Whether events are sent to it."}

OF_BODIES = {
    "AcceptedOut": {
        "status": "`queued`: it is sent in its turn; `held`: it waits for the end of a dialog; `dropped`: "
        "a smart reply that is never sent, because the customer has an active dialog.",
    },
    "ActorOut": {"kind": "The kind of the actor.", "name": "The name of the person or of the rule."},
    "AliveOut": {"status": "Always `ok`.", "version": "The version of Holdline."},
    "AppliedTagOut": {
        "name": "The name of the tag.",
        "by": "Who added it: a manager, a rule, or the trained model.",
    },
    "AttachmentOut": {
        "author": "The name of the manager who added the file.",
        "name": "The name of the file.",
    },
    "AudienceIn": {"language": "Customers with this language; a code of two or three letters, such as `en`."},
    "AuthorOut": {
        "kind": "`customer`, `manager`, `system`, `rule`, `funnel`, `broadcast` or `smart_reply`.",
        "name": "The name of the author.",
    },
    "BroadcastIn": {"buttons": "Rows of buttons; a single button is a row."},
    "BroadcastOut": {
        "status": "The state of the broadcast. `done`: nobody waits any more.",
        "recipients": "How many customers the broadcast has.",
        "sent": "How many messages were sent.",
        "waiting": "How many messages wait for their turn.",
        "failed": "How many messages could not be sent.",
        "expired": "How many messages were not sent before `expires_at`.",
        "expires_at": "Messages that are not sent by this time are never sent; null: they do not expire.",
    },
    "BroadcastPatchIn": {"text": "The new text: plain text. Either `text`, `html` or `variants`."},
    "BulkIn": {"dialogs": "Changes the dialogs with these ids. Either `dialogs` or `filter`."},
    "BulkOut": {
        "state": "`running` or `done`.",
        "done": "How many dialogs were changed.",
        "refused": "The dialogs that were not changed, with the reasons.",
    },
    "ButtonIn": {"text": "The caption of the button."},
    "ButtonPressesOut": {"text": "The caption of the button.", "data": "The `data` of the button."},
    "ChangesIn": {
        "fields": "Values of the desk's own fields, by the name of the field; null removes a value."
    },
    "ClockOut": {
        "name": "What must happen in time: the first reply, each later reply, or the close.",
        "state": "`running`; `frozen` while the dialog is paused; at the end `met` or `breached`.",
        "due_at": "When the time limit ends.",
    },
    "CloseFieldsIn": {"reason": "Why the dialog is closed: a name of `/close-reasons`, or other words."},
    "CloseReasonOut": {
        "outcome": "The outcome of dialogs that are closed for this reason; null: the reason does not say."
    },
    "ClosingIn": {"reason": "Why the dialog is closed: a name of `/close-reasons`, or other words."},
    "CustomerOut": {
        "fields": "What tools and managers stored about the customer, by name.",
        "tags": "The customer's tags; any words.",
    },
    "CustomerScoreOut": {
        "count": "How many dialogs were closed with a score.",
        "mean": "The mean score, 1 to 3.",
    },
    "DeletedOut": {"id": "The id of what was deleted."},
    "DeliveryOut": {
        "type": "The type of the event.",
        "status": _DELIVERY,
        "error": "Why the last try failed; null: it succeeded, or there was none.",
    },
    "DialogOut": {
        "state": "Only an `active` dialog holds the customer's gate.",
        "due_at": "When the dialog is due; null: it has no due date.",
    },
    "DraftOut": {
        "notes": "Notes of colleagues about the draft.",
        "reason": "Why the draft was returned; null: it was not.",
        "state": "`waiting` for approval; `returned` to its author; `sent`; `dropped`, because its dialog "
        "was closed.",
    },
    "DryFunnelOut": {"messages": "The messages, in the order in which they would be sent."},
    "EnrolmentOut": {
        "state": "`running`; `done`: the funnel ended for this customer; `left`: the customer left it, or "
        "was taken out.",
        "answers": "What the customer answered, by the names that the funnel gives to its questions.",
    },
    "EntryOut": {"kind": "The kind of the event, such as `dialog_opened`."},
    "ErasureOut": {
        "id": "The id of the erasure.",
        "state": "`running` until everything in the database is erased, then `done`.",
        "step": "The step of the job. It is for operators.",
        "rows": "How many rows of the database were erased.",
        "telegram_done": "How many calls to Telegram that delete messages or topics were made.",
        "telegram_waiting": "How many of these calls are still to be made.",
        "telegram_refused": "How many of these calls Telegram refused.",
        "telegram_too_old": "How many messages Telegram keeps, because they are older than 48 hours.",
    },
    "FieldChangesIn": {"kind": "The kind of the values."},
    "FieldIn": {"kind": "The kind of the values."},
    "FieldOut": {"kind": "The kind of the values."},
    "FilterIn": {
        "state": "The state of the dialogs.",
        "assignee": "The Telegram id of the assigned manager, or `none` for unassigned dialogs.",
    },
    "ForwardIn": {
        "to": "The recipients.",
        "message": "A text of the manager, above the parts.",
    },
    "ForwardOut": {"recipients": "One entry for each recipient."},
    "ForwardedToOut": {"status": _DELIVERY},
    "FunnelStatsOut": {"steps": "What happened at each step of that version."},
    "GateOut": {"state": "`held`: marketing waits for the end of a dialog; `open`: it is sent."},
    "GateReportOut": {
        "held": "How many messages began to wait for the end of a dialog in the period.",
        "released": "How many messages were sent in the period after they had waited.",
        "expired": "How many messages expired in the period while they waited.",
        "dropped": "How many smart replies were dropped in the period, and how many held messages a "
        "manager dropped.",
        "smart_replies": "Figures of automatic answers.",
    },
    "HabitsOut": {
        "alarm_held_after": "After how long the assignee and the administrators are notified of marketing "
        "that waits for a dialog; null: never.",
        "warn_before": "How long before this close the customer is warned, such as `12h`.",
    },
    "HitOut": {"kind": "What was found."},
    "HolderOut": {"id": "The id of the dialog."},
    "ItemOut": {
        "messages": "The number of messages in the item.",
        "state": "`new`: it waits for the desk; `answered`; `ignored`; `moved`: its messages are in a "
        "dialog now.",
    },
    "LengthsOut": {"count": "How many durations were measured.", "mean": "The mean, in seconds; null: none."},
    "LineOut": {
        "status": "`received`; `refused`: a kind of message that the bot cannot pass on; or the status of "
        "an outgoing message."
    },
    "ManagerChangesIn": {"language": "The language in which the bot writes to the manager."},
    "ManagerLineOut": {"name": "The name of the manager.", "closed": "How many dialogs this manager closed."},
    "ManagerOut": {
        "active": "false: the person no longer works at the desk.",
        "language": "The language in which the bot writes to the manager.",
    },
    "MuteIn": {
        "by": "How long the mute lasts. Without `by` and `until` it lasts until it is ended.",
        "reason": "Why, for managers only.",
    },
    "MuteOut": {"at": "When the mute began.", "reason": "Why, for managers only."},
    "NewWebhookOut": _WEBHOOK,
    "NotedOut": {"status": "Always `stored`: a note is never sent."},
    "NotificationsIn": _CHANGES,
    "NotificationsOut": _CHANGES,
    "OutboundIn": {
        "customer": "Who gets the message. They must have written to the bot before.",
        "class": "`funnel` and `broadcast` wait while the customer has an active dialog; `smart_reply` is "
        "dropped then.",
    },
    "OutboundItemOut": {"reason": "Why it was not sent; null: it was sent, or it still waits."},
    "OutcomeLineOut": {"dialogs": "How many dialogs were closed with this reason and outcome."},
    "OverviewOut": {"items": "The customer's dialogs on this page."},
    "PastDialogOut": {"state": "The state of the dialog."},
    "PersonOut": {"telegram_id": "The id of the manager in Telegram.", "name": "The name of the manager."},
    "PolicyChangesIn": _LIMITS,
    "PolicyIn": _LIMITS,
    "PolicyOut": _LIMITS,
    "PostponeIn": {"by": "How far the due date is moved. Either `by` or `until`."},
    "PressOut": {"data": "The `data` of the button."},
    "PreviewIn": {"dialog_id": "The dialog whose values are filled in."},
    "PreviewOut": {"text": "The text with the values of the dialog."},
    "ReadyOut": {
        "ready": "Whether this process should get work.",
        "reasons": "Why it should not.",
        "notes": "Facts that are no reason against it, such as being a standby.",
    },
    "RecipientIn": {"email": "An e-mail address."},
    "RecipientOut": {
        "status": "What became of the message to this customer. `held`: it waits for the end of a dialog.",
        "reason": "Why it was not sent, or what it waits for; null: none.",
    },
    "RefusedDialogOut": {"message": "The sentence for the manager, in the manager's language."},
    "RefusedOut": {"error": "What was refused, why, and what is allowed instead."},
    "RepeatedTagOut": {
        "times": "How many dialogs have it.",
        "days": "The number of days that were looked at.",
    },
    "RuleChangesIn": _RULE,
    "RuleIn": _RULE,
    "RuleOut": _RULE,
    "RuleStepIn": {"team": "Assigns the dialog to this team."},
    "RuleTryIn": _RULE,
    "SaidOut": {
        "id": "The id of the message; for `draft` and `scheduled` that of the draft or the scheduled reply.",
        "status": "`queued`: it will be sent at once; `draft`: it waits for approval; `scheduled`: it is "
        "sent later.",
    },
    "SatisfactionOut": {
        "answers": "How many ratings were given in the period.",
        "mean": "The mean rating, 1 to 3; null: there are no ratings.",
        "customer_score": "The scores that managers gave to customers.",
    },
    "ScheduledOut": {
        "at": "When it is sent.",
        "state": "`refused`: it could not be sent; `reason` says why.",
    },
    "SentOut": {"status": "`queued`: it will be sent at once."},
    "SlaOut": {
        "first_response": "The time limits for first replies.",
        "next_response": "The time limits for later replies.",
        "resolution": "The time limits for closes.",
    },
    "SmartReplyChangesIn": {**_SMART_REPLY, "hours": "The name of a calendar."},
    "SmartReplyIn": _SMART_REPLY,
    "SmartReplyOut": {**_SMART_REPLY, "hours": "The name of a calendar; null: none."},
    "SourceOut": {"name": "The name of the author or the chat."},
    "StandardIn": {"text": "The new text. It may contain the variables of the default text, in braces."},
    "StandardOut": {
        "key": "The name of the message, such as `greeting`.",
        "buttons": "The captions of its buttons.",
    },
    "TagRuleOut": {"any_of": "The rule matches if a word in the dialog begins with one of these."},
    "TemplateChangesIn": {
        "kind": "Whether it is for replies or for notes.",
        "team": "Only this team can use it.",
    },
    "TemplateIn": {"kind": "Whether it is for replies or for notes."},
    "TemplateOut": {"kind": "Whether it is for replies or for notes.", "team": "Only this team can use it."},
    "TimesOut": {
        "first_response": "The times until the first reply.",
        "next_response": "The times until later replies.",
        "resolution": "The times until the close.",
    },
    "TriedEventOut": {"text": "The text of the message; empty for events of dialogs."},
    "TryIn": {"text": "The text of a customer."},
    "VolumeOut": {
        "opened": "How many dialogs were opened in the period.",
        "closed": "How many dialogs were closed in the period.",
        "paused": "Paused dialogs at the end of the period.",
        "overdue": "Overdue dialogs at the end of the period.",
    },
    "WebhookChangesIn": _WEBHOOK,
    "WebhookIn": _WEBHOOK,
    "WebhookOut": _WEBHOOK,
}
"""By the name of the body, then of the field."""
