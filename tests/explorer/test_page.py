"""The offline page in a browser: what each gesture does."""

import csv
import io

import numpy as np

from analysis.trends import share_by_period
from tests.explorer.gestures import plant, surround, unit_vectors
from tests.made_study import copy_tables, make_tables, with_hostile_text, without_dates


def test_the_page_opens_without_a_fault_and_tells_what_it_shows(open_page):
    opened = open_page()
    assert opened.status == "Showing all 60 papers"
    sizes = opened.tables.themes.set_index("theme")["size"].to_dict()
    assert opened.count_themes() == sizes


def test_a_lasso_selects_what_lies_inside_and_nothing_else(open_page):
    opened = open_page(plant(make_tables()))
    opened.page.click("[data-tool=lasso]")
    opened.drag(surround(opened.find_points()[:10]))
    opened.await_status("10 papers selected, of all 60 papers")
    shown = opened.page.locator(".tlx-rows .tlx-row .tlx-title span").all_inner_texts()
    assert set(shown) <= set(opened.tables.papers["title"][:10])
    opened.page.keyboard.press("Escape")
    opened.await_status("Showing all 60 papers")


def test_a_lasso_leaves_out_what_the_filters_hide(open_page):
    opened = open_page(plant(make_tables()))
    theme = opened.tables.papers["theme"][1]
    opened.page.locator(f".tlx-themes li[data-theme={theme}] input").uncheck()
    opened.page.click("[data-tool=box]")
    first, _, third, *_ = surround(opened.find_points()[:10])
    opened.drag([first, third])
    n_left = int((opened.tables.papers["theme"][:10] != theme).sum())
    opened.await_status(f"{n_left} papers selected")


def test_a_click_opens_a_paper_and_shift_click_adds_one(open_page):
    opened = open_page(plant(make_tables()))
    points = opened.find_points()
    opened.page.mouse.click(*points[2])
    opened.await_status("1 paper selected")
    opened.page.wait_for_selector(".tlx-abstract")
    assert opened.page.locator(".tlx-papertitle").inner_text() == opened.tables.papers["title"][2]
    assert opened.page.locator(".tlx-abstract").inner_text() == opened.tables.papers["abstract"][2].strip()
    opened.page.keyboard.down("Shift")
    opened.page.mouse.click(*points[30])
    opened.page.keyboard.up("Shift")
    opened.await_status("2 papers selected")


def test_a_paper_is_linked_from_the_table_and_from_its_abstract(open_page):
    tables = copy_tables(make_tables())
    tables.papers["url"] = [f"https://example.org/{i}" for i in range(59)] + ["javascript:alert(1)"]
    opened = open_page(tables)
    rows = opened.page.locator(".tlx-rows .tlx-row")
    opened.page.wait_for_selector(".tlx-rows a")
    assert rows.nth(3).locator("a").get_attribute("href") == "https://example.org/3"
    rows.nth(3).locator(".tlx-title span").click()
    link = opened.page.locator(".tlx-details a")
    link.wait_for()
    assert link.inner_text() == "Open at example.org ↗"
    assert link.get_attribute("href") == "https://example.org/3"
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert opened.page.locator("a[href^=javascript]").count() == 0


def test_hovering_names_title_date_and_theme(open_page):
    opened = open_page(plant(make_tables()))
    opened.page.mouse.move(*opened.find_points()[7])
    told = opened.page.locator(".tlx-tip").inner_text()
    paper = opened.tables.papers.iloc[7]
    label = opened.tables.themes.set_index("theme")["label"][paper["theme"]]
    assert paper["title"] in told
    assert f"{paper['published']:%Y-%m-%d}" in told
    assert label in told


def test_search_finds_papers_with_all_words_or_words_that_begin_so(open_page):
    opened = open_page()
    held = {
        "robot manip": lambda paper: "robot manipulation" in paper["title"],
        "REWARD model part": lambda paper: "reward model" in paper["title"],
        "study intent": lambda paper: "user intent" in paper["abstract"],
        "nowhere": lambda _: False,
    }
    for words, wanted in held.items():
        n_found = int(opened.tables.papers.apply(wanted, axis=1).sum())
        opened.page.fill("input[type=search]", words)
        opened.await_status(f"“{words}”: {n_found} paper")
    opened.page.fill("input[type=search]", "")
    opened.await_status("Showing all 60 papers")


def test_the_trend_shows_the_shares_that_the_tables_hold(open_page):
    opened = open_page()
    papers = opened.tables.papers
    shares = share_by_period(papers, period="year").dropna(subset="period")
    opened.page.click(".tlx-numbers summary")
    opened.page.wait_for_selector(".tlx-numbers tbody tr")
    rows = opened.page.locator(".tlx-numbers tbody tr")
    heads = opened.page.locator(".tlx-numbers thead th").all_inner_texts()[2:]
    ids = dict(zip(opened.tables.themes["label"], opened.tables.themes["theme"], strict=True))
    for row in rows.all():
        year = row.locator("th").inner_text()[:4]
        cells = row.locator("td").all_inner_texts()[1:]
        counts = [int(cell.split("(")[1].rstrip(")")) for cell in cells]
        own = shares[shares["period"].dt.year == int(year)].set_index("theme")["count"]
        assert counts == [own.get(ids[head], 0) for head in heads]


