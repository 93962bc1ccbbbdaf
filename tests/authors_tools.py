"""The authors' tools, as modules."""

import importlib
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "tools"


def tool(name: str):
    """A module of tools/, imported with the others in reach, as when it is run."""
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(FOLDER))
