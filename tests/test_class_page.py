"""The teacher's page in a real browser: thirty learners, a common mistake, what it must hide."""

import json
import os
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chromium import DEADLOCK, needs_browser, started
from test_classroom import Room

from genimg_lib.classroom import mistakes

pytestmark = [needs_browser, pytest.mark.slow]

EVIL = "<img src=x onerror=alert(1)>"
EXERCISES = ("best_discriminator", "value_of_the_game", "equal_losses", "three_runs")


def send(room, token, exercise, mistake="", minutes=0):
    when = datetime.now(UTC) - timedelta(minutes=minutes)
    entry = {
        "id": uuid.uuid4().hex,
        "exercise": exercise,
        "verdict": "not yet" if mistake else "passed",
        "mistake": mistake,
        "when": when.isoformat(),
    }
    status, said = room.ask("POST", "/events", {"events": [entry]}, token)
    assert status == 200, said


def named(exercise, number=0):
    """The key of a mistake that the committed list knows."""
    return [key for key, entry in mistakes.known().items() if entry.exercise == exercise][number]


@pytest.fixture
def class_of_30(tmp_path):
    """Thirty learners who work, one of them with a name that is a program, one of them stuck."""
    with Room(tmp_path) as room:
        names = [EVIL, *(f"learner {number:02}" for number in range(1, 30))]
        room.tokens = [room.join(number, name) for number, name in enumerate(names)]
        for number, token in enumerate(room.tokens[:24]):
            exercise = EXERCISES[number % 4]
            if number % 3:
                send(room, token, exercise)
            else:
                send(room, token, exercise, named(exercise), minutes=14 if number == 6 else 2)
        yield room


@pytest.fixture
def page(class_of_30):
    with started() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 1500})
        page.set_default_timeout(DEADLOCK)
        failures, addresses = [], []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("dialog", lambda dialog: failures.append(dialog.message))
        page.on("request", lambda request: addresses.append(request.url))
        yield page
    assert not failures
    assert all(address.startswith(class_of_30.address) for address in addresses)
    assert not [address for address in addresses if class_of_30.teacher in address]


def all_learners_shown(page):
    """Waits by a locator: the page's policy forbids the `eval` that `wait_for_function` uses."""
    from playwright.sync_api import expect

    expect(page.locator("#learners tbody tr")).to_have_count(30, timeout=DEADLOCK)


def shoot(page, name):
    """Keeps a picture of the page, where somebody wants to look at it."""
    if folder := os.environ.get("GENIMG_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_planted_mistake_rises_to_the_top_of_thirty(page, class_of_30):
    room = class_of_30
    page.goto(f"{room.address}/#token={room.teacher}")
    all_learners_shown(page)
    assert page.locator("#count").inner_text() == "30 of 30 joined"
    assert EVIL in page.locator("#learners").inner_text()
    assert page.locator("#learners img").count() == 0
    assert "STUCK for 14 min" in page.locator("#learners tbody tr").first.inner_text()
    planted = named(EXERCISES[0], 1)
    for token in room.tokens[12:]:
        send(room, token, EXERCISES[0], planted)
    # Two of the eighteen have passed this exercise before. The page asks each second.
    seconds = page.evaluate(
        """async (say) => {
            const begin = performance.now();
            const text = (name) => document.querySelector(`#mistakes ${name}`).textContent;
            while (!(text('.say') === say && text('.count') === '16'))
                await new Promise((done) => setTimeout(done, 20));
            return (performance.now() - begin) / 1000; }""",
        mistakes.what_to_say(planted),
    )
    print(f"at the top after {seconds:.2f} s")
    assert room.teacher not in page.url
    shoot(page, "teacher")
    page.locator("#other").click()
    page.wait_for_selector("body.projector #mistakes .count")
    shown = page.locator("body").inner_text()
    assert "learner" not in shown.casefold() and EVIL not in shown
    assert "learner" not in json.dumps(room.view("/projector"))
    shoot(page, "projector")


def test_without_the_token_the_page_shows_nothing(page, class_of_30):
    page.goto(class_of_30.address)
    page.wait_for_selector("#enter:not([hidden])")
    assert page.locator("#learners tbody tr").count() == 0
    page.fill("#token", class_of_30.teacher)
    page.click("#enter button")
    all_learners_shown(page)