def test_the_date_brush_follows_pointer_and_keys(open_page):
    opened = open_page()
    page, papers = opened.page, opened.tables.papers
    box = page.locator(".tlx-timeframe").bounding_box()
    n_years = int(papers["published"].dt.year.max() - papers["published"].dt.year.min() + 1)
    step = (box["width"] - 20) / n_years
    middle = [(box["x"] + 10 + (k + 0.5) * step, box["y"] + 30) for k in range(n_years)]
    opened.drag([middle[1], middle[3]])
    first = int(papers["published"].dt.year.min())
    inside = papers["published"].dt.year.between(first + 1, first + 3)
    opened.await_status(f"Showing {int(inside.sum())} of 60 papers")
    last = page.locator(".tlx-handle").nth(1)
    last.focus()
    page.keyboard.press("ArrowLeft")
    inside = papers["published"].dt.year.between(first + 1, first + 2)
    opened.await_status(f"Showing {int(inside.sum())} of 60 papers")
    assert last.get_attribute("aria-valuetext") == str(first + 2)
    assert sum(opened.count_themes().values()) == int(inside.sum())


def test_only_one_theme_and_none(open_page):
    opened = open_page()
    sizes = opened.tables.themes.set_index("theme")["size"]
    opened.page.locator(".tlx-themes li[data-theme=robotics]").hover()
    opened.page.locator(".tlx-themes li[data-theme=robotics] .tlx-only").click()
    opened.await_status(f"Showing {sizes['robotics']} of 60 papers")
    opened.page.get_by_role("button", name="None", exact=True).click()
    opened.await_status("Showing 0 of 60 papers")
    assert opened.page.locator(".tlx-none").inner_text() == "No paper passes the filters."


def test_keys_alone_reach_select_and_clear_a_paper(open_page):
    opened = open_page(plant(make_tables()))
    page = opened.page
    page.locator(".tlx-canvas").focus()
    page.keyboard.press("ArrowRight")
    first = page.locator(".tlx-papertitle").inner_text()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    opened.wait_until(lambda: page.locator(".tlx-papertitle").inner_text() != first)
    page.keyboard.press(" ")
    opened.await_status("1 paper selected")
    page.keyboard.press("Escape")
    opened.await_status("Showing all")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.locator(".tlx-rows [tabindex='0']").focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    last = opened.tables.papers["title"].iloc[-1]
    opened.wait_until(lambda: page.locator(".tlx-papertitle").inner_text() == last)


def test_more_like_this_lists_the_nearest_papers_in_their_order(open_page):
    tables = plant(make_tables())
    vectors = unit_vectors(60)
    opened = open_page(tables, vectors=vectors)
    opened.page.mouse.click(*opened.find_points()[4])
    opened.page.get_by_role("button", name="More like this").click()
    opened.await_status("Most like")
    near = vectors @ vectors[4]
    near[4] = -2
    titles = tables.papers["title"].iloc[np.argsort(-near)[:5]].tolist()
    assert opened.page.locator(".tlx-rows .tlx-title span").all_inner_texts()[:5] == titles


def test_the_table_that_is_downloaded_holds_the_selection_and_no_formula(open_page):
    tables = plant(with_hostile_text(make_tables()))
    opened = open_page(tables)
    opened.page.click("[data-tool=lasso]")
    opened.drag(surround(opened.find_points()[:10]))
    opened.await_status("10 papers selected")
    with opened.page.expect_download() as waiting:
        opened.page.get_by_role("button", name="CSV").click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["paper_id"] for row in rows] == tables.papers["paper_id"][:10].tolist()
    assert rows[1]["title"] == "'=cmd|' /C calc'!A0"
    assert rows[0]["abstract"] == tables.papers["abstract"][0].strip()


def test_hostile_texts_are_shown_as_they_stand_and_never_run(open_page):
    opened = open_page(plant(with_hostile_text(make_tables())))
    page, points = opened.page, opened.find_points()
    for i in (0, 1, 2, 3):
        page.mouse.move(*points[i])
        page.mouse.click(*points[i])
        page.wait_for_selector(".tlx-abstract")
    assert page.locator("a[href^=javascript]").count() == 0
    page.click(".tlx-numbers summary")
    page.click(".tlx-correcting summary")
    assert "<script>alert(1)</script>" in page.locator(".tlx-themes").inner_text()
    assert page.locator("main script").count() == 0
    assert page.locator("main img").count() == 0
    assert page.evaluate("document.querySelector('.tlx-app').textContent.includes('\u202e')") is False
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 1280


def test_a_study_without_dates_or_with_one_paper_opens(open_page):
    opened = open_page(without_dates(make_tables()))
    assert opened.status == "Showing all 60 papers"
    assert not opened.page.locator(".tlx-timeline").is_visible()
    one = open_page(make_tables(1, n_years=1))
    assert one.status == "Showing all 1 paper"


def test_a_filter_hides_part_of_a_selection_and_gives_it_back(open_page):
    opened = open_page(plant(make_tables()))
    theme = opened.tables.papers["theme"][1]
    opened.page.click("[data-tool=lasso]")
    opened.drag(surround(opened.find_points()[:10]))
    opened.await_status("10 papers selected")
    box = opened.page.locator(f".tlx-themes li[data-theme={theme}] input")
    box.uncheck()
    n_left = int((opened.tables.papers["theme"][:10] != theme).sum())
    opened.await_status(f"{n_left} papers selected")
    box.check()
    opened.await_status("10 papers selected")
