"""The further tours of the demo: a manager's day, and marketing that waits; done step by step, and by hand."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS, Visit
from tests.browser.test_page import IVAN, MARIA, phone, press, stands, types

expect.set_options(timeout=PATIENCE_MS)


def first_tour_done(page: Page) -> None:
    for step in range(6):
        stands(page, step)
        page.locator("#do-it").click()
    stands(page, 6)


def test_the_second_tour_is_a_managers_day(visit: Visit) -> None:
    page = visit.opened()
    first_tour_done(page)
    page.locator("#to-day").click()
    customer, maria = page.locator(".panel.customer").first, phone(page, MARIA)
    do_it = page.locator("#do-it")
    stands(page, 0)
    do_it.click()
    stands(page, 1)
    do_it.click()
    stands(page, 2)
    expect(maria.locator(".key", has_text="Approve & send").last).to_be_visible()
    expect(customer.get_by_text("Please send us a photo")).to_have_count(0)
    do_it.click()
    stands(page, 3)
    expect(customer.get_by_text("Please send us a photo")).to_have_count(1)
    do_it.click()
    stands(page, 4)
    expect(customer.locator(".msg .text").last).to_contain_text("holdline.example/track")
    do_it.click()
    stands(page, 5)
    do_it.click()
    stands(page, 6)
    expect(maria.locator(".msg img").last).to_be_visible()
    expect(page.locator("#guide p")).to_contain_text("A picture with its figures")
    page.locator("#close-guide").click()
    stands(page, 6)  # the first tour again
    expect(page.locator("#to-day")).to_be_visible()


def test_the_second_tour_follows_manual_acts(visit: Visit) -> None:
    page = visit.opened()
    first_tour_done(page)
    page.locator("#to-day").click()
    maria, ivan = phone(page, MARIA), phone(page, IVAN)
    stands(page, 0)
    page.locator("#do-it").click()
    stands(page, 1)
    expect(page.locator("#guide p")).to_contain_text("Ivan is still learning")
    ivan.locator("[role=tab]", has_text="Broken cup").first.click()
    types(ivan, "We will send another one.")
    stands(page, 2)
    press(maria, "Approve & send")
    stands(page, 3)
    types(maria, "/t track")
    press(maria, "Send")
    stands(page, 4)


def test_the_second_tour_restarts_with_a_customer_without_a_dialog(visit: Visit) -> None:
    page = visit.opened()
    first_tour_done(page)
    page.locator("#to-day").click()
    do_it = page.locator("#do-it")
    stands(page, 0)
    do_it.click()
    stands(page, 1)
    page.locator("#start-over").click()
    stands(page, 0)
    do_it.click()
    stands(page, 1)


SALE, GIFT = "Autumn sale: 30% off", "A gift for you"


@pytest.mark.row("O-01")
def test_the_third_tour_is_a_funnel_and_a_broadcast_that_wait(visit: Visit) -> None:
    page = visit.opened()
    first_tour_done(page)
    page.locator("#to-campaign").click()
    customer, maria = page.locator(".panel.customer").first, phone(page, MARIA)
    campaigns, do_it = page.locator(".campaign"), page.locator("#do-it")
    stands(page, 0)
    do_it.click()
    stands(page, 1)
    expect(customer.locator(".msg").last).to_contain_text("Shall we show you how to track a parcel?")
    expect(campaigns.filter(has_text="Welcome")).to_contain_text("next in")
    do_it.click()
    stands(page, 2)
    do_it.click()
    stands(page, 3)
    expect(campaigns.filter(has_text=SALE)).to_contain_text("held")
    do_it.click()
    stands(page, 4)
    expect(maria.locator(".msg").last).to_contain_text("Marketing that waits for a dialog to end")
    expect(customer.get_by_text(SALE)).to_have_count(0)
    do_it.click()
    stands(page, 5)
    expect(customer.get_by_text(SALE)).to_have_count(1)
    expect(customer.locator(".msg .text").last).to_contain_text(GIFT)
    expect(campaigns.filter(has_text="Welcome")).to_contain_text("done")
    expect(page.locator("#to-day")).to_be_visible()
