"""The files with which other places open the course, as far as they can be checked without them."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from authors_tools import tool
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SMALL = ("filelock", "platformdirs", "msgspec")  # few and small, one with compiled code


@pytest.fixture(scope="module")
def bundle():
    return tool("build_bundle")


def allowed(version: str) -> bool:
    return version in SpecifierSet(PROJECT["project"]["requires-python"])


def test_the_dockerfile_copies_what_is_there_and_all_that_a_lesson_needs():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = [name for line in re.findall(r"^COPY (.+) \S+$", text, re.M) for name in line.split()]
    assert all((ROOT / name).exists() for name in copied)
    packed = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {*packed, "genimg_lib", "uv.lock"} <= set(copied)
    assert allowed(re.search(r"^FROM python:([\d.]+)", text, re.M)[1])
    assert text.index("USER learner") > text.rindex("RUN ")  # the course is not the learner's
    assert "GENIMG_HOME=/home/learner/" in text


def test_binder_installs_the_course():
    (line,) = re.findall(r"^[^#\n].*$", (ROOT / "binder" / "requirements.txt").read_text(), re.M)
    assert line == "."
    assert allowed((ROOT / "binder" / "runtime.txt").read_text().strip().removeprefix("python-"))


def test_the_devcontainer_is_well_formed():
    """Names and types are those of the development container specification."""
    settings = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    kinds = {
        "name": str,
        "image": str,
        "hostRequirements": dict,
        "postCreateCommand": str,
        "forwardPorts": list,
        "customizations": dict,
    }
    assert {name: type(value) for name, value in settings.items()} == kinds
    assert allowed(settings["image"].rpartition(":")[2])
    needs = settings["hostRequirements"]
    assert isinstance(needs["cpus"], int) and re.fullmatch(r"\d+gb", needs["memory"])


def test_the_address_is_set_in_one_place():
    address = PROJECT["tool"]["genimg"]["repository"]
    page = (ROOT / "docs" / "elsewhere.md").read_text(encoding="utf-8")
    name = address.removeprefix("https://github.com/")
    links = re.findall(r"\((https://(?:colab|mybinder|codespaces)[^)]+)\)", page)
    assert len(links) == 3 and all(f"/{name}" in link for link in links)
    for link in links[:2]:
        assert (ROOT / re.search(r"notebooks/\w+\.ipynb", link)[0]).is_file()
    assert f"{address} genimg" in page  # the first cell of Colab
    (link,) = re.findall(r"^https://HUB/hub/user-redirect/git-pull\?(.+)$", page, re.M)
    asked = dict(parse_qsl(link, strict_parsing=True))
    assert asked["repo"] == address and asked["branch"] == PROJECT["tool"]["genimg"]["branch"]
    folder, _, path = asked["urlpath"].removeprefix("lab/tree/").partition("/")
    assert folder == address.rpartition("/")[2] and (ROOT / path).is_file()


# --- the offline bundle ---------------------------------------------------------------------------


def test_a_requirement_applies_where_its_marker_says(bundle):
    for marker, machines in {
        "sys_platform == 'win32'": {"windows-amd64"},
        "sys_platform != 'win32'": set(bundle.MACHINES) - {"windows-amd64"},
        "platform_machine == 'aarch64'": {"linux-aarch64"},
        "python_full_version >= '3.12'": set(bundle.MACHINES),
        "python_full_version < '3.12'": set(),
    }.items():
        asked = Requirement(f"x==1 ; {marker}")
        assert {name for name in bundle.MACHINES if bundle.applies(asked, name, "3.12")} == machines


def test_the_lock_has_tensorflow_for_each_machine(bundle):
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    (tensorflow,) = [found for found in lock["package"] if found["name"] == "tensorflow"]
    wheels = [wheel["url"] for wheel in tensorflow["wheels"]]
    for machine in bundle.MACHINES:
        tags = bundle.platforms(machine)
        assert any(f"cp312-{tag}.whl" in url for url in wheels for tag in tags), machine


@pytest.mark.slow
def test_a_bundle_installs_without_a_network(bundle, tmp_path):
    """A few packages and the course; tests/offline blocks every connection of the installation."""
    python = ".".join(map(str, sys.version_info[:2]))
    machine = next(
        (
            name
            for name, (system, _, processor, _) in bundle.MACHINES.items()
            if system == sys.platform and processor == os.uname().machine
        ),
        None,
    )
    if not machine or not shutil.which("uv"):
        pytest.skip("no bundle for this kind of machine, or no uv")
    stick = tmp_path / "stick"
    try:
        bundle.build(stick, [machine], python, list(SMALL))
    except subprocess.CalledProcessError:
        pytest.skip("the registry of packages cannot be reached")
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / "tests" / "offline"),
        "PIP_CONFIG_FILE": os.devnull,
    }
    done = subprocess.run(
        [sys.executable, str(stick / "install.py"), str(tmp_path / "new")],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    listing = [str(tmp_path / "new" / "bin" / "python"), "-m", "pip", "list", "--format=freeze"]
    said = subprocess.run(listing, env=environment, capture_output=True, text=True).stdout
    installed = {line.split("==")[0] for line in said.splitlines()}
    assert {*SMALL, "genimg"} <= installed


def test_a_bundle_refuses_another_python(tmp_path):
    shutil.copyfile(ROOT / "tools" / "_bundle_install.py", tmp_path / "install.py")
    (tmp_path / "python.txt").write_text("2.7\n")
    done = subprocess.run(
        [sys.executable, "install.py"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 1 and "This needs Python 2.7; here is 3." in done.stdout
