"""A learner's Jupyter server on a hub: the course is copied first, as `genimg start` does.

What is there stays as it is, so an update of the course never touches a learner's work. The home
folder is closed to others: many systems make it readable by all.

Server and kernels talk through files of a private folder. With the default, TCP, thirty servers
choose free ports at the same time, and now and then two choose the same: one of the two kernels
then hangs without a word.
"""

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from genimg_lib.practice.exercises import workbook


def prepare(place: Path) -> None:
    """Copies the course to a learner's folder; only what is missing there."""
    place.mkdir(parents=True, exist_ok=True)
    with open(os.devnull, "w") as silence, contextlib.redirect_stdout(silence):
        workbook.start([], place)


def main() -> None:
    from jupyterhub.singleuser import main as serve

    with contextlib.suppress(PermissionError):  # the volume of a cluster has another owner
        Path.home().chmod(0o700)
    prepare(Path(os.environ["JUPYTERHUB_ROOT_DIR"]).expanduser())
    sys.argv.append("--KernelManager.transport=ipc")
    # the path of a socket has at most 107 characters: too few for a folder below the home folder
    with tempfile.TemporaryDirectory(prefix="genimg-") as runtime:
        os.environ["JUPYTER_RUNTIME_DIR"] = runtime
        serve()


if __name__ == "__main__":
    main()
