"""JupyterLab in a real browser.

Lesson 90: deal, reveal, grade, restart the kernel, interview to the summary. An exercise notebook:
what a learner sees of every kind of answer.

Needs Chromium (Debian: `apt install chromium`), which CI installs; elsewhere the test is skipped
and says so. No request may leave the machine, and no script on the page may fail.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from chromium import DEADLOCK, needs_browser, started
from tiny_exercises import notebook

from genimg_lib.practice.interview import bank

ROOT = Path(__file__).parents[1]
FLAGS = ("--disable-quic", "--disable-background-networking", "--disable-component-update")
FLAGS += ("--disable-sync", "--no-first-run")
ANSWERS = ("untouched", "wrong", "crash", "no_return", "syntax", "endless", "right", "dead")
KERNEL = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
DIED = ".jp-Dialog:has-text('died')"
NOTEBOOK = "window.jupyterapp.shell.currentWidget.content"

pytestmark = needs_browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on copies of the notebooks, with its own settings and progress; yields its
    address.
    """
    folder = tmp_path_factory.mktemp("lab")
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "90_interview_day.ipynb", folder / "notebooks")
    notebook(folder / "my_exercises" / "20_answers.ipynb", *ANSWERS)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "RUNTIME", "DATA")}
    settings |= {
        f"JUPYTERLAB_{name}_DIR": str(folder / name) for name in ("SETTINGS", "WORKSPACES")
    }
    settings |= {"GENIMG_PROGRESS": str(folder / "progress")}
    options = [
        f"--port={port}",
        "--no-browser",
        "--allow-root",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder}",
    ]
    options += [
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env=os.environ | settings,
            stdout=log,
            stderr=log,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(1200):
            try:
                urllib.request.urlopen(f"{address}/api/status", timeout=5)
                break
            except OSError:
                assert server.poll() is None, (folder / "log").read_text()[-3000:]
                time.sleep(0.25)
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def page(lab, request):
    with started(*FLAGS) as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 1400})
        page.failures, page.addresses = [], []
        page.on("pageerror", lambda error: page.failures.append(str(error)))
        page.on("request", lambda request: page.addresses.append(request.url))
        # not the notebook of the test before, which JupyterLab would open again
        page.goto(f"{lab}/lab/tree/{request.param}?reset")
        here = f"window.jupyterapp?.shell.currentWidget?.context?.path === '{request.param}'"
        page.wait_for_function(f"() => {here} && {KERNEL}?.status === 'idle'", timeout=DEADLOCK)
        yield page
    assert not page.failures
    assert not {
        address
        for address in page.addresses
        if "//127.0.0.1" not in address and not address.startswith(("data:", "blob:"))
    }


def run_all(page):
    """Runs all cells; again if some did not run: a page that is still loading loses the command."""
    ran = (
        f"{NOTEBOOK}.widgets.every(cell => cell.model.type !== 'code' || cell.model.executionCount)"
    )
    page.evaluate(f"() => {{ {NOTEBOOK}.widgets.forEach(cell => cell.model.clearExecution?.()); }}")
    for _ in range(20):
        page.wait_for_function(f"() => {KERNEL}?.status === 'idle'", timeout=DEADLOCK)
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        if page.evaluate(f"() => {ran}"):
            return
        page.wait_for_timeout(1000)
    pytest.fail("not all cells ran")


def scroll_to(part):
    """Brings a part into view, for screenshots."""
    part.wait_for(state="attached", timeout=DEADLOCK)
    part.scroll_into_view_if_needed()


def shows(page, text):
    """Waits for a widget with the text, in view or not: what JupyterLab keeps far away or draws
    anew has no visible text.
    """
    page.locator(f".widget-html:has-text('{text}')").first.wait_for(
        state="attached", timeout=DEADLOCK
    )


def button(page, text):
    return page.locator(f"button.jupyter-button:has-text('{text}')").first


