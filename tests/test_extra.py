"""The course with the extra `llm`: what needs the real language model runs in an environment of its
own, beside the first.

Elsewhere its tests are skipped, and the lessons show recorded answers.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from genimg_lib.language import files

ROOT = Path(__file__).parents[1]
TESTS = [
    f"tests/test_{name}.py"
    for name in ("language_model", "smollm2", "grammar", "drawer", "private_names")
]
LESSONS = [  # lesson 60 asks the model in one cell: test_language_model.py runs that
    str(path.relative_to(ROOT))
    for number in ("41", "62")
    for path in (ROOT / "notebooks").glob(f"{number}_*")
]


@pytest.mark.skipif(
    files.is_installed(), reason="the extra is installed here: its tests run as they are"
)
def test_everything_that_uses_the_language_model_with_the_language_model():
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed, which makes the environment with the extra")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("VIRTUAL_ENV", "PYTHONPATH")
    }
    environment["UV_PROJECT_ENVIRONMENT"] = ".venv-llm"
    made = subprocess.run(
        [uv, "sync", "--locked", "--extra", "llm"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if made.returncode and re.search(
        "network|offline|connect|resolve host|dns|timed out|No space", made.stderr, re.IGNORECASE
    ):
        pytest.skip(f"the extra cannot be installed here: {made.stderr.strip().splitlines()[-1]}")
    assert made.returncode == 0, made.stderr
    command = [uv, "run", "--no-sync", "pytest", "-q", "-rs", "-n=0", *TESTS, *LESSONS]
    tests = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert tests.returncode == 0, tests.stdout[-8000:] + tests.stderr[-2000:]
    assert "SKIPPED" not in tests.stdout, tests.stdout[-8000:]
