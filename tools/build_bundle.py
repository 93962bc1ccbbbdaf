"""Makes a folder that installs the course without a network: an offline stick for a class.

    uv run tools/build_bundle.py STICK                     # every machine below: about 2 GB
    uv run tools/build_bundle.py STICK --target linux-x86_64
    uv run tools/build_bundle.py STICK --only numpy        # for a test: these packages alone

The folder gets the course as a wheel, the wheels that uv.lock pins, their hashes for each kind of
machine, and install.py, which a learner runs with the Python it was made for: `python install.py`.
pip fetches the wheels and compares each with the hash in the lock.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from _shared import ROOT, command_line
from packaging.requirements import Requirement

PYTHON = "3.12"  # unless told
PATCH = 5  # wheels of the lock want at least 3.11.5
MACHINES = {  # the kinds for which TensorFlow has wheels: what markers ask, and tags of wheels
    "linux-x86_64": ("linux", "posix", "x86_64", "manylinux_{}_x86_64"),
    "linux-aarch64": ("linux", "posix", "aarch64", "manylinux_{}_aarch64"),
    "macos-arm64": ("darwin", "posix", "arm64", "macosx_{}_arm64"),
    "windows-amd64": ("win32", "nt", "AMD64", "win_amd64"),
}
GLIBC = ("2_28", "2_27", "2_17", "2_12", "2_5")
MACOS = ("14_0", "13_0", "12_0", "11_0")
SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}


def pins() -> list[tuple[Requirement, list[str]]]:
    """What a default install needs, from uv.lock: requirements with markers, and their hashes."""
    command = ["uv", "export", "--frozen", "--no-dev", "--no-emit-project", "--no-annotate"]
    command += ["--no-header", "--quiet", "--format", "requirements.txt"]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = []
    for entry in text.replace("\\\n", " ").splitlines():
        requirement, *hashes = entry.split(" --hash=")
        found.append((Requirement(requirement), [name.strip() for name in hashes]))
    return found


def applies(requirement: Requirement, machine: str, python: str) -> bool:
    """Whether a machine of this kind needs it, for a Python such as 3.12."""
    system, family, processor, _ = MACHINES[machine]
    environment = {
        "implementation_name": "cpython",
        "os_name": family,
        "platform_machine": processor,
        "platform_python_implementation": "CPython",
        "platform_system": SYSTEMS[system],
        "python_full_version": f"{python}.{PATCH}",
        "python_version": python,
        "sys_platform": system,
    }
    return requirement.marker is None or requirement.marker.evaluate(environment)


def requirements(machine: str, python: str, only: list[str]) -> str:
    """A requirements file with hashes, without markers."""
    lines = []
    for requirement, hashes in pins():
        if applies(requirement, machine, python) and (not only or requirement.name in only):
            pinned = f"{requirement.name}{requirement.specifier}"
            lines.append(" \\\n    ".join([pinned, *(f"--hash={name}" for name in hashes)]))
    return "\n".join([*lines, ""])


def platforms(machine: str) -> list[str]:
    """The tags of wheels that a machine takes, the newest first."""
    pattern = MACHINES[machine][3]
    if "{}" not in pattern:
        return [pattern]
    versions = GLIBC if machine.startswith("linux") else MACOS
    tags = [pattern.format(version) for version in versions]
    if machine.startswith("macos"):
        tags += [f"macosx_{version}_universal2" for version in (*MACOS, "10_13", "10_9")]
    else:
        tags.append(pattern.format("2_17").replace("manylinux_2_17", "manylinux2014"))
    return tags


def download(listed: Path, machine: str, python: str, wheels: Path) -> None:
    """Fetches the wheels that a requirements file lists, for one kind of machine."""
    options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--implementation", "cp"]
    options += ["--python-version", f"{python}.{PATCH}", "--abi", f"cp{python.replace('.', '')}"]
    options += ["--abi", "abi3", "--abi", "none", "--quiet", "--disable-pip-version-check"]
    for tag in platforms(machine):
        options += ["--platform", tag]
    pip = ["uv", "tool", "run", "--quiet", "pip", "download"]
    subprocess.run([*pip, *options, "-r", str(listed), "-d", str(wheels)], check=True)


def build(folder: Path, machines: list[str], python: str, only: list[str]) -> None:
    wheels = folder / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    course = ["uv", "build", "--wheel", "--quiet", "--out-dir", str(wheels)]
    subprocess.run(course, cwd=ROOT, check=True)
    for machine in machines:
        listed = folder / f"requirements-{machine}.txt"
        listed.write_text(requirements(machine, python, only), encoding="utf-8")
        download(listed, machine, python, wheels)
        print(f"{machine}: {listed.read_text().count('==')} packages", flush=True)
    (folder / "python.txt").write_text(f"{python}\n", encoding="utf-8")
    shutil.copyfile(Path(__file__).with_name("_bundle_install.py"), folder / "install.py")
    (wheels / ".gitignore").unlink(missing_ok=True)
    size = sum(path.stat().st_size for path in wheels.glob("*.whl"))
    print(f"{folder}: {len(list(wheels.glob('*.whl')))} wheels, {size / 1e9:.2f} GB")


def main() -> int:
    parser = command_line(__doc__)
    parser.add_argument("folder", type=Path, help="the stick, or a new folder")
    parser.add_argument("--target", action="append", choices=MACHINES, help="all unless told")
    parser.add_argument("--python", default=PYTHON, metavar="3.N", help="%(default)s unless told")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    arguments = parser.parse_args()
    build(arguments.folder, arguments.target or list(MACHINES), arguments.python, arguments.only)
    return 0


if __name__ == "__main__":
    sys.exit(main())
