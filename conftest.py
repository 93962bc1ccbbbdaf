"""Set before any test or kernel starts: lessons run in the fast mode, and no process of a test
run reaches the network.
"""

import os
import random
import sys
import tempfile
from pathlib import Path

import nbval.kernel
import numpy as np
import psutil
import pytest
from warm_kernels import WarmKernelManager

ROOT = Path(__file__).parent
OFFLINE = str(ROOT / "tests" / "offline")
SLOW = (  # the longest first; notebooks are slow, too, and tests with a mark of their own
    "test_extra.py",
    "test_site.py",
    "test_browser.py",
    "test_class_page.py",
    "test_practice_pages.py",
    "test_site_build.py",
    "test_resume.py",
    "test_capstones.py",
    "test_text_to_image.py",
    "test_museum.py",
    "test_diffusion.py",
    "test_token_models.py",
    "test_vae.py",
    "test_gan.py",
    "test_restoration.py",
    "test_tokenizer.py",
    "test_stability.py",
    "test_replicas.py",
    "test_precision.py",
    "test_export.py",
    "test_training.py",
    "test_workbook.py",
    "test_recipes.py",
    "test_package.py",
    "test_pretrained.py",
    "test_colour.py",
    "test_one_vocabulary.py",
    "test_extractors.py",
    "test_rewards.py",
    "test_callbacks.py",
    "test_saving.py",
    "test_warm_kernels.py",
)

os.environ.setdefault("GENIMG_FAST", "1")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
if "PYTEST_XDIST_WORKER" in os.environ:
    # As many processes as there are cores: threads of one would wait for those of the other.
    for threads in ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(threads, "1")
os.environ["GENIMG_PROGRESS"] = tempfile.mkdtemp(
    prefix="genimg-progress-"
)  # never the file of whoever runs the tests
os.environ["MPLBACKEND"] = "agg"
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (OFFLINE, os.environ.get("PYTHONPATH"))))

if os.environ.pop(
    "PYTHONDONTWRITEBYTECODE", None
):  # where it is set, each of some sixty processes would compile TensorFlow
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / ".pytest_cache" / "bytecode"))

if sys.platform == "linux":  # elsewhere a fork is not safe, or there is none
    nbval.kernel.KernelManager = WarmKernelManager

if OFFLINE not in sys.path:
    sys.path.insert(0, OFFLINE)
    sys.modules.pop(
        "sitecustomize", None
    )  # a distribution's own, imported when this process started
    import sitecustomize  # noqa: F401


def pytest_addoption(parser):
    parser.addoption(
        "--seed",
        type=int,
        default=0,
        help="where every test's random numbers start, unless it sets a seed itself (default: 0)",
    )


def pytest_xdist_auto_num_workers(config):
    """A process for each core that this one may use, two at least, as long as there are 3 GB of
    memory for each.
    """
    import joblib  # knows what a container may use; comes with scikit-learn

    memory = psutil.virtual_memory().total // 3_000_000_000
    return max(2, min(joblib.cpu_count(only_physical_cores=True), memory))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Every test, with its fixtures, starts from the same random numbers: weights that a test did
    not seed would be others in every run, and now and then unlucky ones.
    """
    seed = item.config.getoption("seed")
    random.seed(seed)
    np.random.seed(seed)
    if "keras" in sys.modules:  # also draws from the two above; quick tests need not import it
        sys.modules["keras"].utils.set_random_seed(seed)


@pytest.fixture(autouse=True)
def no_style_left_behind():
    """A lesson sets how figures look in its process; a test that starts one, only for itself."""
    import matplotlib as mpl

    with mpl.rc_context():
        yield


def is_slow(path: Path) -> bool:
    return path.suffix == ".ipynb" or path.name in SLOW


def pytest_ignore_collect(collection_path, config):
    """Files that are slow as a whole need not even be read for the quick part."""
    quick = config.getoption("markexpr") == "not slow"
    return True if quick and is_slow(collection_path) else None


def position(item) -> tuple:
    """Long files first, so that all processes end at about the same time; within a file
    nothing moves.
    """
    if item.path.name in SLOW:
        return 0, SLOW.index(item.path.name)
    return (1, 0) if is_slow(item.path) else (2, 0)


def pytest_collection_modifyitems(items):
    """Marks and sorts; solutions are compared with their stored outputs."""
    items.sort(key=position)
    for item in items:
        if is_slow(item.path):
            item.add_marker(pytest.mark.slow)
        folder, cell = item.path.parent.name, getattr(item, "cell", None)
        if cell is not None and folder == "solutions":
            item.parent.skip_compare += ("stderr",)  # TensorFlow's start-up lines differ by machine
            item.options["check"] = not item.options.get(
                "skip"
            ) and "nbval-ignore-output" not in cell.metadata.get("tags", ())
