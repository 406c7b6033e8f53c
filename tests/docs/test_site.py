"""The site builds, says all there is to say, and every link leads somewhere."""

import argparse
import re

import pytest
from selectolax.lexbor import LexborHTMLParser

import analysis as tl
from analysis.cli import _build_parser
from analysis.config import Config
from analysis.reports.figures import alt_of
from analysis.results import TABLES
from docs.generating.configuration import list_settings, read_meanings
from docs.generating.example import draw_examples
from docs.generating.library import list_plots
from tests.conftest import REPOSITORY
from tests.docs.site import DOCS, build, list_pages

# The site is built for them: half a minute.
pytestmark = pytest.mark.slow
ELSEWHERE = re.compile(r"^(?:[a-z]+:)?//", re.IGNORECASE)


def pages_of(site):
    # The theme brings a fragment among its own files that is no page.
    return sorted(page for page in site.folder.rglob("*.html") if "_static" not in page.parts)


def parse(page):
    return LexborHTMLParser(page.read_text(encoding="utf-8"))


def test_the_site_builds_without_a_warning(site):
    assert site.said == ""
    assert site.code == 0
    assert (site.folder / "index.html").is_file()


def test_the_same_sources_give_the_same_pages(site, bundled_study, tmp_path):
    again = build(bundled_study.root, tmp_path)
    pages = [page.relative_to(site.folder) for page in pages_of(site)]
    assert [name for name in pages if (again.folder / name).read_bytes() != (site.folder / name).read_bytes()] == []


def test_every_figure_is_in_the_gallery(site, bundled_study):
    gallery = parse(site.folder / "gallery/index.html")
    heads = [head.text().rstrip("#") for head in gallery.css("article h2")]
    assert heads == [*tl.plots.FIGURES, "Where something moves", "theme-flow", "The explorer"]
    shown = {image.attributes["src"].rsplit("/", 1)[1]: image.attributes["alt"] for image in gallery.css("article img")}
    drawn = {path.stem for path in (bundled_study.root / "figures").glob("*.png")}
    # Made-up papers stand in for what the bundled study lacks.
    made_up = {
        "burst-timeline",
        "phrase-drift",
        "theme-rates",
        "theme-shares",
        "theme-lines",
        "trend-table",
        "theme-flow",
    }
    pictures = {path.stem for path in (REPOSITORY / "figures/gallery").glob("*.png")}
    own = drawn - {"burst-timeline", "phrase-drift"}
    assert set(shown) == {f"{name}.png" for name in own | {f"example-{name}" for name in made_up} | pictures}
    assert all(len(alt) > 20 for alt in shown.values())


def test_what_was_planted_in_the_made_up_papers_is_called(bundled_study):
    alt = {name: alt_of(figure) for name, figure in draw_examples(bundled_study.themes).items()}
    called = "rising: A planted rise; falling: A planted fall; changing: A planted burst; unclear: "
    assert called in alt["trend-table"]
    assert "A planted burst" in alt["burst-timeline"]
    assert "Level with new words, rising: videos, world model; falling: frames" in alt["phrase-drift"]


def list_parsers(parser):
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                yield one
                yield from list_parsers(one)


def test_every_command_and_every_option_is_in_the_reference(site):
    reference = site.read("reference/commands.html")
    for parser in list_parsers(_build_parser()):
        assert parser.prog in reference
        for action in parser._actions:
            assert all(name in reference for name in action.option_strings if name not in ("-h", "--help"))
            assert action.help or isinstance(action, argparse._SubParsersAction), (parser.prog, action.dest)


def test_every_setting_is_in_the_reference_and_has_a_meaning(site):
    dumped = Config().model_dump()
    named = Config.model_fields["themes"].annotation.model_fields["named"].annotation.__args__[0]
    settings = {"study": {name for name, value in dumped.items() if not isinstance(value, dict)}}
    settings |= {section: set(values) for section, values in dumped.items() if isinstance(values, dict)}
    settings["themes"] -= {"named"}
    settings["themes.named"] = set(named.model_fields)
    meanings = read_meanings(DOCS / "meanings.toml")
    assert {section: set(words) for section, words in meanings.items()} == settings
    assert len(list(list_settings(Config))) == sum(map(len, settings.values()))
    reference = site.read("reference/configuration.html")
    assert all(name in reference for names in settings.values() for name in names)


def test_every_column_of_every_table_is_in_the_reference(site):
    reference = site.read("reference/tables.html")
    for name, columns in TABLES.items():
        assert name in reference
        assert all(column.name in reference for column in columns)


def test_everything_public_has_a_page(site):
    names = [f"analysis.{name}" for name in tl.__all__ if name not in ("plots", "reports", "trends")]
    names += [f"analysis.plots.{name}" for name in list_plots()]
    assert [name for name in names if not (site.folder / f"reference/api/{name}.html").is_file()] == []
    # A figure of the registry is drawn by one of them.
    assert len(list_plots()) >= len(tl.plots.FIGURES) - 1


def test_the_methods_paragraph_has_the_numbers_of_the_study(site, bundled_study):
    citing = " ".join(site.read("reference/citing.html").split())
    for sentence in (*bundled_study.run["rungs"], bundled_study.run["global_change"], bundled_study.run["visible"]):
        assert sentence in citing
    assert f"{len(bundled_study.papers)} papers" in citing


def test_nothing_is_loaded_from_elsewhere(site):
    for page in pages_of(site):
        tree = parse(page)
        loaded = [node.attributes.get("src") for node in tree.css("[src]")]
        loaded += [node.attributes.get("href") for node in tree.css("link[href]")]
        assert [one for one in loaded if one and ELSEWHERE.match(one)] == [], page.name
    for sheet in site.folder.rglob("*.css"):
        addresses = re.findall(r"""(?:url\(|@import)\s*["']?([^"')\s]+)""", sheet.read_text(encoding="utf-8"))
        assert [one for one in addresses if ELSEWHERE.match(one)] == [], sheet.name


def test_every_page_has_a_policy_before_anything_that_runs(site):
    for page in pages_of(site):
        html = page.read_text(encoding="utf-8")
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', html)
        assert policy, page.name
        assert policy[1].startswith("default-src 'none'; script-src 'self' file:")
        assert "unsafe-eval" not in policy[1]
        assert policy.start() < html.index("<script")
        # Handlers in attributes would not run, so none may be counted on.
        assert not [node.tag for node in parse(page).css("[onclick], [onload], [onerror]")]


def test_every_link_inside_leads_somewhere(site):
    ids = {page: {node.attributes["id"] for node in parse(page).css("[id]")} for page in pages_of(site)}
    for page in ids:
        for node in parse(page).css("a[href]"):
            path, _, anchor = node.attributes["href"].partition("#")
            if ELSEWHERE.match(path) or path.startswith("mailto:"):
                assert path.startswith("https://"), (page.name, path)
                continue
            target = (page.parent / path).resolve() if path else page
            assert target.is_file(), (page.name, path)
            if anchor and target.suffix == ".html":
                assert anchor in ids[target], (page.name, path, anchor)


def test_every_page_of_the_sources_is_in_the_site(site):
    written = [page.relative_to(DOCS) for page in list_pages()]
    assert len(written) > 15
    assert [page for page in written if not (site.folder / page).with_suffix(".html").is_file()] == []
