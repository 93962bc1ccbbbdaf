"""Measures lessons in the classroom mode: the CPU-seconds and the memory of each one's kernel.

    uv run tools/measure_classroom.py                # all lessons
    uv run tools/measure_classroom.py 20 30          # these anew

A kernel gets what a learner's server gives it on one core: one thread, the classroom mode. Its
start is counted apart: Python, Jupyter's kernel, TensorFlow and Keras, up to the end of the first
cell of code. Memory is private memory, without what kernels share, such as TensorFlow's code.
Ends at the first lesson that fails. Writes benchmarks/classroom.json and, as a table,
docs/class.md.
"""

import contextlib
import os
import tempfile
import threading
from pathlib import Path

import nbformat
import psutil
from _shared import (
    BENCHMARKS,
    NOTEBOOKS,
    ROOT,
    between,
    chosen,
    command_line,
    read_json,
    write_json,
)
from nbclient import NotebookClient

from genimg_lib.classroom import hub

PATH = BENCHMARKS / "classroom.json"
PAGE = ROOT / "docs" / "class.md"
TABLE = between("<!-- made by tools/measure_classroom.py -->\n", "<!-- end of the table -->")
CPU_SECONDS, PRIVATE_GB = 20, 1
"""The aim, for each lesson."""
WATCHED = 0.1
"""Seconds between two looks at a kernel's memory."""


def used(kernel: psutil.Process) -> float:
    """CPU-seconds of a kernel and of the processes that it started and that have ended."""
    return sum(kernel.cpu_times()[:4])


def private_gb(kernel: psutil.Process) -> float:
    """Memory of a kernel and of all below it, without the pages of files and shared memory.

    Two counters of the system: an exact walk over all pages, as `memory_full_info` does it, took
    half as many seconds as the lesson.
    """
    found = [one.memory_info() for one in (kernel, *kernel.children(recursive=True))]
    return sum(one.rss - one.shared for one in found) / 1e9


class Meter:
    """Executes a lesson in its folder and follows its kernel.

    `cells` holds, for each cell of code, its index, the kernel's CPU-seconds until its end, and
    the most memory in GB while it ran.
    """

    def __init__(self, path: Path):
        self.cells: list[tuple[int, float, float]] = []
        self.peak = 0.0
        self.done = threading.Event()
        self.client = NotebookClient(
            nbformat.read(path, as_version=4),
            timeout=900,
            resources={"metadata": {"path": str(path.parent)}},
            on_notebook_start=self.started,
            on_cell_executed=self.cell_executed,
        )
        try:
            self.client.execute()
        finally:
            self.done.set()

    def started(self, **_) -> None:
        self.kernel = psutil.Process(self.client.km.provisioner.pid)
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self) -> None:
        while not self.done.wait(WATCHED):
            with contextlib.suppress(psutil.NoSuchProcess):  # one below it ended meanwhile
                self.peak = max(self.peak, private_gb(self.kernel))

    def cell_executed(self, cell, cell_index, **_) -> None:
        peak, self.peak = max(self.peak, private_gb(self.kernel)), 0.0
        self.cells.append((cell_index, used(self.kernel), peak))
        print("  cell, CPU-seconds until its end, GB:", *self.cells[-1], flush=True)


def table(rows: dict) -> str:
    """The measured lessons as a table, and below it which of them are beyond the aim."""
    lines = [
        "| lesson | CPU-seconds of the start | CPU-seconds of the lesson | most private memory |",
        "|---|---|---|---|",
    ]
    for number, row in rows.items():
        start, seconds, memory = row.values()
        lines.append(f"| {number} | {start} | {seconds} | {memory} GB |")
    slow = [number for number, row in rows.items() if row["cpu_seconds"] > CPU_SECONDS]
    large = [number for number, row in rows.items() if row["private_gb"] > PRIVATE_GB]
    lines.append(
        f"\nBeyond {CPU_SECONDS} CPU-seconds: {', '.join(slow) or 'none'}. "
        f"Beyond {PRIVATE_GB} GB: {', '.join(large) or 'none'}.\n"
    )
    return "\n".join(lines)


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("lessons", nargs="*", metavar="NN")
    arguments = parser.parse_args()
    paths = {path.name[:2]: path for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))}
    with tempfile.TemporaryDirectory(prefix="genimg-classroom-") as folder:
        os.environ |= hub.limits(1, classroom=True) | {"GENIMG_HOME": folder, "GENIMG_FAST": "0"}
        for number in chosen(parser, arguments.lessons, paths):
            cells = Meter(paths[number]).cells
            (_, start, _), *_, (_, end, _) = cells
            row = {
                "start_cpu_seconds": round(start, 1),
                "cpu_seconds": round(end - start, 1),
                "private_gb": round(max(peak for _, _, peak in cells), 2),
            }
            print(number, row, flush=True)
            rows = dict(sorted((read_json(PATH) | {number: row}).items()))
            write_json(PATH, rows)
            page = PAGE.read_text(encoding="utf-8")
            PAGE.write_text(TABLE.sub(lambda _, rows=rows: table(rows), page), encoding="utf-8")


if __name__ == "__main__":
    main()
