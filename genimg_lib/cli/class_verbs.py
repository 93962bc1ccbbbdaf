"""The verbs of a class: for learners join, leave and hand-in, for the teacher those of `class`."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from genimg_lib.classroom import outbox
from genimg_lib.practice import course
from genimg_lib.practice.exercises import catalogue

LOOPBACK = "127.0.0.1"
PORT = 8901
FOLDER = "genimg_class"


def add_verbs(commands) -> None:
    """Adds the verbs to the subparsers of `genimg`."""
    command = commands.add_parser("join", help="join a class: its teacher sees which checks pass")
    command.set_defaults(run=run_join)
    on_hub = outbox.ADDRESS_VARIABLE in os.environ
    command.add_argument("address", nargs=None if not on_hub else "?", help="such as 10.0.0.5:8901")
    command.add_argument("code", help="the code on your slip of paper")
    command.add_argument(
        "--pseudonym", help="the name that the teacher sees; asked for unless told"
    )
    commands.add_parser(
        "leave", help="leave the class: nothing more is sent, and what was sent is deleted"
    ).set_defaults(run=run_leave)
    command = commands.add_parser("hand-in", help="send a notebook, code and all, to the teacher")
    command.set_defaults(run=run_hand_in)
    command.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help="such as 30 or gan")
    _add_class(commands.add_parser("class", help="for the teacher: open a class, see it, close it"))


def _add_class(command) -> None:
    command.set_defaults(folder=Path(FOLDER))
    verbs = command.add_subparsers(dest="verb", required=True)

    def verb(name: str, run, words: str):
        added = verbs.add_parser(name, help=words)
        added.set_defaults(run=run)
        if name != "capacity":
            added.add_argument("--folder", type=Path, default=Path(FOLDER), help="of the class")
        return added

    added = verb("open", run_open, "make a class; prints a code for each learner, and your token")
    added.add_argument("--learners", type=int, default=30)
    added = verb("serve", run_serve, "take events and show the teacher's page until Ctrl-C")
    _add_address(added, PORT)
    added.add_argument("--hub", action="store_true", help="with the JupyterHub of configure")
    added = verb("view", run_view, "the class in this terminal, each second until Ctrl-C")
    added.add_argument("--once", action="store_true", help="once")
    added = verb("renew", run_renew, "a new code for a learner who lost the old one")
    added.add_argument("number", type=int, help="of the learner, as in the CSV")
    verb("export", run_export, "all events as CSV")
    added = verb("collect", run_collect, "write what was handed in to a folder, one per learner")
    added.add_argument("target", type=Path)
    verb("grade", run_grade, "grade what was handed in; runs the learners' code here. CSV")
    added = verb("close", run_close, "delete everything that the class has stored")
    added.add_argument("--yes", action="store_true", help="do not ask")
    added = verb("capacity", run_capacity, "how many learners this machine takes, term by term")
    added.add_argument("--learners", type=int, default=30)
    added.add_argument("--memory-gb", type=float, help="of another machine")
    added.add_argument("--cores", type=int, help="of another machine")
    added = verb("configure", run_configure, "write a JupyterHub's configuration for this machine")
    added.add_argument("--spawner", choices=("systemd", "local", "simple"), default="")
    added.add_argument("--classroom", action="store_true", help="lessons in the classroom mode")
    added.add_argument(
        "--image", metavar="NAME:TAG", help="write values.yaml for Kubernetes with this image"
    )
    _add_address(added, 8000)


def _add_address(added, port: int) -> None:
    added.add_argument("--address", default=LOOPBACK, help="0.0.0.0 for the whole room")
    added.add_argument("--port", type=int, default=port)


# --- the learner ----------------------------------------------------------------------------------


def run_join(chosen) -> int:
    address = chosen.address or os.environ[outbox.ADDRESS_VARIABLE]
    if outbox.membership():
        raise ValueError("you are in a class already; genimg leave ends that")
    print(f"After each check this computer would send to {outbox.checked_address(address)}:")
    for field, meaning in outbox.FIELDS.items():
        print(f"  {field:10} {meaning}")
    print(
        "Nothing else: no code, unless you hand a notebook in. The teacher sees it, and deletes\n"
        "it when the class is closed. genimg leave ends it at any time and deletes what was sent."
    )
    if input("Send this? Type yes: ").strip().casefold() not in ("yes", "y"):
        print("Nothing is sent.")
        return 1
    pseudonym = chosen.pseudonym or input("Pseudonym: ").strip()
    outbox.join(address, chosen.code, pseudonym)
    print(f"Joined as {pseudonym}.")
    return 0


def run_leave(_) -> int:
    if outbox.membership() is None:
        print("You are in no class.")
        return 0
    if outbox.leave():
        print("Left. What was sent is deleted.")
        return 0
    print(
        "Left: nothing more is sent. The server cannot be reached, so it still has what was sent."
    )
    return 1


def run_hand_in(chosen) -> int:
    work = course.workplace() / course.WORK
    for path in catalogue.find(chosen.notebooks, work):
        outbox.hand_in(path)
        print(f"{path.stem}: handed in")
    return 0


# --- the teacher ----------------------------------------------------------------------------------


def _store(chosen):
    from genimg_lib.classroom.store import Store

    return Store(chosen.folder / "class.db")


def run_open(chosen) -> int:
    from genimg_lib.classroom.hub import username_of
    from genimg_lib.classroom.store import Store

    _, token, codes = Store.create(chosen.folder / "class.db", chosen.learners)
    print("One code for each learner. They are shown once: print this.\n")
    for number, code in enumerate(codes, 1):
        print(f"{username_of(number)}   {code}")
    print(f"\nYour own token, for the page and the hub: {token}")
    return 0


def run_serve(chosen) -> int:
    from genimg_lib.classroom import service

    store = _store(chosen)
    config = chosen.folder / "jupyterhub_config.py"
    if chosen.hub and not config.exists():
        raise ValueError("there is no configuration yet: genimg class configure")
    if chosen.hub and not shutil.which("configurable-http-proxy"):
        raise ValueError("JupyterHub needs: npm install -g configurable-http-proxy")

    def ready(port: int) -> None:
        print(f"Teacher's page:  http://{chosen.address}:{port}/#token=YOUR-TOKEN")
        print(f"Learners:        genimg join {chosen.address}:{port} CODE", flush=True)

    async def work() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # on Windows
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
        watching = asyncio.create_task(_until_it_ends(hub, stop)) if hub else None
        await service.serve(store, chosen.address, chosen.port, ready, stop)
        if watching and watching.done():
            raise ValueError("JupyterHub has ended; what it said stands above")

    hub = None
    if chosen.hub:
        hub = subprocess.Popen([sys.executable, "-m", "jupyterhub", "-f", str(config.absolute())])
    try:
        asyncio.run(work())
    finally:
        if hub:
            hub.terminate()
            hub.wait()
    return 0


async def _until_it_ends(hub: subprocess.Popen, stop: asyncio.Event) -> None:
    """Waits for a process, and then stops the service: without its hub a class must not go on."""
    while hub.poll() is None:
        await asyncio.sleep(1)
    stop.set()


def run_view(chosen) -> int:
    from genimg_lib.classroom import summary

    store = _store(chosen)
    while True:
        now = datetime.now(UTC)
        table = summary.table(store.learners(), store.events(), store.size(), now)
        if chosen.once:
            print(table)
            return 0
        print(f"\x1b[2J\x1b[H{table}", flush=True)
        time.sleep(1)


def run_renew(chosen) -> int:
    print(_store(chosen).renew(chosen.number))
    return 0


def run_export(chosen) -> int:
    from genimg_lib.classroom import summary

    store = _store(chosen)
    print(summary.as_csv(store.learners(), store.events()), end="")
    return 0


def run_collect(chosen) -> int:
    from genimg_lib.classroom.hub import username_of

    for learner, name, content in _store(chosen).hand_ins():
        path = chosen.target / username_of(learner.number) / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        print(path)
    return 0


def run_grade(chosen) -> int:
    from genimg_lib.classroom import grading

    print(
        "This runs the learners' code on this machine, with your rights.",
        file=sys.stderr,
        flush=True,
    )
    print(grading.as_csv(list(grading.grades(_store(chosen)))), end="")
    return 0


def run_close(chosen) -> int:
    store = _store(chosen)
    store.close()
    if not chosen.yes:
        question = f"Delete all that is stored in {store.path}? Type yes: "
        if input(question).strip().casefold() != "yes":
            print("Nothing is deleted.")
            return 1
    for path in store.path.parent.glob("class.db*"):
        path.unlink()
    print("Deleted: names, events, hand-ins, codes.")
    return 0


def _capacity(chosen):
    from genimg_lib.classroom import capacity

    memory, cores = capacity.machine()
    if getattr(chosen, "memory_gb", None):
        memory = int(chosen.memory_gb * capacity.GB)
    return capacity.capacity(
        memory, getattr(chosen, "cores", None) or cores, getattr(chosen, "learners", 30)
    )


def run_capacity(chosen) -> int:
    from genimg_lib.classroom import capacity

    found = _capacity(chosen)
    print("\n".join([*found.lines, "", capacity.verdict(found, chosen.learners)]))
    return 0


def run_configure(chosen) -> int:
    from genimg_lib.classroom import hub, kubernetes

    if chosen.image:
        print(kubernetes.write(chosen.folder, chosen.image, classroom=chosen.classroom))
        return 0
    found = _capacity(chosen)
    spawner = chosen.spawner or hub.best_spawner()
    path = hub.configure(
        chosen.folder,
        found,
        spawner=spawner,
        address=chosen.address,
        port=chosen.port,
        classroom=chosen.classroom,
    )
    print("\n".join(found.lines))
    print(
        f"\n{path}\nSpawner {spawner}: {hub.CAVEATS[spawner]}\nStart it: genimg class serve --hub"
    )
    return 0
