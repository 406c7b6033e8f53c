"""The trap itself: what these tests rely on to see a fault."""

from tests.browser.accessibility import find_faults


def test_an_alert_a_request_a_script_error_and_a_broken_policy_are_seen(watched, tmp_path):
    (tmp_path / "beside.js").write_text("alert('beside')")
    page = watched.open_text(
        """<!doctype html><title>t</title><script>alert("here")</script><img src="http://example.org/x.png">
        <script>throw new Error("broken")</script><script src="beside.js"></script>""",
        tmp_path,
    )
    page.wait_for_load_state("networkidle")
    assert watched.alerts == ["here", "beside"]
    assert watched.asked == ["http://example.org/x.png"]
    assert any("broken" in error for error in watched.errors)
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    watched.open_text(f"<!doctype html><title>t</title>{policy}<script>alert('no')</script>", tmp_path)
    assert "no" not in watched.alerts
    assert watched.violations


def test_a_page_that_does_nothing_wrong_is_quiet(watched, tmp_path):
    watched.open_text("<!doctype html><title>t</title><p>Text</p>", tmp_path)
    watched.assert_quiet()


def test_pale_text_and_a_picture_without_words_are_faults(watched, tmp_path):
    text = '<!doctype html><html lang="en"><title>t</title><main><h1>t</h1>{}</main>'
    page = watched.open_text(text.format('<img src="data:,"><p style="color: #ccc">pale</p>'), tmp_path)
    assert [fault.partition(":")[0] for fault in sorted(find_faults(page))] == ["critical", "serious"]
    assert find_faults(watched.open_text(text.format("<p>Text</p>"), tmp_path)) == []
