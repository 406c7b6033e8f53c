"""The tables under data/derived: what trends makes of the results, column by column."""

from __future__ import annotations

from analysis.results.columns import Column

SHARES = (
    Column(
        "period",
        "date",
        "first day of the period; null in the rows that count papers without a date or dated too coarsely",
    ),
    Column(
        "period_end",
        "date",
        "last day of the period; in rows without a period null for undated papers, "
        "else the day by which the last of them had appeared",
    ),
    Column("theme", "text", "theme id"),
    Column("count", "number", "papers of the theme in the period; with fractions where papers are split"),
    Column("total", "int", "all papers of the period"),
    Column("share", "float", "count divided by total, in [0, 1]; null where total is 0"),
    Column("low", "float", "lower end of the 95 % Jeffreys interval: of the share of the papers sampled"),
    Column("high", "float", "upper end of it"),
    Column(
        "expected_low",
        "float",
        "lower end of the 95 % interval of the expected share, which the shares of periods wander about; "
        "null where nothing can be estimated",
    ),
    Column("expected_high", "float", "upper end of it"),
    Column("smooth", "float", "smoothed share; null where nothing can be estimated"),
    Column("smooth_low", "float", "lower end of its 95 % band, which holds for all periods at once"),
    Column("smooth_high", "float", "upper end of it"),
    Column(
        "count_low", "float", "lower end of the 95 % Poisson interval of the expected count; null in incomplete periods"
    ),
    Column("count_high", "float", "upper end of it"),
    Column("complete", "bool", "false where the corpus does not cover the period to both its ends"),
    Column("observed_days", "int", "days of the period that the corpus covers"),
)
_VERDICT = (
    Column("verdict", "text", "rising, falling, changing, steady or unclear"),
    Column("reason", "text", "one sentence with the numbers behind the verdict"),
    Column("odds_ratio", "float", "factor by which the odds of the {group} change per unit"),
    Column("unit", "text", "`per year`, or `over the observed span` when it is under a year"),
    Column("low", "float", "lower end of the 95 % interval of the odds ratio"),
    Column("high", "float", "upper end of it"),
    Column("p", "float", "two-sided p-value of no trend"),
    Column("q", "float", "p after Benjamini-Hochberg over the {group}s"),
    Column("p_permuted", "float", "p-value from permuted blocks of periods; null where not computed"),
    Column("smallest_visible", "float", "odds ratio that this corpus shows with 80 % power"),
    Column("margin", "float", "odds ratio over the observed span inside which a {group} counts as steady"),
    Column("min_effect", "float", "smallest odds ratio over the observed span called a rise; its inverse, a fall"),
    Column("shape", "text", "of a changing {group}: peak, dip, step up, step down; else empty"),
    Column("turn", "date", "turning point of a changing {group}; else null"),
    Column("survives", "float", "share of the alternatives with the same verdict; null without alternatives"),
    Column(
        "holds_without_doubtful",
        "bool",
        "whether the verdict stays when the doubtful papers are left out; null where not measured",
    ),
    Column("n_periods", "int", "periods with papers"),
    Column("n_papers", "number", "dated papers of the {group}; with fractions where papers are split"),
)


def _name_group(group: str, first: Column) -> tuple[Column, ...]:
    return (first, *(column._replace(meaning=column.meaning.format(group=group)) for column in _VERDICT))


