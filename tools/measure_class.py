"""Measures a class on a real JupyterHub of this machine: simulated learners, HTTP and websockets.

uv run --extra class tools/measure_class.py                 # thirty learners
uv run --extra class tools/measure_class.py --learners 5

Each learner logs in with a code, starts a server, opens the GAN exercises, fails an exercise,
repairs it, passes, saves and reloads, tries a neighbour's server, loses the kernel, and comes back.
At the end the work and the progress of everybody are read again. Needs configurable-http-proxy
(npm). Writes benchmarks/class.json. `--spawner local` also tries the files of the neighbour from a
kernel; it needs root, makes system users, and writes nothing: run it on a machine to throw away.
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
from _learner import Learner
from _shared import BENCHMARKS, command_line, write_json

from genimg_lib.classroom import capacity, hub
from genimg_lib.classroom.store import Store

STAGES = (
    "log_in",
    "start",
    "open",
    "fail",
    "repair",
    "reload",
    "trespass",
    "die",
    "come_back",
)


@dataclass(frozen=True)
class Room:
    """A running class: its processes, its learners, and the page of its teacher."""

    process: psutil.Process
    learners: list[Learner]
    teachers_page: str
    teacher: str


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def memory(process: psutil.Process) -> tuple[int, float]:
    """Memory of a process and all below it, without what they share (bytes), and CPU-seconds.

    The seconds include those of processes that have ended and whose parent is still there.
    """
    private, seconds = 0, 0.0
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            private += one.memory_full_info().uss
            seconds += sum(one.cpu_times()[:4])
    return private, seconds


@contextlib.contextmanager
def running(folder: Path, count: int, spawner: str = "simple") -> Iterator[Room]:
    """A class of `count` learners with its hub and the teacher's page, as the commands start it."""
    store, teacher, codes = Store.create(folder / "class.db", count)
    store.close()
    port, class_port = free_port(), free_port()
    found = capacity.capacity(*capacity.machine(), count)
    config = hub.configure(folder, found, spawner=spawner, port=port, class_port=class_port)
    text = config.read_text()
    for fixed in ("8081", "8001"):
        text = text.replace(f":{fixed}", f":{free_port()}")
    if spawner == "simple" and os.geteuid() == 0:  # in a container
        text += '\nc.Spawner.args = ["--allow-root"]\n'
    config.write_text(text)
    words = ["class", "serve", "--hub", "--folder", str(folder), "--port", str(class_port)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "genimg_lib.cli", *words],
            cwd=folder,
            stdout=log,
            stderr=log,
            env={**os.environ, "GENIMG_PROGRESS": ""},
        )
    try:
        wait_for(server, folder / "log")
        names = [hub.username_of(number) for number in range(1, count + 1)]
        address = f"http://127.0.0.1:{port}"
        learners = [Learner(address, name, code) for name, code in zip(names, codes, strict=True)]
        for learner, neighbour in zip(learners, names[1:] + names[:1], strict=True):
            learner.neighbour = neighbour
        page = f"http://127.0.0.1:{class_port}"
        yield Room(psutil.Process(server.pid), learners, page, teacher)
    finally:
        server.terminate()
        server.wait(60)


def wait_for(server: subprocess.Popen, log: Path) -> None:
    while not re.search("JupyterHub is now running", log.read_text()):
        if server.poll() is not None:
            raise OSError(f"JupyterHub ended:\n{log.read_text()[-2000:]}")
        time.sleep(0.5)


def all_at_once(learners: list[Learner], stage: str) -> None:
    """One stage of all learners; RuntimeError names each learner who failed, the stage, and why."""

    def one(learner: Learner) -> str:
        try:
            getattr(learner, stage)()
        except Exception as error:
            return f"{learner.name}, {stage}: {type(error).__name__}: {error}"
        return ""

    with ThreadPoolExecutor(len(learners)) as pool:
        failures = [words for words in pool.map(one, learners) if words]
    if failures:
        raise RuntimeError("\n".join([f"{len(failures)} of {len(learners)} failed", *failures]))


def measure(room: Room) -> dict:
    """The figures of every stage, by all learners at once; ends at the first that fails."""
    stages = {}
    for stage in STAGES:
        before = memory(room.process)[1]
        began = time.monotonic()
        all_at_once(room.learners, stage)
        seconds = time.monotonic() - began
        private, after = memory(room.process)
        stages[stage] = {
            "seconds": round(seconds, 1),
            "cpu_seconds": round(after - before, 1),
            "private_gb": round(private / 1e9, 2),
        }
        print(stage, stages[stage], flush=True)
    return {"learners": len(room.learners), "cores": capacity.machine()[1], "stages": stages}


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument("--spawner", choices=("simple", "local"), default="simple")
    chosen = parser.parse_args()
    if not shutil.which("configurable-http-proxy"):
        parser.error("JupyterHub needs: npm install -g configurable-http-proxy")
    folder = Path(tempfile.mkdtemp(prefix="genimg-class-"))
    try:
        with running(folder, chosen.learners, chosen.spawner) as room:
            figures = measure(room)
            if chosen.spawner == "local":
                for learner in room.learners:
                    print(learner.name, learner.read_of_neighbour())
        if chosen.spawner == "simple":
            write_json(BENCHMARKS / "class.json", figures)
    except RuntimeError:
        print((folder / "log").read_text()[-4000:], file=sys.stderr)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
