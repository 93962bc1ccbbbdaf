"""What the whole course shares: its folders, its levels, its languages, and where learners work.

The course lies beside the library in a checkout, and inside of it in an installed package.
"""

import os
from pathlib import Path

from genimg_lib.notebook.home import home

LEVELS = ("junior", "mid", "senior", "staff")
LANGUAGES = ("en", "zh")

_LIBRARY = Path(__file__).parents[1]
_PACKAGED = _LIBRARY / "course"  # pyproject.toml puts it there when a wheel is built
ROOT = _PACKAGED if _PACKAGED.is_dir() else _LIBRARY.parent
LESSONS = ROOT / "notebooks"
EXERCISES = ROOT / "exercises"
FOLDERS = ("notebooks", "exercises", "solutions", "docs", "benchmarks")  # notebooks link to all
WORK = "my_exercises"  # the folder of the learner's copies; git ignores it


def workplace() -> Path:
    """The folder in which `my_exercises` lies, or will.

    It is the folder GENIMG_HOME if that is set. Else it is the checkout if there is one that can
    be written to. Else it is the current folder or the
    one above, if the learner has started there, or a new folder in the current one.
    """
    if place := home():
        return place
    work = ROOT / WORK
    if ROOT != _PACKAGED and os.access(work if work.exists() else ROOT, os.W_OK):
        return ROOT
    here = Path.cwd()
    started = (folder for folder in (here, here.parent) if (folder / WORK).is_dir())
    return next(started, here / "genimg_course")
