"""Executes lessons in place, and prints their declared and measured minutes and memory.

    uv run tools/record_lessons.py                           # every lesson
    uv run tools/record_lessons.py notebooks/20_vae.ipynb    # some

The notebook keeps its outputs and loses its timestamps, so that a second run changes only what
really differs.
"""

import base64
import io
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
from _shared import NOTEBOOKS, ROOT, command_line, save_with_palette
from nbclient import NotebookClient
from PIL import Image


def execute(path: Path) -> tuple[float, float]:
    """Runs one notebook from a clean kernel and saves it; returns wall minutes and peak memory
    of the kernel in GB.
    """
    notebook = nbformat.read(path, as_version=4)
    options = {"timeout": 900, "record_timing": False, "coalesce_streams": True}
    client = NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}, **options)
    peak = [0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch_memory, args=(peak, done))
    step_seconds = machine_seconds()
    watcher.start()
    start = time.monotonic()
    try:
        client.execute()
    finally:
        done.set()
        watcher.join()
    minutes = (time.monotonic() - start) / 60
    step_seconds = (step_seconds + machine_seconds()) / 2
    notebook.metadata.pop("signature", None)
    notebook.metadata["genimg"]["recorded"] = {
        "minutes": round(minutes, 2),
        "step_seconds": round(step_seconds, 5),
    }
    shrink_pictures(notebook)
    shorten_paths(notebook)
    nbformat.write(notebook, path)
    return minutes, peak[0] / 1e9


def machine_seconds() -> float:
    """How fast this machine is now, as `lesson.start` measures it, in a process of its own."""
    program = "from genimg_lib import lesson; print(lesson.measure_machine())"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return float(run.stdout.split()[-1])


def shrink_pictures(notebook) -> None:
    """Stores every PNG in fewer bytes with the same pixels: with a palette where it has at most 256
    colours, such as grey digits.
    """
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = shrunk(output.data["image/png"])


def shrunk(encoded: str) -> str:
    """A PNG in base64, with a palette if 256 colours are enough for it."""
    picture = Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGB")
    smaller = io.BytesIO()
    if picture.getcolors(256):
        save_with_palette(picture, smaller, colours=256)
    else:
        picture.save(smaller, "PNG", optimize=True)
    return base64.b64encode(smaller.getvalue()).decode()


def shorten_paths(notebook) -> None:
    """Tracebacks name the course's own files from its folder, not from the root of this machine."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                output.traceback = [line.replace(f"{ROOT}/", "") for line in output.traceback]


def _watch_memory(peak, done):
    """Keeps the largest total resident size of this process's children, such as the kernel."""
    while not done.wait(0.2):
        try:
            children = psutil.Process(os.getpid()).children(recursive=True)
            peak[0] = max(peak[0], sum(child.memory_info().rss for child in children))
        except psutil.NoSuchProcess:  # ended between the two calls
            continue


def main() -> int:
    parser = command_line(__doc__)
    parser.add_argument(
        "notebooks", nargs="*", type=Path, default=sorted(NOTEBOOKS.glob("*.ipynb"))
    )
    over = 0
    for path in parser.parse_args().notebooks:
        declared = nbformat.read(path, as_version=4).metadata["genimg"]
        minutes, memory = execute(path)
        exceeded = minutes > declared["minutes"] or memory > declared["memory_gb"]
        over += exceeded
        print(
            f"{path.name:32} {minutes:5.1f} of {declared['minutes']} minutes, "
            f"{memory:.1f} of {declared['memory_gb']} GB, {path.stat().st_size / 1e6:.2f} MB"
            f"{'  OVER WHAT IT DECLARES' if exceeded else ''}",
            flush=True,
        )
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
