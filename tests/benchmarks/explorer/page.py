"""The measurements of the explorer as a Markdown page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_ROWS = {
    "write_s": ("`themeline open`: writes the page, on one core", "{:.1f} s"),
    "page_mb": ("size of the page, abstracts and all", "{:.1f} MB"),
    "first_picture_s": ("first picture, from the opening of the file", "{:.2f} s"),
    "lasso_ms": ("lasso: selection drawn, table and trend filled (median of 5)", "{:.0f} ms"),
    "lasso_longest_ms": ("the same, the longest of 5", "{:.0f} ms"),
    "n_selected": ("papers inside that lasso", "{:,.0f}"),
    "search_first_s": ("first search by words, typed at once after the first picture", "{:.2f} s"),
    "search_again_s": ("the same search again", "{:.2f} s"),
    "light_ms": ("pointing at a theme in the list", "{:.0f} ms"),
    "filter_ms": ("leaving a theme out", "{:.0f} ms"),
    "colour_ms": ("colouring by date", "{:.0f} ms"),
    "pan_fps": ("pictures per second while the map is moved", "{:.0f}"),
    "zoom_fps": ("pictures per second while it is zoomed", "{:.0f}"),
    "memory_mb": ("memory of the page after all of this", "{:.0f} MB"),
    "n_requests": ("requests of the page, for anything", "{:.0f}"),
}


def render_page(measured: Sequence[dict[str, Any]], *, machine: str, browser: str) -> str:
    """A table with a column for each study, and what the numbers mean."""
    sizes = [f"{one['n_papers']:,.0f} papers" for one in measured]
    lines = [f"| | {' | '.join(sizes)} |", "|---|" + "---:|" * len(sizes)]
    for name, (title, form) in _ROWS.items():
        lines.append(f"| {title} | {' | '.join(form.format(one[name]) for one in measured)} |")
    return (
        "\n\n".join(
            [
                "# The explorer, timed",
                f"Command: `python -m tests.benchmarks.explorer STUDY...`. Machine: {machine}; {browser}, software "
                "rendering, a window of 1280 by 800. The page that works offline is opened from its file in a browser "
                "without a network. Milliseconds run from the gesture to the frame after the one that shows its "
                "answer. A study of 100,000 papers is spliced from sentences of neighbouring papers: it tells of time "
                "and memory, and nothing of themes.",
                "\n".join(lines),
                "What is asked of 100,000 papers: the first picture within 5 s, a lasso within 500 ms, a page under "
                "60 MB, and no request.",
            ]
        )
        + "\n"
    )
