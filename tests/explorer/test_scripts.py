"""The modules keep the rules that let them stand in one scope, and in a page that trusts no text."""

import re
from collections import Counter
from importlib.resources import files

from analysis.reports.explorer.scripts import _MODULES, join_modules, join_page, join_styles, join_widget

STATIC = files("analysis.reports.explorer") / "static"
MODULES = {path.name.removesuffix(".js"): path.read_text("utf-8") for path in STATIC.iterdir() if path.suffix == ".js"}


def test_every_module_is_joined_once():
    assert sorted(_MODULES) == sorted(MODULES)


def test_no_name_stands_twice_at_the_top_of_a_module():
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", join_modules(), re.MULTILINE)
    assert [name for name, n in Counter(names).items() if n > 1] == []


def test_no_import_or_export_is_left():
    assert not re.search(r"^(import|export) ", join_page(), re.MULTILINE)
    left = re.findall(r"^(?:import|export) .*", join_widget(), re.MULTILINE)
    assert left == ["export default { render: renderWidget };"]


def test_no_module_parses_text_runs_it_or_asks_the_network():
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\bfetch\(|XMLHttpRequest"
        r"|WebSocket|https?://(?!www\.w3\.org/2000/svg)|setAttribute\(\"style\"|style:"
    )
    for name, text in MODULES.items():
        assert not re.search(forbidden, text), name
    assert "</script" not in join_page().lower()
    assert "url(" not in join_styles()


def test_every_style_stands_under_the_explorer():
    rules = re.sub(r"/\*.*?\*/|@(?:container|media)[^{]*\{|:where\([^)]*\)", "", join_styles(), flags=re.DOTALL)
    for selector in re.findall(r"(?:^|\})\s*([^{}]+)\{", rules):
        for part in selector.split(","):
            assert part.strip().startswith(".tlx"), part


def test_modules_and_their_functions_stay_small():
    for name, text in MODULES.items():
        assert len(text.splitlines()) <= 300, name