TRENDS = _name_group("theme", Column("theme", "text", "theme id"))
# A family of its own: q is over the topics.
TOPIC_TRENDS = _name_group("topic", Column("topic", "int", "topic id"))
BURSTS = (
    Column("theme", "text", "theme id"),
    Column("start", "date", "first day of its first period"),
    Column("end", "date", "last day of its last period"),
    Column("level", "int", "1 or more; a burst of level 2 lies inside one of level 1"),
    Column("weight", "float", "gain in log-likelihood over the level below"),
    Column("n_periods", "int", "complete periods with papers in it"),
    Column("count", "number", "papers of the theme in it; with fractions where papers are split"),
    Column("total", "int", "all papers in it"),
    Column("share", "float", "count divided by total, in [0, 1]"),
    Column("base_share", "float", "share of the theme in all complete periods"),
    Column("p", "float", "how often permuted blocks of periods hold a burst of at least that weight"),
    Column("q", "float", "p after Benjamini-Hochberg over the themes"),
    Column("found", "bool", "whether q lies below alpha: only these are more than chance gives"),
)
NEWCOMERS = (
    Column("theme", "text", "theme id"),
    Column("kind", "text", "new (first seen late) or gone (last seen early)"),
    Column("day", "date", "earliest day on which a new one may have been seen, latest of one that is gone"),
    Column("n_papers", "int", "dated papers of the theme"),
    Column("n_outside", "int", "papers surely before that day, or surely after"),
    Column("share_outside", "float", "n_outside divided by all dated papers, in [0, 1]"),
    Column("expected_outside", "float", "papers outside by chance, in the mean"),
    Column("p", "float", "chance that none of the theme's papers is among those outside"),
    Column("q", "float", "p after Benjamini-Hochberg over the themes, for each kind"),
    Column("found", "bool", "whether q lies below alpha and share_outside is at least 0.25"),
    Column("reason", "text", "one sentence with the numbers, or why there is no test"),
)
DRIFT = (
    Column("theme", "text", "theme id; a theme with too few dated papers has no rows"),
    Column("split", "date", "first day of the late part of the theme's papers"),
    Column("phrase", "text", "the phrase"),
    Column("kind", "text", "keyphrase or word (or pair of words)"),
    Column("n_early", "int", "early papers of the theme that have the phrase"),
    Column("n_late", "int", "late papers of the theme that have it"),
    Column("share_early", "float", "of the early papers of the theme, in [0, 1]"),
    Column("share_late", "float", "of the late ones"),
    Column("log_odds", "float", "change of the log odds that a paper of the theme has the phrase; above 0 it rises"),
    Column("low", "float", "lower end of its 95 % interval"),
    Column("high", "float", "upper end of it"),
    Column("z", "float", "log_odds divided by its standard error"),
    Column("p", "float", "two-sided p-value of no change"),
    Column("q", "float", "p after Benjamini-Hochberg over the theme's phrases of that kind"),
)
DRIVERS = (
    Column("theme", "text", "theme id"),
    Column("column", "text", "column of papers: venue, n_authors or one of `label_*`"),
    Column("category", "text", "value or band of it; `other` pools the small ones, `unknown` has none"),
    Column("n_early", "number", "papers of the category in the early half of the periods"),
    Column("n_late", "number", "papers of the category in the late half"),
    Column("weight_early", "float", "share of the category in all papers of the early half, in [0, 1]"),
    Column("weight_late", "float", "the same of the late half"),
    Column("theme_early", "number", "papers of theme and category in the early half"),
    Column("theme_late", "number", "papers of theme and category in the late half"),
    Column("share_early", "float", "theme_early divided by n_early; null where that is 0"),
    Column("share_late", "float", "theme_late divided by n_late; null where that is 0"),
    Column("within", "float", "what the change of the theme's share inside the category adds, in shares"),
    Column("composition", "float", "what the change of the category's weight adds, in shares"),
    Column("contribution", "float", "within and composition together; over the categories the change of the share"),
    Column("early", "text", "first and last day of the early half, `2021-01-01 to 2022-12-31`"),
    Column("late", "text", "first and last day of the late half"),
)
RATES = (
    Column("period", "date", "first day of the period"),
    Column("period_end", "date", "last day of the period"),
    Column("theme", "text", "theme id; no rows where the study gives no totals of the field"),
    Column("count", "number", "papers of the theme in the period; with fractions where papers are split"),
    Column("total", "int", "all papers of the period in the collection"),
    Column("field_total", "int", "all papers of the period in the field, as the study gives them"),
    Column("rate", "float", "count per 1,000 of the field; null where its total is 0 or the period incomplete"),
    Column("low", "float", "lower end of the 95 % Poisson interval of the expected rate"),
    Column("high", "float", "upper end of it"),
    Column("collection_rate", "float", "total per 1,000 of the field"),
    Column("complete", "bool", "false where the corpus does not cover the period to both its ends"),
)

# File (without its ending, under data/) -> columns.
DERIVED: dict[str, tuple[Column, ...]] = {
    "derived/shares": SHARES,
    "derived/trends": TRENDS,
    "derived/topic_trends": TOPIC_TRENDS,
    "derived/bursts": BURSTS,
    "derived/newcomers": NEWCOMERS,
    "derived/drift": DRIFT,
    "derived/drivers": DRIVERS,
    "derived/rates": RATES,
}
