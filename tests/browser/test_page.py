"""The chat page of the demo, as a newcomer plays it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import PATIENCE_MS, Visit

expect.set_options(timeout=PATIENCE_MS)
MARIA, IVAN, DMITRY = 610000001, 610000002, 510000002
OFFER, ANSWER = "Today only: 20% off!", "It is on its way: you will have it tomorrow before noon."
HOSTILE = "<img src=x onerror=alert(1)>"


def phone(page: Page, person: int) -> Locator:
    return page.locator(f'.panel[data-person="{person}"]')


def types(panel: Locator, words: str) -> None:
    panel.locator("textarea").fill(words)
    panel.locator("textarea").press("Enter")


def stands(page: Page, step: int) -> None:
    """The guide has `step` ticks and no more."""
    expect(page.locator("#guide li.done")).to_have_count(step)


def press(panel: Locator, words: str) -> None:
    """The newest button of the bot that says this."""
    panel.locator(".key", has_text=words).last.click()


@pytest.mark.row("O-01")
@pytest.mark.row("L-36")
@pytest.mark.row("L-37")
def test_the_guide_shows_an_offer_held_and_released_after_the_form(visit: Visit) -> None:
    page = visit.opened()
    customer, tool = page.locator(".panel.customer").first, page.locator('.panel[data-person="tool"]')
    said = customer.locator(".msg .text")
    do_it = page.locator("#do-it")
    expect(customer.locator(".strip")).to_contain_text("Marketing may write")
    for step in range(3):
        stands(page, step)
        do_it.click()
    stands(page, 3)
    expect(customer.locator(".strip.held")).to_contain_text("1 waiting")
    expect(tool.locator(".fate .chip").first).to_have_text("held")
    do_it.click()
    stands(page, 4)
    expect(said.last).to_have_text(ANSWER)
    expect(customer.get_by_text(OFFER)).to_have_count(0)
    do_it.click()
    stands(page, 5)
    expect(said.last).to_have_text(OFFER)
    expect(customer.locator(".msg").nth(-2).locator(".key")).to_have_text(["Bad", "Okay", "Great"])
    expect(tool.locator(".fate .chip").first).to_have_text("sent")
    do_it.click()
    stands(page, 6)
    expect(said.last).to_have_text("Thank you for your rating!")
    expect(customer.locator(".strip")).to_contain_text("Marketing may write")
    expect(do_it).to_have_count(0)


def test_the_guide_follows_manual_acts_survives_a_reload_and_starts_over(visit: Visit) -> None:
    page = visit.opened()
    customer, maria = page.locator(".panel.customer").first, phone(page, MARIA)
    types(customer, "My lamp came broken.")
    stands(page, 1)
    card = maria.locator(".msg", has_text="My lamp came broken.").last
    card.hover()
    card.get_by_role("button", name="Reply").click()
    types(maria, "/open Broken lamp")
    stands(page, 2)
    expect(maria.get_by_role("tab", name="Broken lamp")).to_have_attribute("aria-selected", "true")
    maria.locator("textarea").fill("half a thou")
    page.locator('[data-person="tool"]').get_by_role("button", name="Send").click()
    stands(page, 3)
    page.reload()
    stands(page, 3)
    expect(maria.get_by_role("tab", name="Broken lamp")).to_have_attribute("aria-selected", "true")
    expect(maria.locator("textarea")).to_have_value("half a thou")
    expect(page.locator(".fate .chip").first).to_have_text("held")
    before = customer.get_attribute("data-person")
    page.locator("#start-over").click()
    stands(page, 0)
    expect(customer.locator(".strip")).to_have_text("has not written to the bot yet")
    assert customer.get_attribute("data-person") != before


@contextmanager
def held_back(visit: Visit, requests: str) -> Iterator[Page]:
    """The page comes; those requests of it get no answer until the block ends, which begins with the first."""
    page, waiting = visit.page, list[Route]()
    page.route(requests, lambda route: waiting.append(route))  # noqa: PLW0108 - playwright marks what it calls
    with page.expect_request(requests):
        page.goto(visit.url, wait_until="commit")
    yield page
    for route in waiting:
        route.continue_()
    page.unroute(requests)


def test_typing_is_disabled_until_the_guide_knows_which_person_to_follow(visit: Visit) -> None:
    """The desk's answer about the first customer's gate is slow: it decides who gets the first phone."""
    with held_back(visit, "**/sandbox/tool/api/v1/customers**") as page:
        page.wait_for_load_state()
        assert page.locator("textarea").count() == 0
    types(page.locator(".panel.customer").first, "Is it open today?")
    stands(page, 1)


def an_hour_on(route: Route) -> None:
    """The page waits for a demo that is young until nothing stirs in it; this one is old."""
    answer = route.fetch()
    route.fulfill(response=answer, json={**answer.json(), "now": answer.json()["now"] + 3600})


def test_events_during_loading_are_shown_once(visit: Visit) -> None:
    page = visit.opened()
    page.route("**/sandbox/state", an_hour_on)
    customer = page.locator(".panel.customer").first
    said = {"user_id": int(customer.get_attribute("data-person") or 0), "text": "Just in between"}
    with held_back(visit, "**/sandbox/chats/*/messages"):
        assert page.request.post(f"{visit.url}sandbox/messages", data=said).ok
    types(customer, "And after it")
    expect(customer.locator(".msg.mine", has_text="And after it")).to_have_count(1)
    expect(customer.locator(".msg.mine", has_text="Just in between")).to_have_count(1)


def test_the_card_shows_held_messages_and_a_pause_releases_them(visit: Visit) -> None:
    page = visit.opened()
    ivan, dmitry = phone(page, IVAN), phone(page, DMITRY)
    expect(dmitry.locator(".strip.held")).to_contain_text("1 waiting")
    ivan.get_by_role("tab", name="Посылка повреждена").click()
    expect(ivan.locator(".pin")).to_contain_text("▶️ #2 Посылка повреждена")
    press(ivan, "1 held")
    offer = "До воскресенья доставка бесплатно!"
    expect(ivan.locator(".msg", has_text=offer)).to_be_visible()
    expect(dmitry.get_by_text(offer)).to_have_count(0)
    ivan.locator(".pin").click()
    press(ivan, "Pause")
    press(ivan, "Yes, pause")
    expect(dmitry.locator(".msg", has_text=offer)).to_be_visible()
    expect(dmitry.locator(".strip")).to_contain_text("Marketing may write")
    expect(ivan.locator(".pin")).to_contain_text("⏸ #2")


def test_an_album_arrives_together(visit: Visit) -> None:
    page = visit.opened()
    maria, customer = phone(page, MARIA), page.locator(".panel.customer").last
    customer.get_by_label("Who holds this phone").select_option("new")
    expect(customer.locator(".talk")).to_contain_text("Nothing here yet.")
    customer.locator("textarea").fill("Three sides of the box")
    customer.get_by_label("Attach").select_option("album")
    expect(customer.locator(".msg.mine.album")).to_have_count(3)
    arrived = maria.locator(".msg.album")
    expect(arrived).to_have_count(3)
    expect(arrived.locator(".media.photo")).to_have_count(3)
    expect(maria.locator(".msg.album.joined")).to_have_count(2)
    expect(arrived.first).to_contain_text("Three sides of the box")


def test_text_of_strangers_is_shown_as_plain_text(visit: Visit) -> None:
    page = visit.opened()
    made = {"user_id": 530000001, "first_name": HOSTILE, "language_code": "en"}
    assert page.request.post(f"{visit.url}sandbox/users", data=made).ok
    answer = page.goto(visit.url)
    assert answer is not None
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    customer = page.locator(".panel.customer").last
    customer.get_by_label("Who holds this phone").select_option("530000001")
    types(customer, f"{HOSTILE}<script>alert(2)</script>")
    link = {"type": "text_link", "offset": 0, "length": 5, "url": "javascript:alert(3)"}
    order = {"user_id": 530000001, "text": "press me", "entities": [link]}
    assert page.request.post(f"{visit.url}sandbox/messages", data=order).ok
    for panel in (customer, phone(page, MARIA)):
        expect(panel.locator(".msg", has_text=f"{HOSTILE}<script>alert(2)</script>").first).to_be_visible()
        expect(panel.locator(".msg", has_text="press me").last).to_be_visible()
        expect(panel.locator(".msg a", has_text="press")).to_have_count(0)
    expect(page.locator("main img:not([src^='/sandbox/files/']), main script")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "button"), [("ru", "Сделать за меня"), ("pl", "Zrób to za mnie")], ids=["ru", "pl"]
)
def test_the_page_speaks_other_languages_and_fits_a_phone(visit: Visit, language: str, button: str) -> None:
    page = visit.opened()
    maria = phone(page, MARIA)
    maria.get_by_role("tab", name="Zwrot butów").click()
    page.get_by_label("Language").select_option(language)
    expect(page.locator("#do-it")).to_have_text(button)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(maria.get_by_role("tab", name="Zwrot butów")).to_have_attribute("aria-selected", "true")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#people")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#people button").last.click()
    expect(page.locator('[data-person="tool"] .primary')).to_be_in_viewport()


def test_a_page_in_russian_has_a_russian_desk_and_a_russian_customer(visit: Visit) -> None:
    visit.page.add_init_script("localStorage.setItem('holdline.language', 'ru')")
    page = visit.opened()
    customer = page.locator(".panel.customer").first
    expect(customer.locator(".strip")).to_contain_text("ещё не писал")
    page.locator("#do-it").click()
    stands(page, 1)
    expect(customer.locator(".strip")).to_contain_text("Рассылки разрешены")
    expect(page.locator(".panel.manager").first.locator(".key", has_text="Диалог").last).to_be_visible()
