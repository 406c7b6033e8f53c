"""Fetch papers from public sources: the only part of the corpus room that touches the network.

Each function fills a folder with pages as the source sent them, which
`read_corpus` then reads like any other source. It is polite (one connection,
a pause between requests, a contact), goes on after an interruption, and does
nothing when the folder is complete.
"""

from analysis.corpus.fetch.arxiv import fetch_arxiv
from analysis.corpus.fetch.daily_papers import fetch_daily_papers
from analysis.corpus.fetch.harvesting import Fetched
from analysis.corpus.fetch.oai import fetch_arxiv_set
from analysis.corpus.fetch.openalex import fetch_openalex
from analysis.corpus.fetch.sending import Waiting

__all__ = ["Fetched", "Waiting", "fetch_arxiv", "fetch_arxiv_set", "fetch_daily_papers", "fetch_openalex"]
