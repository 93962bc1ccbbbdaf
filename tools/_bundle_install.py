"""Installs the course from this folder, without a network: python install.py [FOLDER]

It needs the Python that python.txt names, and makes a virtual environment in FOLDER,
genimg_environment unless told.
"""

import os
import platform
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent


def machine() -> str:
    """The kind of this machine, as the requirement files are named."""
    system = {"Darwin": "macos"}.get(platform.system(), platform.system().lower())
    return f"{system}-{platform.machine() if system != 'windows' else 'amd64'}"


def main() -> int:
    needed = (HERE / "python.txt").read_text().strip()
    if needed != ".".join(platform.python_version_tuple()[:2]):
        print(f"This needs Python {needed}; here is", platform.python_version())
        return 1
    listed = HERE / f"requirements-{machine()}.txt"
    if not listed.exists():
        print("There are no packages for this kind of machine:", machine())
        return 1
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "genimg_environment")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--no-index"]
    pip += ["--disable-pip-version-check", "--no-deps", "--find-links", str(HERE / "wheels")]
    subprocess.run([*pip, "--require-hashes", "-r", str(listed)], check=True)
    subprocess.run([*pip, "genimg"], check=True)
    print("Installed. Next:", programs / "genimg", "doctor")
    return 0


if __name__ == "__main__":
    sys.exit(main())
