import dataclasses
import email
import re
from email.policy import default

import pandas as pd
import pytest

from analysis.config import InputError
from analysis.reports.digest import compose_mail, read_addresses
from analysis.reports.digest.wording import summarise, write_subject
from analysis.study import digest
from tests.made_study import make_many, make_tables, with_hostile_text, without_dates
from tests.study.made_news import make_news, open_tables

SINCE = "2024-01-01"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TAGS = set(
    "html head meta title body div h1 h2 h3 p ul ol li table thead tbody tr th td span strong bdi a br".split()  # noqa: SIM905
)


@pytest.fixture(scope="module")
def turning():
    return digest(make_news(), since=SINCE)


@pytest.fixture(scope="module")
def hostile():
    tables = with_hostile_text(make_tables())
    papers = tables.papers.copy()
    papers.loc[0, "title"] += "\r\nBcc: everyone@example.org\r\n\r\n.\r\nFrom here"
    themes = tables.themes.copy()
    themes.loc[0, "label"] += "\r\nBcc: all@example.org =?utf-8?q?a=0ABcc=3A_b?="
    tables = dataclasses.replace(tables, papers=papers, themes=themes)
    settings = {"report": {"title": "Bcc: x\r\nX-Evil: <script>alert(1)</script> =?utf-8?q?a=0Ab?="}}
    return digest(open_tables(tables, settings), since="2018-01-01", top=100)


def parse(mail):
    return email.message_from_bytes(mail, policy=default)


def read_parts(mail):
    message = parse(mail)
    return tuple(message.get_body((kind,)).get_content() for kind in ("plain", "html"))


def strip_tags(html):
    body = html[html.index("<body") :]
    return re.sub(r"&[#\w]+;", " ", re.sub(r"<[^>]*>", " ", body))


def test_text_and_html_of_the_mail_hold_the_same_numbers(turning):
    text, html = read_parts(turning.to_mail())
    # Only the text spells addresses out, and only it writes a number before each paper of the list.
    plain = re.sub(r"https?://\S+", " ", text)
    plain = re.sub(r"(?m)^ ?\d+\. ", " ", plain)
    assert len(_NUMBER.findall(plain)) > 100
    assert sorted(_NUMBER.findall(plain)) == sorted(_NUMBER.findall(strip_tags(html)))


def test_every_address_of_the_text_is_a_link_of_the_html(turning):
    text, html = read_parts(turning.to_mail())
    assert sorted(re.findall(r"https?://\S+", text)) == sorted(re.findall(r'href="([^"]+)"', html))


def test_the_mail_is_what_the_standard_parser_reads(turning):
    message = parse(turning.to_mail(to="ada@example.org, Alan <alan@example.org>", sender="list@example.org"))
    assert not message.defects
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert [str(one) for one in message["To"].addresses] == ["ada@example.org", "Alan <alan@example.org>"]
    assert message["Subject"] == turning.bulletin.subject
    assert message["Date"].datetime.isoformat() == "2024-12-31T00:00:00+00:00"
    assert message["Auto-Submitted"] == "auto-generated"


def test_without_addresses_the_mailer_is_left_to_name_them(turning):
    message = parse(turning.to_mail())
    assert message["To"] is None
    assert message["From"] is None


def test_the_same_study_and_day_give_the_same_bytes_and_another_day_another_id(turning):
    again = digest(make_news(), since=SINCE)
    assert again.to_mail() == turning.to_mail()
    other = digest(make_news(), since="2024-02-01")
    assert parse(other.to_mail())["Message-ID"] != parse(again.to_mail())["Message-ID"]


def test_no_line_of_the_mail_is_too_long_or_ends_it_early():
    mail = compose_mail(
        "a\n.\nFrom me\n" + "ü " * 400, "<p>.</p>\n.\n", subject="s" * 300, day=pd.Timestamp(SINCE).date()
    )
    lines = mail.split(b"\r\n")
    assert max(map(len, lines)) <= 320  # one word of 300 letters in the subject, which cannot be folded
    assert not {b".", b"From me"} & set(lines)
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert read_parts(mail)[0].splitlines()[:3] == ["a", ".", "From me"]


def test_no_label_and_no_title_becomes_a_header(hostile):
    mail = hostile.to_mail(to="ada@example.org")
    message = parse(mail)
    assert not message.defects
    assert set(message.keys()) == {
        *("To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type")
    }
    assert "\n" not in message["Subject"]
    assert "\n" not in str(email.header.make_header(email.header.decode_header(str(message["Subject"]))))
    assert len(list(message.iter_parts())) == 2


def test_nothing_in_the_html_runs_or_is_fetched(hostile):
    html = read_parts(hostile.to_mail())[1]
    tags = {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z][\w-]*)", html)}
    assert tags <= _TAGS
    assert not re.search(r"<[^>]*\son\w+\s*=", html)
    assert "default-src 'none'" in html
    assert "script-src" not in html
    assert "url(" not in html
    assert all(link.startswith(("http://", "https://")) for link in re.findall(r'(?:href|src)="([^"]*)', html))


def test_no_control_or_direction_character_is_left(hostile):
    for part in (*read_parts(hostile.to_mail()), hostile.bulletin.subject):
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", part.replace("\r", "")
        )


