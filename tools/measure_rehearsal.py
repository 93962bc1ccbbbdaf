"""Measures a rehearsal of the half day of docs/teaching/timetables.toml, step by step in its order.

    uv run tools/measure_rehearsal.py                # as on a laptop, lessons in full
    uv run tools/measure_rehearsal.py --classroom    # as on one server, in the classroom mode

Everything happens in an empty folder, as for a new learner: commands with `genimg`, lessons in the
copy that `genimg start` made. Ends at the first that fails. Writes benchmarks/rehearsal.json.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
from _shared import BENCHMARKS, ROOT, command_line, read_json, write_json
from nbclient import NotebookClient

from genimg_lib.classroom import capacity, hub

TIMETABLES = ROOT / "docs" / "teaching" / "timetables.toml"
KEYS = "1\n" * 20  # a learner who answers every question at once
FIRST = "genimg start"  # a new learner's first command: the lessons


def steps() -> Iterator[str]:
    """What the half day names, in its order: `genimg doctor`, `lesson 00`, ..."""
    plan = tomllib.loads(TIMETABLES.read_text(encoding="utf-8"))["half_day"]
    yield FIRST
    for session in plan["session"]:
        for _, what in session["rows"]:
            if re.fullmatch(r"lesson \d\d", what):
                yield what
            yield from re.findall(r"`(genimg [^`]+)`", what)


def run_command(step: str, place: Path) -> None:
    command = [sys.executable, "-m", "genimg_lib.cli", *step.split()[1:]]
    done = subprocess.run(command, cwd=place, input=KEYS, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{step}: {done.stdout[-2000:]}{done.stderr[-2000:]}")


def run_lesson(step: str, place: Path) -> None:
    (path,) = (place / "notebooks").glob(f"{step.split()[1]}_*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=900, resources=resources).execute()
    nbformat.write(notebook, path)


def measured(step: str, place: Path) -> dict:
    """Runs a step; its seconds, CPU-seconds, and the most memory that it held at once, in GB.

    `private_gb` leaves out what other processes share, as thirty kernels share TensorFlow.
    """
    peak = {"memory_gb": 0.0, "private_gb": 0.0}
    done = threading.Event()
    watcher = threading.Thread(target=watch, args=(peak, done))
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    watcher.start()
    try:
        (run_lesson if step.startswith("lesson") else run_command)(step, place)
    finally:
        done.set()
        watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "step": step,
        "seconds": round(time.monotonic() - began, 1),
        "cpu_seconds": round(cpu, 1),
        **{name: round(value, 2) for name, value in peak.items()},
    }


def watch(peak: dict[str, float], done: threading.Event) -> None:
    """Keeps the largest memory of all processes below this one, until `done`."""
    while not done.wait(0.3):
        try:
            found = [one.memory_full_info() for one in psutil.Process().children(recursive=True)]
        except psutil.NoSuchProcess:  # ended between the two calls
            continue
        peak["memory_gb"] = max(peak["memory_gb"], sum(one.rss for one in found) / 1e9)
        peak["private_gb"] = max(peak["private_gb"], sum(one.uss for one in found) / 1e9)


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--classroom", action="store_true")
    mode = "classroom" if parser.parse_args().classroom else "full"
    path = BENCHMARKS / "rehearsal.json"
    with tempfile.TemporaryDirectory(prefix="genimg-rehearsal-") as folder:
        os.environ |= {"GENIMG_HOME": folder, "GENIMG_FAST": "0"}
        if mode == "classroom":
            found = capacity.capacity(*capacity.machine())
            os.environ |= hub.environment(found, class_port=0, classroom=True)
        rows = []
        for step in steps():
            rows.append(measured(step, Path(folder)))
            print(rows[-1], flush=True)
    write_json(path, read_json(path) | {mode: rows})


if __name__ == "__main__":
    main()
