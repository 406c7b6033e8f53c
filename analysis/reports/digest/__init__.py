"""The digest of a study: what is new and moving since a day, as text, HTML and mail."""

from analysis.reports.digest.content import Bulletin, write_bulletin
from analysis.reports.digest.mail import compose_mail, read_addresses
from analysis.reports.digest.news import News
from analysis.reports.digest.rendering import render_digest_html, render_digest_text

__all__ = [
    "Bulletin",
    "News",
    "compose_mail",
    "read_addresses",
    "render_digest_html",
    "render_digest_text",
    "write_bulletin",
]
