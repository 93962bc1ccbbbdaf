"""Set before any test or kernel starts: lessons run in the fast mode, and no process of a test run reaches the network."""

import os
import sys
import tempfile
from pathlib import Path

OFFLINE = str(Path(__file__).parent / "tests" / "offline")

os.environ.setdefault("GENIMG_FAST", "1")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["GENIMG_PROGRESS"] = tempfile.mkdtemp(prefix="genimg-progress-")  # never the file of whoever runs the tests
os.environ["MPLBACKEND"] = "agg"
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (OFFLINE, os.environ.get("PYTHONPATH"))))

if OFFLINE not in sys.path:
    sys.path.insert(0, OFFLINE)
    sys.modules.pop("sitecustomize", None)  # a distribution's own, imported when this process started
    import sitecustomize  # noqa: F401
