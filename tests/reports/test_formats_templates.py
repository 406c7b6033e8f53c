"""Templates of a study: they win over ours of the same name, run no code and turn no escaping off."""

from __future__ import annotations

import pytest

from analysis.config import InputError, parse_config
from analysis.reports.html import render_html
from analysis.reports.markdown import render_markdown
from analysis.reports.study_templates import check_templates, list_templates
from tests.made_study import make_tables, with_hostile_text

POLICY = '<!doctype html>\n<meta http-equiv="Content-Security-Policy" content="default-src'


def lay_out(folder, **texts):
    for name, text in texts.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return parse_config({"report": {"templates": str(folder)}})


def fill(folder, text, kind="html"):
    config = lay_out(folder, **{f"report__{kind}__j2": text})
    render = {"html": render_html, "md": render_markdown}[kind]
    return render(with_hostile_text(make_tables()), {}, config)


def test_a_template_of_the_same_name_wins_and_the_others_stay_ours(tmp_path):
    config = lay_out(tmp_path, report__md__j2="# Ours: {{ report.title }}\n")
    assert render_markdown(make_tables(), {}, config) == "# Ours: Behaviour and representations\n"
    assert "What this corpus is, and is not" in render_html(make_tables(), {}, config)


def test_a_template_may_build_on_ours(tmp_path):
    text = '{% extends "themeline/report.html.j2" %}{% block style %}h1 { color: green; }{% endblock %}'
    page = fill(tmp_path, text)
    assert "h1 { color: green; }" in page
    assert "What this corpus is, and is not" in page


def test_a_part_that_ours_include_may_be_replaced(tmp_path):
    config = lay_out(tmp_path, trend_table__html__j2="<p>Trends: {{ report.trends | length }}</p>")
    assert "<p>Trends: 5</p>" in render_html(make_tables(), {}, config)


def test_values_are_escaped_whatever_the_template_is_called(tmp_path):
    config = lay_out(tmp_path, report__html__j2='{% include "a.txt.j2" %}', a__txt__j2="{{ report.themes[0].label }}")
    page = render_html(with_hostile_text(make_tables()), {}, config)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    "way", ["{{ x }}", "{{ x | e }}", "{{ x | forceescape }}", "{{ [x] | join('-') }}", "{{ x ~ '' }}"]
)
def test_markdown_is_escaped_on_every_way(tmp_path, way):
    text = fill(tmp_path, "{% set x = report.themes[0].label %}" + way, "md")
    assert "&lt;script&gt;" in text
    assert "<script" not in text


CODE = [
    "{{ report.__class__.__mro__ }}",
    "{{ ''.__class__.__base__.__subclasses__() }}",
    "{{ report.themes.append(1) }}",
    "{{ cycler.__init__.__globals__ }}",
    "{% autoescape false %}{{ report.title }}{% endautoescape %}",
    "{{ report.title | safe }}",
    "{{ report.nothing }}",
    "{{ 1 / 0 }}",
    "{{ report.title() }}",
    "{% include '../secret.j2' %}",
    "{% include 'secret.txt' %}",
    "{% for %}",
]


@pytest.mark.parametrize("text", CODE)
@pytest.mark.parametrize("kind", ["html", "md"])
def test_a_template_that_reaches_too_far_or_is_damaged_is_named(tmp_path, text, kind):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    with pytest.raises(InputError, match=rf"report\.{kind}\.j2.*(at fault)") as raised:
        fill(tmp_path, "\n\n" + text, kind)
    assert "Mend it, or take it away to use ours." in str(raised.value)
    assert "line 3" in str(raised.value)


WITHOUT = [
    "<h1>Bare</h1>",
    "<!doctype html><!-- <head>",
    "<!DOCTYPE HTML>\n<html><script>alert(1)</script>",
    "\ufeff  <p>",
]


@pytest.mark.parametrize("text", WITHOUT)
def test_no_template_lifts_the_policy_of_a_page(tmp_path, text):
    assert fill(tmp_path, text).startswith(POLICY)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    folder, secret = tmp_path / "mine", tmp_path / "secret.j2"
    folder.mkdir()
    secret.write_text("secret", encoding="utf-8")
    (folder / "report.html.j2").symlink_to(secret)
    with pytest.raises(InputError, match="leads out of the folder"):
        check_templates(str(folder))


def test_damaged_templates_are_all_named_before_anything_is_made(tmp_path):
    lay_out(tmp_path, report__md__j2="{% if %}", trends__html__j2="\n{{ a b }}", card__md__j2="fine")
    with pytest.raises(InputError) as raised:
        check_templates(str(tmp_path))
    first, second = str(raised.value).splitlines()
    assert first.startswith(f"{tmp_path}/report.md.j2, line 1: this template is at fault")
    assert second.startswith(f"{tmp_path}/trends.html.j2, line 2: ")


def test_a_folder_without_a_template_of_ours_is_a_fault(tmp_path):
    with pytest.raises(InputError, match="there is no such folder"):
        check_templates(str(tmp_path / "absent"))
    with pytest.raises(InputError, match=r"holds no file that ends in \.j2"):
        check_templates(str(tmp_path))
    (tmp_path / "raport.html.j2").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"Did you mean report\.html\.j2"):
        check_templates(str(tmp_path))


def test_a_template_of_what_is_no_report_is_refused_and_not_passed_over(tmp_path):
    lay_out(tmp_path, card__md__j2="fine", digest__html__j2="mine")
    with pytest.raises(InputError, match=r"only reports can be laid out anew, not digest\.html\.j2"):
        check_templates(str(tmp_path))
    assert "digest.html.j2" not in list_templates()


def test_a_template_that_asks_for_one_that_is_not_there_says_which(tmp_path):
    with pytest.raises(InputError, match=r"report\.md\.j2, line 1: .*there is no template 'absent\.j2'"):
        fill(tmp_path, "{% include 'absent.j2' %}", "md")


def test_bytes_that_are_no_text_are_a_fault_and_not_a_crash(tmp_path):
    (tmp_path / "report.md.j2").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="at fault"):
        check_templates(str(tmp_path))


def test_every_template_of_ours_builds_in_the_sandbox(tmp_path):
    lay_out(tmp_path, card__md__j2="fine")
    check_templates(str(tmp_path))
    assert {"report.html.j2", "report.md.j2", "theme.html.j2", "theme.md.j2"} <= set(list_templates())
    assert "figure.html.j2" not in list_templates()
    config = parse_config({"report": {"templates": str(tmp_path)}})
    for theme in (None, "robotics"):
        ours = render_html(make_tables(), {}, parse_config({}), theme=theme)
        assert render_html(make_tables(), {}, config, theme=theme).endswith(ours[len("<!doctype html>\n") :])
