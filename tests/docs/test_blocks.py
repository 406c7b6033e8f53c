"""What the pages tell a reader to type works."""

import ast
import doctest
import shlex
import tomllib

import pytest

from analysis.cli import _build_parser
from analysis.config import parse_config
from tests.docs.site import DOCS, list_blocks

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def join_lines(block):
    """Commands of a block, those over several lines as one."""
    return block.replace("\\\n", " ").splitlines()


def test_the_tutorial_runs(bundled_study, monkeypatch):
    monkeypatch.chdir(bundled_study.root)
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    # Blank lines between them end what is expected.
    blocks = "\n\n".join(block for page, block in list_blocks("pycon") if page == "tutorial.md")
    assert text.count(">>>") == blocks.count(">>>") > 8
    test = doctest.DocTestParser().get_doctest(blocks, {}, "tutorial", "tutorial.md", 0)
    said = []
    doctest.DocTestRunner(optionflags=OPTIONS).run(test, out=said.append)
    assert said == []


@pytest.mark.parametrize(("page", "block"), [*list_blocks("sh"), *list_blocks("")])
def test_a_command_is_one_that_the_command_line_knows(page, block):
    for line in join_lines(block):
        words = shlex.split(line, comments=True)
        if words and words[0].endswith("themeline"):
            assert callable(_build_parser().parse_args(words[1:]).command), line


def test_the_pages_show_commands():
    shown = "".join(block for _, block in list_blocks("sh"))
    assert shown.count("themeline ") > 15


@pytest.mark.parametrize(("page", "block"), [*list_blocks("python")])
def test_python_is_python(page, block):
    ast.parse(block)


@pytest.mark.parametrize(("page", "block"), [*list_blocks("toml")])
def test_settings_are_settings(page, block):
    if "theme = " not in block:
        parse_config(tomllib.loads(block), where=page)
