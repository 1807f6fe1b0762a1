import time

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from grading.models import Draft, Submission
from tests.browser.conftest import Site, sign_in
from tests.factories import carol, make_item, score_submission

ITEM = "/items/cache-growth"
ANSWER = "The cache grows linearly with the tokens."


def drafted(text: str) -> None:
    """Wait until a draft says this."""
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        if Draft.objects.filter(text=text).exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"no draft says {text!r}")


@pytest.mark.parametrize("javascript", [True, False])
def test_from_signing_up_to_progress(site: Site, javascript: bool) -> None:
    make_item()
    page = site.visit("/", java_script_enabled=javascript)

    page.click("text=Sign up and begin")
    page.fill("[name=email]", "new@example.org")
    page.fill("[name=password1]", "correct horse battery")
    page.click("main button.main")
    page.click("main >> text=How the cache grows")
    page.fill("#answer", ANSWER)
    page.click("button:has-text('Submit')")
    expect(page.locator("#outcome h2").first).to_contain_text("Waiting")

    score_submission(Submission.objects.get())
    # With JavaScript htmx asks again; without, the page's own refresh does.
    expect(page.locator(".score .number")).to_have_text("45")
    expect(page.locator("mark")).to_have_text(ANSWER)
    expect(page.locator(".model")).to_contain_text("SECRET-MODEL-ANSWER")
    if javascript:
        expect(page.locator("#announce")).to_have_text("Scored: 45 of 100, middling.")
    page.click(".quotes a")
    assert page.url.endswith("#words-1-1")
    page.click("nav >> text=Progress")
    expect(page.locator("main")).to_contain_text("1 of 1 items tried")
    assert site.complaints == []


def test_typing_is_saved_and_survives_a_reload(site: Site) -> None:
    make_item()
    page = site.visit_as_carol(ITEM)

    page.locator("#answer").press_sequentially("Twice the tokens")
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    expect(page.locator("[data-words]")).to_have_text("3")
    page.reload()

    expect(page.locator("#answer")).to_have_value("Twice the tokens")
    expect(page.locator("[data-local]")).to_be_hidden()


def test_a_closed_tab_loses_nothing_even_before_it_was_saved(site: Site) -> None:
    make_item()
    page = site.visit_as_carol(ITEM)
    page.route("**/draft", lambda route: route.abort())

    page.locator("#answer").press_sequentially("Not yet saved")
    expect(page.locator("#draft-state")).to_contain_text("kept in this browser")
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(ITEM)

    expect(again.locator("#answer")).to_have_value("")
    again.click("text=Use it")
    expect(again.locator("#answer")).to_have_value("Not yet saved")
    drafted("Not yet saved")


def test_an_expired_session_keeps_the_text(site: Site) -> None:
    make_item()
    page = site.visit_as_carol(ITEM)
    Session.objects.all().delete()

    page.locator("#answer").press_sequentially("typed after the session ended")
    expect(page.locator("#draft-state")).to_contain_text("You are signed out")
    page.click("#draft-state >> text=sign in")
    sign_in(page)

    expect(page.locator("#answer")).to_have_value("typed after the session ended")
    drafted("typed after the session ended")


def test_an_expired_session_keeps_the_text_without_javascript(site: Site) -> None:
    make_item()
    page = site.visit_as_carol(ITEM, java_script_enabled=False)
    Session.objects.all().delete()

    page.fill("#answer", "sent after the session ended")
    page.click("button:has-text('Submit')")
    expect(page.locator(".messages")).to_contain_text("what you wrote is kept")
    sign_in(page)

    expect(page.locator("#answer")).to_have_value("sent after the session ended")
    page.click("button:has-text('Submit')")
    expect(page.locator("#outcome")).to_contain_text("sent after the session ended")


def test_two_tabs_do_not_overwrite_each_other(site: Site) -> None:
    make_item()
    first = site.visit_as_carol(ITEM)
    second = first.context.new_page()
    second.goto(ITEM)

    second.locator("#answer").press_sequentially("from the second")
    drafted("from the second")
    first.locator("#answer").press_sequentially("from the first")
    expect(first.locator("#draft-state")).to_contain_text("another draft")

    assert Draft.objects.get().text == "from the second"
    first.click("text=Keep the text of this page")
    expect(first.locator("[data-saved]")).to_be_visible()
    assert Draft.objects.get().text == "from the first"


def test_a_double_click_sends_once(site: Site) -> None:
    make_item()
    page = site.visit_as_carol(ITEM)

    page.fill("#answer", ANSWER)
    page.dblclick("button:has-text('Submit')")
    page.wait_for_url("**/submissions/**")

    assert Submission.objects.filter(candidate=carol()).count() == 1


def test_a_refused_answer_comes_back_with_its_reason(site: Site) -> None:
    make_item()
    page = site.visit_as_carol(ITEM, java_script_enabled=False)

    page.fill("#answer", "x" * 20_001)
    page.click("button:has-text('Submit')")

    expect(page.locator("#answer-fault")).to_contain_text("20,001 characters")
    expect(page.locator("#answer")).to_have_value("x" * 20_001)


def test_a_sent_answer_is_not_offered_again(site: Site) -> None:
    make_item()
    page = site.visit_as_carol(ITEM)

    page.locator("#answer").press_sequentially("quick")
    page.click("button:has-text('Submit')")
    page.wait_for_url("**/submissions/**")
    page.goto(ITEM)

    expect(page.locator("#answer")).to_have_value("")
    expect(page.locator("[data-local]")).to_be_hidden()
