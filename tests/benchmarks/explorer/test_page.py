"""The page of the explorer's benchmark holds what was measured."""

from tests.benchmarks.explorer.page import render_page

MEASURED = {
    "n_papers": 78,
    "write_s": 0.42,
    "page_mb": 0.18,
    "first_picture_s": 0.5,
    "lasso_ms": 32.8,
    "lasso_longest_ms": 62.9,
    "n_selected": 59,
    "search_first_s": 0.06,
    "search_again_s": 0.01,
    "light_ms": 43.2,
    "filter_ms": 35.5,
    "colour_ms": 35.1,
    "pan_fps": 59.6,
    "zoom_fps": 60.0,
    "memory_mb": 148.5,
    "n_requests": 0,
}


def test_each_number_stands_in_the_column_of_its_study():
    page = render_page(
        [MEASURED, MEASURED | {"n_papers": 100_000, "lasso_ms": 263}], machine="some", browser="chromium"
    )
    assert "| | 78 papers | 100,000 papers |" in page
    assert "| 33 ms | 263 ms |" in page
    assert page.count("\n|") == len(MEASURED) + 1
