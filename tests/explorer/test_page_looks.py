"""The offline page in a browser: colours, names and widths, which all can read."""

import dataclasses

from analysis.trends import share_by_period
from tests.explorer.gestures import plant, unit_vectors
from tests.made_study import make_many, make_tables


def test_the_names_of_many_periods_stand_apart_and_inside_the_chart(open_page):
    tables = make_tables()
    shares = share_by_period(tables.papers, period="quarter")
    opened = open_page(dataclasses.replace(tables, shares=shares))
    edges = opened.page.evaluate("""() => {
      const end = document.querySelector(".tlx-trend .tlx-chart").getBoundingClientRect().right;
      const boxes = [...document.querySelectorAll(".tlx-trend text.tlx-axis")].map(one => one.getBoundingClientRect());
      return boxes.map((box, k) => [box.right, k + 1 < boxes.length ? boxes[k + 1].left : end]);
    }""")
    assert len(edges) > 3
    assert all(right < following for right, following in edges)


def test_every_colouring_changes_the_map_and_has_its_key(open_page):
    tables = plant(make_tables())
    tables.papers["label_area"] = [None, "vision", "<b>robots</b>"] * 20
    opened = open_page(tables)
    picture = "document.querySelector('.tlx-canvas').toDataURL()"
    wanted = {"Topic": "Topic", "Date": "Date", "Score of the theme": "Score", "Area": "<b>robots</b>"}
    for title, told in wanted.items():
        before = opened.page.evaluate(picture)
        opened.page.locator(".tlx-bar select").last.select_option(label=title)
        opened.wait_until(lambda before=before: opened.page.evaluate(picture) != before)
        assert told in opened.page.locator(".tlx-key").inner_text()


def test_dark_and_light_follow_the_system_until_one_is_chosen(open_page):
    opened = open_page(look="dark")
    ground = "getComputedStyle(document.querySelector('.tlx-app')).backgroundColor"
    assert opened.page.evaluate(ground) == "rgb(21, 24, 29)"
    opened.page.get_by_role("button", name="Look: auto").click()
    assert opened.page.evaluate(ground) == "rgb(255, 255, 255)"
    opened.page.emulate_media(color_scheme="light")
    opened.page.get_by_role("button", name="Look: light").click()
    assert opened.page.evaluate(ground) == "rgb(21, 24, 29)"


def test_axe_finds_no_serious_fault_in_light_and_dark(open_page):
    from axe_playwright_python.sync_playwright import Axe

    opened = open_page(plant(make_tables()), vectors=unit_vectors(60))
    opened.page.mouse.click(*opened.find_points()[4])
    opened.page.click(".tlx-numbers summary")
    opened.page.click(".tlx-correcting summary")
    for look in ("light", "dark"):
        opened.page.emulate_media(color_scheme=look)
        found = Axe().run(opened.page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []


def test_nothing_runs_over_the_side_with_forty_themes(open_page):
    opened = open_page(make_many())
    assert len(opened.count_themes()) == 41
    for width in (1280, 800, 420):
        opened.page.set_viewport_size({"width": width, "height": 800})
        opened.page.wait_for_timeout(60)
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
