"""The teacher's view as a panel in JupyterLab: in a notebook,

    from genimg_lib.classroom.panel import panel
    panel("http://127.0.0.1:8901")

then, in the menu of the output, *Create New View for Output*, and drag it where it shall stay.
"""

import asyncio
import getpass
from html import escape

import ipywidgets

from genimg_lib.classroom import outbox, summary


def panel(address: str, token: str | None = None, *, projector: bool = False) -> ipywidgets.HTML:
    """Shows what the room does now, anew each second as long as it is open and the kernel is idle.

    Args:
        address: of the class, as `genimg class serve` prints it.
        token: the teacher's; asked for unless given, so that no notebook holds it.
        projector: without names, and with counts from five learners up.

    Raises ValueError for what is no address.
    """
    address = outbox.checked_address(address)
    token = getpass.getpass("The teacher's token: ") if token is None else token
    shown = ipywidgets.HTML("<p>One moment.</p>")
    path = "/projector" if projector else "/view"
    # the widget holds the task: nothing else does, and a lost task may end at any time
    shown.refreshing = asyncio.ensure_future(_refresh(shown, address, path, token))
    return shown


async def _refresh(shown: ipywidgets.HTML, address: str, path: str, token: str) -> None:
    while shown.comm is not None:  # until the widget is closed
        try:
            shown.value = as_html(
                await asyncio.to_thread(outbox.request, address, path, None, token)
            )
        except ValueError:
            shown.value = "<p>Only the teacher sees the class: this token is not the teacher's.</p>"
            return
        except OSError:
            note = "<p><b>The server does not answer. What is shown is old.</b></p>"
            shown.value = note + shown.value.removeprefix(note)
        await asyncio.sleep(1)


def as_html(view: dict) -> str:
    """What `summary.view` or `summary.projector` found, as HTML; words of learners stay words."""
    joined = f"fewer than {summary.GROUP}" if view["joined"] is None else view["joined"]
    mistakes = [
        (found["count"], f"{found['exercise']}: {found['names']}", found["say"])
        for found in view["mistakes"]
    ]
    exercises = [
        (found["exercise"], "…" if found["passed"] is None else found["passed"], found["tried"])
        for found in view["exercises"]
    ]
    learners = [
        (row["name"], row["exercise"], row["state"], row["solved"])
        for row in view.get("learners", ())
    ]
    return (
        f"<p>{joined} of {view['size']} joined</p>"
        + _table(("Now", "Exercise", "What to say"), mistakes)
        + _table(("Exercise", "Passed", "Tried"), exercises)
        + _table(("Learner", "Exercise", "State", "Solved"), learners)
    )


def _table(head: tuple, rows: list[tuple]) -> str:
    if not rows:
        return ""
    lines = [f"<tr>{''.join(f'<th>{word}</th>' for word in head)}</tr>"]
    lines += [
        f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows
    ]
    return f"<table style='text-align: left'>{''.join(lines)}</table>"
