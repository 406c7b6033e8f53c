"""The offline page in a browser: corrections shown ahead, to be taken along."""

from analysis.curation.corrections import make_correction, parse_corrections
from tests.explorer.gestures import plant, surround
from tests.made_study import make_tables


def test_corrections_are_shown_ahead_and_taken_along(open_page):
    opened = open_page(plant(make_tables()))
    page, sizes = opened.page, opened.tables.themes.set_index("theme")["size"]
    page.click(".tlx-correcting summary")
    page.get_by_label("Theme to rename").select_option("robotics")
    page.get_by_label("New name").fill("Robots & co")
    page.get_by_role("button", name="Rename").click()
    page.wait_for_selector(".tlx-themes li[data-theme=robotics] >> text=Robots & co")
    page.click(".tlx-numbers summary")
    assert "Robots & co" in page.locator(".tlx-numbers thead").inner_text()
    page.get_by_label("Theme to merge").select_option("alignment")
    page.get_by_label("Theme that takes it in").select_option("robotics")
    page.get_by_role("button", name="Merge").click()
    page.wait_for_selector(".tlx-themes li[data-theme=alignment]", state="detached")
    assert opened.count_themes()["robotics"] == sizes["robotics"] + sizes["alignment"]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download curation.toml").click()
    written = parse_corrections(waiting.value.path().read_text(encoding="utf-8"))
    assert written == (
        make_correction("rename", theme="robotics", label="Robots & co"),
        make_correction("merge", themes=["alignment", "robotics"], into="robotics"),
    )
    page.get_by_role("button", name="Undo the last").click()
    page.wait_for_selector(".tlx-themes li[data-theme=alignment]")
    assert opened.count_themes()["robotics"] == sizes["robotics"]


def test_selected_papers_are_moved_and_split_off_as_the_study_would_do_it(open_page):
    opened = open_page(plant(make_tables()))
    page, ids = opened.page, opened.tables.papers["paper_id"][:10].tolist()
    page.click("[data-tool=lasso]")
    opened.drag(surround(opened.find_points()[:10]))
    opened.await_status("10 papers selected")
    page.click(".tlx-correcting summary")
    page.get_by_label("Theme to move to").select_option("alignment")
    page.get_by_role("button", name="Move", exact=True).click()
    page.wait_for_selector(".tlx-journal >> text=Moved 10 papers to Alignment")
    before = opened.tables.papers["theme"]
    assert opened.count_themes()["alignment"] == 10 + int((before[10:] == "alignment").sum())
    page.get_by_label("Theme to split").select_option("alignment")
    page.get_by_label("Name of the new theme").fill('Ten "planted" papers')
    page.get_by_role("button", name="Split off").click()
    page.wait_for_selector(".tlx-journal >> text=Split 10 papers")
    assert opened.count_themes()["ten-planted-papers"] == 10
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download curation.toml").click()
    assert parse_corrections(waiting.value.path().read_text(encoding="utf-8")) == (
        make_correction("move", papers=ids, to="alignment"),
        make_correction("split", theme="alignment", label='Ten "planted" papers', papers=ids),
    )


def test_a_button_pressed_twice_corrects_once_and_keeps_the_focus(open_page):
    opened = open_page(plant(make_tables()))
    page = opened.page
    page.click("[data-tool=lasso]")
    opened.drag(surround(opened.find_points()[:10]))
    opened.await_status("10 papers selected")
    page.click(".tlx-correcting summary")
    page.get_by_role("button", name="Move", exact=True).evaluate("one => { one.focus(); one.click(); one.click(); }")
    page.wait_for_selector(".tlx-journal li")
    assert page.locator(".tlx-journal li").count() == 1
    opened.wait_until(lambda: page.evaluate("document.activeElement.textContent") == "Move")


def test_a_name_that_another_theme_bears_is_refused_with_a_message(open_page):
    opened = open_page()
    page = opened.page
    page.click(".tlx-correcting summary")
    page.get_by_label("Theme to rename").select_option("robotics")
    page.get_by_label("New name").fill("alignment")
    page.get_by_role("button", name="Rename").click()
    assert "Another theme is called Alignment" in page.locator(".tlx-correcting .tlx-message").inner_text()
