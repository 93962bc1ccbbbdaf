"""Where the course is published: `[tool.genimg]` of pyproject.toml, and the links that follow."""

import tomllib
from typing import NamedTuple

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

    def codespaces(self) -> str:
        return f"https://codespaces.new/{self.name}"


def course_address() -> Address:
    """The address that pyproject.toml names."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    settings = tomllib.loads(text)["tool"]["genimg"]
    name = settings["repository"].removeprefix("https://github.com/")
    return Address(name, settings["branch"])
