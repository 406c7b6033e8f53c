"""Which tables there are, and what each column holds."""

from __future__ import annotations

from analysis.results.columns import Column
from analysis.results.derived import DERIVED

SCHEMA_VERSION = 3

# Types: text, date, bool, int, float, number (a count: whole, or with fractions where papers are split),
# texts (list of text), phrases (list of {phrase, weight}).
# All may be null unless the meaning says otherwise.
PAPERS = (
    Column("paper_id", "text", "the only join key; unique, never null"),
    Column("title", "text", "title, cleaned"),
    Column("abstract", "text", "abstract, cleaned; empty when the source has none"),
    Column("title_only", "bool", "true where there is no abstract: the title alone speaks for the paper"),
    Column("published", "date", "first day of the known span; null when undated"),
    Column("published_end", "date", "last day of the known span"),
    Column("published_precision", "text", "day, month, year or none"),
    Column(
        "published_kind",
        "text",
        "what the date is the date of: first_version, publication, online, submission, listing, unstated, "
        "or none when undated",
    ),
    Column("published_inferred", "bool", "true where the year, or the whole date, was not stated but inferred"),
    Column("authors", "texts", "author names as given; empty when unknown"),
    Column("n_authors", "int", "count of authors; null when unknown, never 0 for unknown"),
    Column("venue", "text", "journal, conference or archive"),
    Column("doi", "text", "DOI, lower case, without a resolver"),
    Column("arxiv_id", "text", "arXiv id, without a version"),
    Column("pmid", "text", "PubMed id: digits"),
    Column("openreview_id", "text", "id of the forum at OpenReview"),
    Column("language", "text", "ISO 639-1 code, as the source states it or as the text shows; null when unknown"),
    Column("n_comments", "int", "comments at the source; null when the source has no such count"),
    Column("n_upvotes", "int", "upvotes at the source; null when the source has no such count"),
    Column("url", "text", "where the paper can be read (http or https)"),
    Column("source", "text", "file name that the record came from"),
    Column("position", "text", "where in the file: line, record or card; of merged records, the first"),
    Column("topic", "int", "topic id: a small integer, never null"),
    Column("topic_strength", "float", "how firmly the paper sits in its topic, in [0, 1]"),
    Column("theme", "text", "theme id (a slug), or `unassigned`"),
    Column("theme_score", "float", "score of that theme for this paper, in [0, 1]; a score, not a probability"),
    Column("theme_margin", "float", "theme_score minus the runner-up's score"),
    Column("theme_runner_up", "text", "id of the second-best theme; null when there is none"),
    Column("theme_reason", "text", "why the theme was given, or why none was"),
    Column("why_here", "texts", "words of the paper that tie it to its theme, as written there; at most 5"),
    Column("placed", "bool", "true where the fitted model placed the paper; false where it is part of the fit"),
    Column("map_x", "float", "horizontal place on the map; no unit, distances are ordinal at best"),
    Column("map_y", "float", "vertical place on the map"),
)
TOPICS = (
    Column("topic", "int", "topic id, 0 for the largest"),
    Column("label", "text", "what people read; no two topics share one"),
    Column("keyphrases", "phrases", "phrases that set the topic apart, best first, weight in [0, 1]"),
    Column("size", "int", "papers in the topic"),
    Column("representatives", "texts", "paper_ids of the most central papers, best first"),
    Column("parent", "int", "discovered group that the topic was merged into; null when there is one group"),
    Column("theme", "text", "theme that most of its papers bear"),
    Column("theme_purity", "float", "share of its papers that bear that theme, in [0, 1]"),
    Column("stability", "float", "median Jaccard overlap with the best match in refits, in [0, 1]"),
    Column("faithfulness", "float", "how well the label alone finds its papers: ROC area, in [0, 1]; .5 is chance"),
    Column("intrusion", "float", "share of foreign keyphrases that stand out among its own, in [0, 1]; 1/6 is chance"),
)
THEMES = (
    Column("theme", "text", "theme id: a slug"),
    Column("kind", "text", "named, discovered or unassigned"),
    Column("label", "text", "what people read; no two themes share one"),
    Column("color", "text", "hex colour that belongs to the id"),
    Column("description", "text", "one sentence"),
    Column("keyphrases", "phrases", "phrases that set the theme apart, best first, weight in [0, 1]"),
    Column("size", "int", "papers whose theme this is"),
    Column("representatives", "texts", "paper_ids of the papers with the highest score, best first"),
    Column("stability", "float", "median Jaccard overlap with the same theme in refits, in [0, 1]"),
    Column("faithfulness", "float", "how well the label alone finds its papers: ROC area, in [0, 1]; .5 is chance"),
    Column("intrusion", "float", "share of foreign keyphrases that stand out among its own, in [0, 1]; 1/6 is chance"),
    Column("first_published", "date", "earliest date among its papers"),
    Column("last_published", "date", "latest date among its papers"),
    Column("edited", "bool", "true when corrected by hand"),
)
THEME_SCORES = (
    Column("paper_id", "text", "the paper"),
    Column("*", "float", "one column per named theme, by its id: its score in [0, 1]"),
)
THEME_PHRASES = (
    Column("theme", "text", "id of the named theme"),
    Column("kind", "text", "phrase or example"),
    Column("phrase", "text", "the phrase; of an example, its paper_id"),
    Column("n_papers", "int", "papers that bear the theme and are closest to this of its phrases and examples"),
    Column("share", "float", "n_papers divided by the papers of the theme, in [0, 1]; null where it has none"),
    Column("n_lost", "int", "papers that would not fit the theme without this phrase; null of an example"),
    Column("paper_ids", "texts", "the closest of them, best first"),
)
THEME_OVERLAPS = (
    Column("theme", "text", "id of a named theme"),
    Column("other", "text", "id of another"),
    Column("n_theme", "int", "papers that fit the first by its phrases and examples, whatever their theme"),
    Column("n_other", "int", "papers that fit the other"),
    Column("n_both", "int", "papers that fit both"),
    Column("jaccard", "float", "n_both divided by the papers of either, in [0, 1]; null where there are none"),
)
ALTERNATIVES = (
    Column("paper_id", "text", "the paper; absent from a run that did not draw it"),
    Column("run", "text", "which refit: seed-1, resample-3, ..."),
    Column("theme", "text", "the paper's theme in that refit, by its id in the main run"),
)
SET_ASIDE = (
    Column("source", "text", "file name"),
    Column("position", "text", "where in the file: line, record or card"),
    Column("reason", "text", "why the record is not among the papers"),
    Column("raw", "text", "the record as it was read"),
)
MERGES = (
    Column("source", "text", "file name"),
    Column("position", "text", "where in the file: line, record or card"),
    Column("rule", "text", "what the two records share: an id, a title and abstract, a title and year"),
    Column("paper_id", "text", "the paper that it went into"),
)
NEAR_DUPLICATES = (
    Column("paper_id", "text", "a paper; none of these pairs is merged"),
    Column("other_id", "text", "the paper that is much like it"),
    Column(
        "similarity",
        "float",
        "Jaccard overlap of their runs of three words, in [0, 1]; of a pair that shares an id, of their words",
    ),
    Column("relation", "text", "what makes the pair worth a look"),
)
DATE_AUDIT = (
    Column("source", "text", "file name"),
    Column("kind", "text", "what the dates are the dates of, as `published_kind` in papers"),
    Column("precision", "text", "day, month, year or none"),
    Column("inferred", "bool", "true where the year, or the whole date, was not stated but inferred"),
    Column("n_papers", "int", "papers with such a date; over the table, all papers"),
    Column("earliest", "date", "first day of the first of them; null when undated"),
    Column("latest", "date", "last day of the last of them; null when undated"),
)
DATE_CONFLICTS = (
    Column("paper_id", "text", "the paper"),
    Column("witness", "text", "what contradicts its date: the month of its arXiv id, the date in another source"),
    Column("stated", "date", "first day of the date taken"),
    Column("other", "date", "first day of the witness's date"),
    Column("days_apart", "int", "days between the two spans"),
)
# read = merged + set_aside + kept, over all sources.
LEDGER = (
    Column("stage", "text", "read, merged, set_aside or kept"),
    Column("source", "text", "file name"),
    Column(
        "reason", "text", "read: the format; merged: the rule; set_aside: why; kept: with an abstract or title only"
    ),
    Column("n_records", "int", "records; those read are those merged, set aside and kept together"),
)

# File (without its ending, under data/) -> columns.
TABLES: dict[str, tuple[Column, ...]] = {
    "results/papers": PAPERS,
    "results/topics": TOPICS,
    "results/themes": THEMES,
    "results/theme_scores": THEME_SCORES,
    "results/theme_phrases": THEME_PHRASES,
    "results/theme_overlaps": THEME_OVERLAPS,
    "results/alternatives": ALTERNATIVES,
    "results/set_aside": SET_ASIDE,
    "results/merges": MERGES,
    "results/near_duplicates": NEAR_DUPLICATES,
    "results/date_audit": DATE_AUDIT,
    "results/date_conflicts": DATE_CONFLICTS,
    "results/ledger": LEDGER,
    **DERIVED,
}


def describe_tables() -> str:
    """The table dictionary as Markdown: what data/README.md shows below its first part."""
    parts = []
    for name, columns in TABLES.items():
        rows = "\n".join(f"| `{column.name}` | {column.type} | {column.meaning} |" for column in columns)
        parts.append(f"### `{name}.parquet`\n\n| column | type | meaning |\n|---|---|---|\n{rows}\n")
    return "\n".join(parts)