def test_lines_of_the_text_are_short_but_for_addresses(turning):
    long = [line for line in turning.text.splitlines() if len(line) > 76 and "https://" not in line]
    assert not long


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "<ada@example.org",
        "a b@example.org",
        "group: a@example.org;",
        "a@x.org\r\nBcc: b@x.org",
        "a@b,,c@d",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InputError, match=r"^--to "):
        read_addresses(address, name="to")


def test_the_sender_is_one():
    with pytest.raises(InputError, match="2 addresses, and there may be 1"):
        compose_mail("t", "h", subject="s", day=pd.Timestamp(SINCE).date(), sender="a@example.org, b@example.org")


def test_nothing_new_is_said_so():
    found = digest(make_news(), since="2025-03-01")
    assert found.bulletin.short[0] == "Nothing is new: no paper of this collection is dated 2025-03-01 or later."
    assert "captured on 2024-12-31, before that" in found.bulletin.short[1]
    assert not found.bulletin.papers
    assert "0 new papers since 2025-03-01" in found.bulletin.subject


def test_undated_papers_are_never_new_and_are_counted():
    found = digest(open_tables(without_dates(make_tables())), since="2020-01-01")
    assert found.news.counts == {"new": 0, "before": 0, "later": 0, "across": 0, "undated": 60}
    assert "None of its papers has a date, so none can be called new." in found.bulletin.short
    assert "60 papers have no date: neither new nor before." in found.bulletin.notes
    assert read_parts(found.to_mail())[0].replace("\r\n", "\n") == found.text


def test_one_paper_is_told_of_without_a_plural_or_a_comparison():
    study = open_tables(make_tables(1, n_years=1, themes={"robotics": ("named", "Robotics")}))
    found = digest(study, since="2018-01-01")
    assert found.bulletin.short[0].startswith("1 paper is new")
    assert "No paper is dated before" in " ".join(found.bulletin.short)
    assert found.bulletin.standing == "No verdicts are compared: no paper is dated before."


def test_forty_themes_do_not_make_a_mail_that_readers_cut_off():
    found = digest(open_tables(make_many()), since="2020-01-01")
    assert len(found.bulletin.groups) == 15
    assert re.fullmatch(r"\d+ further new papers in \d+ more themes\.", found.bulletin.further)
    assert len(found.html.encode()) < 100_000


def test_coarse_dates_on_the_border_are_neither_new_nor_before():
    tables = make_tables()
    papers = tables.papers.copy()
    papers.loc[0, ["published", "published_end"]] = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31")
    papers.loc[1, ["published", "published_end"]] = pd.Timestamp("2024-08-01"), pd.Timestamp("2024-08-31")
    papers.loc[[0, 1], "published_precision"] = ["year", "month"]
    found = digest(open_tables(dataclasses.replace(tables, papers=papers)), since="2024-06-01")
    assert found.news.counts["across"] == 1
    assert found.news.n_coarse == {"month": 1, "year": 0}
    notes = " ".join(found.bulletin.notes)
    assert "1 paper is known to a month, a year or another span that holds a border" in notes
    assert "Of the new papers the date is known only 1 to the month" in notes


def test_corrected_and_doubtful_themes_are_marked_in_the_table():
    tables = make_tables()
    themes = tables.themes.assign(edited=tables.themes["theme"] == "robotics", stability=0.4)
    found = digest(open_tables(dataclasses.replace(tables, themes=themes)), since="2018-01-01")
    assert "Robotics (doubtful) (corrected by hand)" in [row["label"] for row in found.bulletin.themes]


def test_papers_dated_ahead_are_told_and_do_not_date_the_mail():
    found = digest(open_tables(make_tables()), since="2025-01-01")
    ahead = int((make_tables().papers["published"] > "2025-10-17").sum())
    assert found.news.n_ahead == ahead > 0
    assert f"{ahead} new papers are dated after the day of capture, 2025-10-17." in found.bulletin.notes
    assert f"to {make_tables().papers['published'].max():%Y-%m-%d}" in found.bulletin.span
    assert f"{parse(found.to_mail())['Date'].datetime:%Y-%m-%d}" == "2025-10-17"


def test_a_verdict_that_few_other_runs_give_is_told_so_and_named_in_no_subject(turning):
    names = dict(zip(turning.news.themes["theme"], turning.news.themes["theme"], strict=True))
    for survives, held in ((0.0, "; in none of the alternative runs"), (0.4, "; in 40 % of the alternative runs")):
        verdicts = turning.news.verdicts.assign(survives=survives, changed=lambda rows: rows["theme"] == "robotics")
        news = dataclasses.replace(turning.news, verdicts=verdicts)
        assert f"“robotics” is now rising (was unclear{held})." in summarise(news, names, alpha=0.05)[-1]
        assert write_subject("Study", news, names).endswith("since 2024-01-01; 1 verdict changed")
    news = dataclasses.replace(news, verdicts=verdicts.assign(survives=0.5))
    assert "“robotics” is now rising (was unclear)." in summarise(news, names, alpha=0.05)[-1]
    assert write_subject("Study", news, names).endswith("; “robotics” now rising")
