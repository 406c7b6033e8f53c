"""Settings of the documentation site; `make docs` builds it from the bundled study."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Last: a copy of these sources is built with the code of the project.
sys.path.append(str(ROOT))

from docs.generating import name_toggles, set_policy, write_pages  # noqa: E402

project = "Themeline"
author = "The Themeline developers"
project_copyright = "The Themeline developers, MIT licence"
extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx_design"]
exclude_patterns = ["_build", "_templates"]
templates_path = ["_templates"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# Quotes and two hyphens are often code here.
smartquotes = False
autosummary_generate = True
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
# In docstrings: what has a page of its own becomes a link, the rest is code.
default_role = "py:obj"

html_theme = "pydata_sphinx_theme"
html_title = "Themeline"
html_static_path = ["_static"]
# A page without pages below it needs no list of them.
html_sidebars = {name: [] for name in ("index", "tutorial", "reading-trends", "methods", "gallery/index")}
html_css_files = ["themeline.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
# Excerpts in the search would be fetched page by page, which a page opened from a file may not do.
html_show_search_summary = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    "logo": {"text": "Themeline"},
    "navbar_end": ["theme-switcher"],
    "navigation_with_keys": False,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
    "header_links_before_dropdown": 7,
}


def _write(app, config):
    write_pages(Path(app.srcdir), Path(config.themeline_study) if config.themeline_study else ROOT)


def _keep_links_here(_app, _name, text):
    # Read beside the code, the page links to the file itself; on the site, to its page.
    text[0] = text[0].replace("](../figures/benchmarks/", "](measured/")


def _finish(app, exception):
    if exception is None:
        for page in sorted(Path(app.outdir).rglob("*.html")):
            html = name_toggles(page.read_text(encoding="utf-8"))
            page.write_text(set_policy(html), encoding="utf-8", newline="\n")


def setup(app):
    """Let the pages that come from code and tables be written before the others are read."""
    app.add_config_value("themeline_study", "", "env")
    app.connect("config-inited", _write)
    app.connect("source-read", _keep_links_here)
    app.connect("build-finished", _finish)
