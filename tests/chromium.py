"""The real browser of the tests: where Chromium is, and how long a page may take."""

import shutil

import pytest

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
DEADLOCK = 300_000  # milliseconds: no wait is a verdict on the speed of the machine

needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium here; on Debian: apt install chromium"
)