def look(page, name):
    """Keeps a screenshot where GENIMG_SCREENSHOTS says, for somebody to look at."""
    if folder := os.environ.get("GENIMG_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize("page", ["notebooks/90_interview_day.ipynb"], indirect=True)
def test_cards_and_the_mock_interview_in_the_browser(page):
    from playwright.sync_api import expect

    status = page.locator(".widget-html:has-text('questions here')").first
    run_all(page)
    scroll_to(status)
    left = len(bank.load().questions)
    shows(page, f"{left} new")
    question = page.locator(".widget-html h3").first.text_content()
    assert button(page, "Good").is_disabled()
    button(page, "Show answer").click()
    page.locator(".widget-html:has-text('Key points')").first.wait_for(timeout=DEADLOCK)
    look(page, "cards_revealed")
    button(page, "Good").click()
    shows(page, f"{left - 1} new")
    expect(page.locator(".widget-html h3").first).not_to_have_text(question, timeout=DEADLOCK)

    # Another kernel: the grade is still there.
    page.evaluate(f"async () => {{ await {KERNEL}.restart(); }}")
    page.wait_for_timeout(2000)
    run_all(page)
    scroll_to(status)
    shows(page, f"{left - 1} new")

    # Chinese cards.
    page.locator("button:has-text('中文')").first.click()
    shows(page, f"新题 {left - 1}")
    look(page, "cards_chinese")

    # The mock interview, with the shortest plan, to its summary.
    start = button(page, "Start")
    start.scroll_into_view_if_needed()
    look(page, "mock_start")
    start.click()
    summary = page.locator(".widget-html h1:has-text('Mock interview')").first
    for number in range(1, 20):
        rubric = button(page, "Rubric")
        rubric.wait_for(timeout=DEADLOCK)
        rubric.scroll_into_view_if_needed()
        page.locator(f".widget-html h3:has-text('{number}. ')").first.wait_for(timeout=DEADLOCK)
        if number == 1:  # the clock runs until the rubric is shown
            clock = page.locator(".widget-html b:has-text(':')").first
            expect(clock).not_to_have_text("0:00", timeout=DEADLOCK)
        rubric.click()
        page.locator(".widget-checkbox input").first.wait_for(timeout=DEADLOCK)
        page.locator(".widget-checkbox input").first.check()
        if number == 1:
            look(page, "mock_rubric")
        button(page, "Next").click()
        following = page.locator(f".widget-html h3:has-text('{number + 1}. ')")
        following.or_(summary).first.wait_for(state="attached", timeout=DEADLOCK)
        if summary.count():
            break
    else:
        pytest.fail("the interview did not come to its end")
    summary.scroll_into_view_if_needed()
    look(page, "mock_summary")


def run_cell(page, index, expected=""):
    """Runs one cell, as Ctrl+Enter does, and returns what it shows once `expected` is in it, or
    the page says that the kernel died.
    """
    state = (
        f"() => {{ const cell = {NOTEBOOK}.widgets[{index}].model; return "
        f"[cell.executionCount, cell.outputs.toJSON()]; }}"
    )
    count, shown = None, ""
    for wait in range(DEADLOCK // 250):
        # Again if nothing happened: a page that is still loading loses the command.
        if wait == 0 or (
            wait % 12 == 0 and count is None and page.evaluate(f"() => {KERNEL}?.status") == "idle"
        ):
            page.evaluate(
                f"() => {{ {NOTEBOOK}.activeCellIndex = {index}; "
                f"{NOTEBOOK}.scrollToItem({index}); }}"
            )
            # Not awaited: where the kernel dies, its answer never comes.
            page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell'); }")
        page.wait_for_timeout(250)
        count, outputs = page.evaluate(state)
        shown = "".join(
            output.get("text") or "\n".join(output.get("traceback", ())) for output in outputs
        )
        if (count is not None and expected in shown) or page.locator(DIED).count():
            break
    return shown


@pytest.mark.parametrize("page", ["my_exercises/20_answers.ipynb"], indirect=True)
def test_what_a_learner_sees_of_every_kind_of_answer(page):
    expected = {
        "untouched": "NOT YET: reparameterise\n  [x]  TODO: shift and scale",
        "wrong": "  [ok] without noise z is the means\n  [x]  the spread is exp(log_variances), "
        "the variance;",
        "crash": "line 3: return means + np.exp(log_variances) @ epsilon",
        "no_return": "  [x]  reparameterise(...) returned None: is there a `return`?",
        "endless": "  [x]  still running after 15 seconds. Is there an endless loop?",
        "right": "PASSED: reparameterise",
    }
    run_cell(page, 0)
    for number, name in enumerate(ANSWERS):
        run_cell(page, 3 * number + 2)
        if name == "syntax":
            continue
        # a kernel that dies shows nothing: until the page says so
        shown = run_cell(page, 3 * number + 3, expected.get(name, "never shown"))
        if name in expected:
            assert expected[name] in shown, f"{name}: {shown}"
            assert (
                "Traceback" not in shown
                and "genimg_lib" not in shown
                and len(shown.splitlines()) <= 6
            ), shown
        look(page, f"answer_{name}")
    assert page.locator(DIED).count()
    look(page, "answer_dead_kernel")
