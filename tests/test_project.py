"""The house itself: one list of dependencies, clean code, imports in one direction, notebooks
that were really run.
"""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

import genimg_lib

ROOT = Path(__file__).parents[1]
LIBRARY = sorted((ROOT / "genimg_lib").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


# --- dependencies and style -----------------------------------------------------------------------


def test_environment_yml_lists_the_projects_dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = (ROOT / "environment.yml").read_text()
    _, pip_list = text.split("- pip:\n")
    assert [
        line.strip().removeprefix("- ") for line in pip_list.splitlines() if line.strip()
    ] == project["dependencies"]
    assert re.search(r"^  - python=3\.12$", text, re.MULTILINE)
    assert re.search(r"^  - pip$", text, re.MULTILINE)


def test_the_lock_is_up_to_date():
    try:
        check = run("uv", "lock", "--check", "--offline")
    except FileNotFoundError:
        pytest.skip("uv is not installed")
    if check.returncode and re.search("network|offline|cache", check.stderr):
        pytest.skip(f"uv cannot tell without a network: {check.stderr.strip().splitlines()[-1]}")
    assert check.returncode == 0, check.stderr


@pytest.mark.parametrize("arguments", [("check",), ("format", "--check")], ids=["lint", "format"])
def test_ruff(arguments):
    result = run(sys.executable, "-m", "ruff", *arguments, ".")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_ci_command_is_the_readmes():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "run pytest" in script.read_text()
    assert "uv run pytest" in (ROOT / "README.md").read_text()
    assert run("bash", "-n", str(script)).returncode == 0


# --- the library ----------------------------------------------------------------------------------


def imports(path) -> set[str]:
    """Dotted names of everything that a file imports, `from genimg_lib import x` as
    genimg_lib.x.
    """
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = "genimg_lib" if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return found


MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in LIBRARY
}


def layer(module: str) -> str:
    return module.split(".")[1]


def test_every_module_lies_in_a_layer():
    assert {layer(module) for module in MODULES if module != "genimg_lib"} == set(genimg_lib.LAYERS)


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {"genimg_lib"}))
def test_a_module_imports_only_from_its_own_layer_and_those_below(module):
    allowed = genimg_lib.LAYERS[: genimg_lib.LAYERS.index(layer(module)) + 1]
    found = {name for name in imports(MODULES[module]) if name.startswith("genimg_lib.")}
    assert not {name for name in found if layer(name) not in allowed}


def test_modules_import_in_one_direction():
    """No module imports, directly or through others, one that imports it."""
    graph = {name: imports(path) - {name} for name, path in MODULES.items()}
    remaining = dict(graph)
    while free := [name for name, needs in remaining.items() if not needs & remaining.keys()]:
        remaining = {name: needs for name, needs in remaining.items() if name not in free}
    assert not remaining


def test_notebooks_import_the_short_public_surface():
    """`from genimg_lib import plots`, `from genimg_lib.models import GAN`: never a module inside of
    a folder, and only names that the folder offers.
    """
    for path in [*NOTEBOOKS, *EXERCISES]:
        for node in ast.walk(
            ast.parse(re.sub(r"^\s*[%!].*$", "", code_of(path), flags=re.MULTILINE))
        ):
            if isinstance(node, ast.Import):
                assert not [
                    alias.name for alias in node.names if alias.name.startswith("genimg_lib")
                ], path
            elif isinstance(node, ast.ImportFrom) and re.match(
                "genimg_lib(?!.checks)", node.module
            ):
                assert node.module.count(".") <= 1, f"{path.name}: {ast.unparse(node)}"
                offered = importlib.import_module(node.module).__all__
                assert {alias.name for alias in node.names} <= set(offered), (
                    f"{path.name}: {ast.unparse(node)}"
                )


def test_data_and_the_enumerable_world_do_not_need_tensorflow():
    code = (
        "import sys; from genimg_lib import exact, degradations, lesson; print('tensorflow' in "
        "sys.modules)"
    )
    assert run(sys.executable, "-c", code).stdout.strip() == "False"


def code_of(path) -> str:
    if path.suffix == ".py":
        return path.read_text()
    return "\n".join(
        cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"
    )


EXERCISES = sorted([*(ROOT / "solutions").glob("*.ipynb"), *(ROOT / "exercises").glob("*.ipynb")])
CODE = [*LIBRARY, *sorted((ROOT / "tools").glob("*.py")), *NOTEBOOKS, *EXERCISES]


@pytest.mark.parametrize("path", CODE, ids=[path.relative_to(ROOT).as_posix() for path in CODE])
def test_nothing_unsafe_is_loaded_or_saved(path):
    code = code_of(path)
    for pattern in (
        r"\bpickle\b(?!=False)",
        r"allow_pickle\s*=\s*True",
        r"\bLambda\(",
        r"safe_mode\s*=\s*False",
        r"unsafe_deserial",
    ):
        found = [line for line in code.splitlines() if re.search(pattern, line)]
        assert not [line for line in found if "allow_pickle=False" not in line], pattern


# --- the notebooks --------------------------------------------------------------------------------


def code_cells(path):
    return [
        cell
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code" and cell.source.strip()
    ]


@each_notebook
def test_the_notebook_was_executed_from_top_to_bottom(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@each_notebook
def test_the_notebook_is_quiet(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            assert output.get("name") != "stderr", output.text
            if output.output_type == "error":
                assert "raises-exception" in cell.metadata.get("tags", ()), output.evalue


@each_notebook
def test_the_notebook_is_small(path):
    assert path.stat().st_size < 1.5e6
    assert max(len(cell.source.splitlines()) for cell in code_cells(path)) <= 50


@each_notebook
def test_the_notebook_declares_its_cost(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    declared = notebook.metadata["genimg"]
    assert 0 < declared["minutes"] <= 5
    assert 0 < declared["memory_gb"] <= 3
    assert notebook.metadata["kernelspec"]["name"] == "python3"
    assert "jupytext" not in notebook.metadata


@each_notebook
def test_the_notebook_starts_as_every_lesson(path):
    start = rf"from genimg_lib import lesson\n\nlesson\.start\(({int(path.name[:2])})?\)"
    assert re.fullmatch(start, code_cells(path)[0].source)
    first = nbformat.read(path, as_version=4).cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith(f"# {path.name[:2]} ")


MACHINE_PATHS = re.compile(r"(?<![\w.:/])/(?:work|tmp|root|home|Users|opt|farm)/\w|[A-Z]:\\\\")


@pytest.mark.parametrize("path", [*CODE, *sorted(ROOT.glob("*.md"))], ids=lambda path: path.name)
def test_no_path_of_one_machine(path):
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        texts = [cell.source for cell in cells]
        for output in (output for cell in cells for output in cell.get("outputs", ())):
            texts.append(output.get("text") or "\n".join(output.get("traceback", ())))
            texts += [
                value for kind, value in output.get("data", {}).items() if kind.startswith("text/")
            ]
        text = "\n".join(texts)
    else:
        text = path.read_text()
    text = re.sub(r"\x1b\[[\d;]*m", "", text)  # a traceback's colours stand before its paths
    assert not MACHINE_PATHS.findall(text)
