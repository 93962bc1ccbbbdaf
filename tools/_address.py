"""Where the course is published: `[tool.genimg]` of pyproject.toml, and the links that follow."""

import tomllib
from typing import NamedTuple
from urllib.parse import urlencode

from _shared import ROOT

NOBODY = "OWNER"  # stands in pyproject.toml until somebody publishes the course


class Address(NamedTuple):
    """A repository on GitHub, as owner/name, and its branch."""

    name: str
    branch: str

    @property
    def repository(self) -> str:
        return f"https://github.com/{self.name}"

    @property
    def published(self) -> bool:
        return NOBODY not in self.name.split("/")

    def colab(self, path: str) -> str:
        """Opens the notebook at `path` in Colab."""
        return f"https://colab.research.google.com/github/{self.name}/blob/{self.branch}/{path}"

    def binder(self, path: str) -> str:
        """Opens the notebook at `path` in JupyterLab on Binder."""
        return f"https://mybinder.org/v2/gh/{self.name}/{self.branch}?urlpath=lab/tree/{path}"

    def nbgitpuller(self, hub: str, path: str) -> str:
        """Copies the course to the server of who opens it on `hub`, and opens `path` there."""
        _, _, folder = self.name.partition("/")
        asked = {
            "repo": self.repository,
            "branch": self.branch,
            "urlpath": f"lab/tree/{folder}/{path}",
        }
        return f"{hub}/hub/user-redirect/git-pull?{urlencode(asked)}"

    def codespaces(self) -> str:
        return f"https://codespaces.new/{self.name}"


def course_address() -> Address:
    """The address that pyproject.toml names."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    settings = tomllib.loads(text)["tool"]["genimg"]
    name = settings["repository"].removeprefix("https://github.com/")
    return Address(name, settings["branch"])
