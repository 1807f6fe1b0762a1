import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from grading.drafts import keep_draft
from tests.browser.conftest import Site
from tests.factories import (
    carol,
    criterion_json,
    make_item,
    make_scored,
    make_submission,
)

OPEN = ["/", "/about", "/items", "/items/cache-growth", "/modules/caching",
        "/account/login/", "/account/signup/", "/account/password/reset/", "/nowhere"]  # fmt: skip
OWN = ["/", "/items", "/items?q=nothing", "/items/cache-growth", "/submissions",
       "/progress", "/account/", "/account/tokens", "/account/email/",
       "/account/password/change/"]  # fmt: skip
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


def with_work() -> list[str]:
    """Give the addresses of a waiting, a failed and a scored submission."""
    item = make_item()
    wrong = criterion_json(
        id="every-layer",
        says="Every layer keeps keys and values",
        finding="contradicted",
        deduction=8.0,
        evidence=[{"start": 4, "end": 20, "signal": "judge", "strength": 0.9}],
        feedback="Say what a layer keeps.",
    )
    scored = make_scored(item=item, criteria=(criterion_json(), wrong))
    make_scored(item=item, score=85.0)
    failed = make_submission(item=item, state="failed")  # type: ignore[arg-type]
    waiting = make_submission(item=item)
    keep_draft(candidate=carol(), item=item, text="half a thought")
    return [s.get_absolute_url() for s in (scored, failed, waiting)]


def faults(page: Page, address: str) -> list[str]:
    """Open an address and give what axe says of it."""
    page.goto(address)
    for fold in page.locator("main details > summary").all():
        fold.click()
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{address}: {fault['id']}: {node['html'][:120]}: {node['failureSummary'][:300]}"
        for fault in found
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site: Site, scheme: str) -> None:
    work = with_work()
    stranger = site.visit("/", color_scheme=scheme, reduced_motion="reduce")
    candidate = site.visit_as_carol("/", color_scheme=scheme, reduced_motion="reduce")

    found = [fault for address in OPEN for fault in faults(stranger, address)]
    found += [fault for address in OWN + work for fault in faults(candidate, address)]

    assert found == []


@pytest.mark.parametrize("width", [320, 390, 640, 1280])
def test_nothing_sticks_out_sideways(site: Site, width: int) -> None:
    work = with_work()
    viewport = {"width": width, "height": 700}
    page = site.visit_as_carol("/", viewport=viewport)

    for address in [*OPEN, *OWN, *work]:
        page.goto(address)
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{address} sticks out by {over} px at {width}"


def test_the_policy_of_the_site_stops_nothing_of_its_own(site: Site) -> None:
    work = with_work()
    page = site.visit_as_carol("/")

    for address in [*OPEN[:-1], *OWN, *work]:
        page.goto(address)

    assert site.complaints == []


def test_filters_change_the_list_and_the_address(site: Site) -> None:
    with_work()
    page = site.visit_as_carol("/items")

    page.locator("#id_q").press_sequentially("nothing like it")
    expect(page.locator("#items")).to_contain_text("Nothing fits")
    assert "q=nothing" in page.url
    page.go_back()

    expect(page.locator("#items")).to_contain_text("How the cache grows")


def test_the_keyboard_alone_reaches_the_content_and_leaves_the_editor(
    site: Site,
) -> None:
    make_item()
    page = site.visit_as_carol("/items/cache-growth")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#answer").focus()
    page.keyboard.press("Tab")

    expect(page.locator("#answer")).not_to_be_focused()


def test_a_chosen_point_shows_all_of_its_words(site: Site) -> None:
    address = with_work()[0]
    page = site.visit_as_carol(address)

    page.locator("a.ref").last.click()

    assert "#criterion-" in page.url
    assert page.locator("mark[data-chosen]").count() >= 1
