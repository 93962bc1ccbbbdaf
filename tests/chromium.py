"""The real browser of the tests: where Chromium is, how long a page may take, and what the tests of
pages share.
"""

import contextlib
import re
import shutil

import pytest

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
DEADLOCK = 300_000  # milliseconds: no wait is a verdict on the speed of the machine

needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium here; on Debian: apt install chromium"
)


@contextlib.contextmanager
def started(*flags: str):
    """A Chromium without a screen, for as long as the block lasts."""
    from playwright.sync_api import sync_playwright

    always = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=[*always, *flags])
        yield browser
        browser.close()


def serious(page) -> list:
    """What axe calls serious or critical on a page."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        (rule["id"], rule["nodes"][0]["html"][:200])
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in ("serious", "critical")
    ]


def without_sphinx(source: str, *body: str) -> str:
    """A page of the site with the scripts of its Markdown source and nothing around `body`."""
    head = "<!doctype html><html lang='en'><meta charset='utf-8'><title>x</title>"
    style = "<link rel='stylesheet' href='_static/site.css'>"
    return "\n".join([head, style, *body, *re.findall(r"<script .*?</script>", source)])
