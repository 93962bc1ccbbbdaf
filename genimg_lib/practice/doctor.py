"""Whether the course will run on this machine: what `genimg doctor` looks at before an evening."""

import dataclasses
import importlib.metadata
import os
import platform
import shutil
import socket
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import psutil

from genimg_lib.data import load_mnist
from genimg_lib.practice import course
from genimg_lib.practice.journal import private_path

PYTHONS = ((3, 11), (3, 13))  # the first and the last for which TensorFlow has wheels
PACKAGES = ("genimg", "tensorflow", "keras", "jupyterlab", "ipywidgets", "matplotlib")
ENOUGH_MEMORY, LITTLE_MEMORY = 3.0, 1.5  # GB: the largest lesson, and an exercise with TensorFlow
ENOUGH_DISK = 1.0  # GB: copies, checkpoints, bytecode
PORT = 8888  # JupyterLab's
SLOW = 2.0  # times the authors' step: the declared minutes leave room for half their speed
MARKS = {"good": " ok ", "warning": "note", "bad": " NO "}


@dataclasses.dataclass(frozen=True)
class Finding:
    """What one look at the machine found: `state` is a key of `MARKS`."""

    state: str
    said: str
    code: str = ""
    """What a teacher wants to know of it, in a few characters."""


def findings() -> Iterator[Finding]:
    """Looks at everything, one after the other; the last one trains for two seconds."""
    yield python()
    yield packages()
    yield data()
    yield memory(psutil.virtual_memory().available / 1e9)
    yield disk()
    yield from (writable("copies of exercises", course.workplace()), progress())
    yield port()
    yield training()


def code(found: list[Finding]) -> str:
    """One line without blanks that a learner sends to the teacher: verdict, machine, figures, and
    four digits that tell a typing error.
    """
    states = {finding.state for finding in found}
    verdict = "bad" if "bad" in states else "note" if "warning" in states else "ok"
    machine = f"{platform.system()}-{platform.machine()}".lower()
    facts = "/".join([verdict, machine, *(finding.code for finding in found if finding.code)])
    return f"{facts}/{digits(facts)}"


def is_code(text: str) -> bool:
    """Whether `text` is a code as `code` made it, and not one that was mistyped."""
    facts, _, last = text.strip().rpartition("/")
    return last == digits(facts)


def digits(facts: str) -> str:
    return f"{zlib.crc32(facts.encode()) & 0xFFFF:04x}"


def python(version: tuple[int, int] = sys.version_info[:2]) -> Finding:
    first, last = (".".join(map(str, bound)) for bound in PYTHONS)
    said = f"Python {version[0]}.{version[1]}"
    if PYTHONS[0] <= version <= PYTHONS[1]:
        return Finding("good", said, f"py{version[0]}.{version[1]}")
    return Finding("bad", f"{said}: the course needs {first} to {last}", "py!")


def packages(names: tuple[str, ...] = PACKAGES) -> Finding:
    found, missing = [], []
    for name in names:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding("bad", f"not installed: {', '.join(missing)}; uv sync installs them", "pkg!")
    return Finding("good", ", ".join(found))


def data() -> Finding:
    """MNIST, whose every byte is checked, stands for a complete copy of the course."""
    try:
        load_mnist()
    except (OSError, ValueError) as error:
        return Finding("bad", str(error), "data!")
    lessons = len(list(course.LESSONS.glob("[0-9][0-9]_*.ipynb")))
    if not lessons:
        return Finding("bad", f"there are no lessons in {course.LESSONS}", "data!")
    return Finding("good", f"{lessons} lessons, and the data as it was shipped")


def memory(free: float) -> Finding:
    """Args: free: GB that programs may still take."""
    said, figure = f"{free:.1f} GB of memory are free", f"{free:.0f}GB"
    if free >= ENOUGH_MEMORY:
        return Finding("good", said, figure)
    wanted = f"{said}; the largest lesson needs {ENOUGH_MEMORY:g}: close other programs"
    return Finding("warning" if free >= LITTLE_MEMORY else "bad", wanted, figure)


def disk() -> Finding:
    free = shutil.disk_usage(nearest(course.workplace())).free / 1e9
    said = f"{free:.0f} GB of disk are free"
    if free >= ENOUGH_DISK:
        return Finding("good", said)
    return Finding("bad", f"{said}; {ENOUGH_DISK:g} is needed", "disk!")


def progress() -> Finding:
    places = ("HOME", "GENIMG_HOME", "GENIMG_PROGRESS")
    if not any(os.environ.get(place) for place in places) and os.name != "nt":
        return Finding("warning", "there is no home folder, so progress may not be kept", "home!")
    return writable("progress", private_path("exercises").parent)


def writable(what: str, folder: Path) -> Finding:
    """Writes a file where the folder is, or will be."""
    place = nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            return Finding("good", f"{what}: {folder}")
    except OSError as error:
        return Finding("bad", f"{what}: {place} cannot be written to ({error.strerror})", "write!")


def nearest(folder: Path) -> Path:
    """The folder, or the first one above it that exists."""
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def port(number: int = PORT) -> Finding:
    with socket.socket() as trial:
        try:
            trial.bind(("127.0.0.1", number))
        except OSError:
            return Finding("warning", f"port {number} is taken: JupyterLab will take the next one")
    return Finding("good", f"port {number} is free for JupyterLab")


def training() -> Finding:
    """Two seconds of training, against the slower of the authors' machines."""
    from genimg_lib.notebook import lesson

    try:
        lesson.import_tensorflow()
        slower = lesson.measure_machine() / lesson.REFERENCE_SECONDS
    except Exception as error:  # whatever keeps TensorFlow from working here
        return Finding("bad", f"TensorFlow does not train here: {error}", "train!")
    said = f"a training step takes {slower:.1f} times as long as on the authors' machine"
    return Finding("good" if slower <= SLOW else "warning", said, f"{slower:.1f}x")
