"""The explorer as one HTML file that works offline."""

from __future__ import annotations

import base64

from markupsafe import Markup

from analysis.config import Config
from analysis.reports.content import caution_of, title_of
from analysis.reports.explorer.blocks import Blocks
from analysis.reports.explorer.scripts import join_page, join_styles
from analysis.reports.figures import script_hash
from analysis.reports.templating import html_environment
from analysis.results import Tables

# What the first picture needs stands before the script, the rest after it.
_FIRST = ("core", "themes")


def render_explorer(blocks: Blocks, *, tables: Tables, config: Config) -> str:
    """One page with the data, the script and the styles inside.

    Its content security policy lets its own script run, known by its hash, and
    nothing else: no address is opened, no text becomes code.

    Parameters
    ----------
    blocks : Blocks
        From `pack_blocks`.
    tables : Tables
    config : Config
        For the title, and for what is read where no script runs.
    """
    script, styles = join_page(), join_styles()
    coded = {name: base64.b64encode(block).decode("ascii") for name, block in blocks.by_name().items()}
    return (
        html_environment()
        .get_template("explorer.html.j2")
        .render(
            policy=(
                f"default-src 'none'; script-src {script_hash(script)}; style-src {script_hash(styles)}; "
                "img-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'"
            ),
            title=title_of(tables, config),
            caution=caution_of(tables, config),
            first={name: Markup(text) for name, text in coded.items() if name in _FIRST},
            rest={name: Markup(text) for name, text in coded.items() if name not in _FIRST},
            script=Markup(script),
            styles=Markup(styles),
        )
    )
