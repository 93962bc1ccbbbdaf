"""Where a reader may write, in one setting: the environment variable GENIMG_HOME.

It is meant for a course that is installed once, read-only, for many. Copies of exercises, progress
and caches then lie in that folder. Without it each has its own place.
"""

import os
from pathlib import Path

VARIABLE = "GENIMG_HOME"
CACHES = {  # of other packages, by the variables that they read
    "IPYTHONDIR": "ipython",
    "JUPYTER_RUNTIME_DIR": "jupyter",
    "KERAS_HOME": "keras",
    "MPLCONFIGDIR": "matplotlib",
}


def home() -> Path | None:
    """The folder that GENIMG_HOME names, or None."""
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser().absolute() if named else None


def part(name: str) -> Path | None:
    """A folder in it, such as `progress`, or None."""
    place = home()
    return place / name if place else None


def keep_caches() -> None:
    """Sends there what other packages write, unless they have a place of their own.

    They read their variables when they are imported, and kernels inherit them.
    """
    cache = part("cache")
    if cache:
        for variable, name in CACHES.items():
            os.environ.setdefault(variable, str(cache / name))
