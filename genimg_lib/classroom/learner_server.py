"""A learner's Jupyter server on a hub: the course is copied first, as `genimg start` does.

What is there stays as it is, so an update of the course never touches a learner's work.
"""

import contextlib
import os
import sys
from pathlib import Path

from genimg_lib.practice.exercises import workbook


def prepare(place: Path) -> None:
    """Copies the course to a learner's folder; only what is missing there."""
    place.mkdir(parents=True, exist_ok=True)
    with open(os.devnull, "w") as silence, contextlib.redirect_stdout(silence):
        workbook.start([], place)


def main() -> None:
    from jupyterhub.singleuser import main as serve

    prepare(Path(os.environ["JUPYTERHUB_ROOT_DIR"]).expanduser())
    sys.exit(serve())


if __name__ == "__main__":
    main()
