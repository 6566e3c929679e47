"""Steps whose content Telegram refuses: after three equal refusals in a row the funnel is paused, as a broadcast is."""

from holdline.desk.funnels.definitions import definition_of
from holdline.desk.marketing.content_refusals import is_about_content
from holdline.desk.notices.views import Button
from holdline.dialogs.address import Address
from holdline.dialogs.funnels.enrolment import Enrolment, Funnel, RefusedStep
from holdline.dialogs.funnels.steps import FunnelStep, QuestionStep, SendStep
from holdline.dialogs.marketing.content_refusals import EQUAL_REFUSALS
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rights import Act
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.verbs import DeskVerb, button_data
from holdline.store.delivery import outbox
from holdline.store.funnels import funnels, step_refusals
from holdline.store.people import admin_log, managers
from holdline.store.tx import Tx
from holdline.telegram.refusal_reasons import reason_text

_EXCERPT = 60


def count_refused_step(tx: Tx, enrolment: Enrolment, *, outbox_id: int, reason: str) -> None:
    """Counts a refusal of the content; the third equal one pauses the funnel.

    It pauses at exactly three. Resuming counts the newest version from zero; on an older one, which nobody can correct,
    customers then go on without the message.
    """
    if not is_about_content(tx, outbox_id, reason):
        return
    version_id, address = enrolment.version_id, enrolment.position
    number = step_refusals.add(tx, version_id=version_id, address=address, reason=reason)
    if number == EQUAL_REFUSALS:
        _pause(tx, enrolment, reason)


def _pause(tx: Tx, enrolment: Enrolment, reason: str) -> None:
    """Does nothing if the newest version has no such message any longer: it was corrected."""
    refused = RefusedStep(enrolment.version, enrolment.position, reason[:300])
    step = definition_of(tx, enrolment.version_id).by_address.get(enrolment.position)
    newest = funnels.load(tx, enrolment.funnel_id).version_id
    if _content_of(step) not in [_content_of(one) for one in definition_of(tx, newest).by_address.values()]:
        return
    if not funnels.pause_refused(tx, enrolment.funnel_id, refused):
        return
    funnel = funnels.load(tx, enrolment.funnel_id)
    admin_log.add(tx, None, "funnel_paused", about=f"funnel:{funnel.id}", after=funnel.name)
    _notify(tx, funnel, step_excerpt(tx, enrolment.version_id, enrolment.position), reason)


def _content_of(step: FunnelStep | None) -> object:
    """What Telegram gets of the step's message."""
    if not isinstance(step, SendStep | QuestionStep):
        return None
    message = step.message
    buttons = [[(button.text, button.url, button.data) for button in row] for row in message.rows]
    return message.words, message.media, buttons, message.link_preview


def step_excerpt(tx: Tx, version_id: int, address: str) -> str:
    """The beginning of that step's message."""
    step = definition_of(tx, version_id).by_address.get(address)
    text = step.message.words.text if isinstance(step, SendStep | QuestionStep) else ""
    return truncate(" ".join(text.split()), _EXCERPT) or "📎"


def _notify(tx: Tx, funnel: Funnel, excerpt: str, reason: str) -> None:
    """Notifies everybody who may resume it, once for each pause."""
    words = {"name": funnel.name, "excerpt": excerpt, "reason": reason_text(reason)}
    resume: Button = {
        "key": "funnel_windows.resume",
        "data": button_data(DeskVerb.SWITCH_FUNNEL, funnel.id, 1),
    }
    show: Button = {"key": "funnel_windows.show", "data": button_data(DeskVerb.SHOW_FUNNEL, funnel.id)}
    notices = [
        Outgoing(
            to=Address(reader.telegram_id),
            item=DeskNotice("funnel_windows.paused_refused", words, buttons=[[resume, show]], alarm=True),
            key=f"funnel-refused:{funnel.id}:{tx.at.timestamp()}:{reader.telegram_id}",
        )
        for reader in managers.list_permitted(tx, Act.RUN_FUNNELS)
    ]
    outbox.add(tx, notices)
