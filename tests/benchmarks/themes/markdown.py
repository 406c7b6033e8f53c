"""The benchmark as a Markdown page."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

METHOD_NAMES = {
    "ours": "Themeline, `theme`",
    "ours-topic": "Themeline, `topic`",
    "stock": "BERTopic, stock",
    "tuned": "BERTopic, tuned",
    "topeax": "Topeax (Turftopic)",
    "kmeans": "KMeans, true k",
    "kmeans-joined": "KMeans, true k, words joined",
    "ceiling": "supervised ceiling",
    "ceiling-vectors": "supervised, vectors alone",
}
_COLUMNS = (
    ("AMI", "ami", "{:.3f}"),
    ("ARI", "ari", "{:.3f}"),
    ("V", "v_measure", "{:.3f}"),
    ("coverage", "coverage", "{:.1%}"),
    ("groups", "n_found", "{:g}"),
    ("of 1 %", "n_found_large", "{:g}"),
    ("per class", "found_per_gold", "{:.2f}"),
    ("NPMI", "coherence", "{:.3f}"),
    ("diversity", "diversity", "{:.3f}"),
    ("agreement", "agreement", "{:.3f}"),
    ("seconds", "seconds", "{:.0f}"),
    ("peak MB", "peak_mb", "{:.0f}"),
)
_COMPARED = """\
Every method gets the same texts (title and abstract) and the same vectors of the project's own encoder, and runs in a
fresh process of one thread. `seconds` are of one fit with its imports and compilation, without embedding the papers;
`peak MB` is the largest resident memory. Jobs run side by side, so seconds carry some noise.

- **Themeline**: no setting changed; columns `theme` and `topic`. Its seconds hold the map, the names and the ten refits
  that measure stability.
- **BERTopic, stock**: `BERTopic().fit_transform(texts, embeddings)`, as in its README; its UMAP gets a seed.
- **BERTopic, tuned**: after its "best practices": HDBSCAN's `min_cluster_size` at 1 % of the papers (10 at least),
  outliers reduced by embeddings, words and pairs of words without English stop words, `min_df=2`.
- **Topeax** of Turftopic, its defaults: density peaks on a t-SNE map; finds the number of topics itself.
- **KMeans**: told the number of classes that hold 1 % of the labelled papers; also on vectors joined with TF-IDF + SVD.
- **Supervised ceiling**: logistic regression (scikit-learn's defaults) on the vectors joined with the words,
  predictions of five-fold cross-validation; and on the vectors alone.

AMI, ARI, V, coverage and the counts are over the papers with a label; papers without a group count as one group of
their own. `groups`: all that were found; `of 1 %`: those that hold that share; `per class`: groups divided by label
classes. NPMI: mean over the groups of the mean over pairs of their ten top terms, document-level co-occurrence in the
same corpus, the whole text as window. Diversity: share of unique words among the words of the top terms. KMeans and the
ceiling bring no terms; theirs are the top words of BERTopic's class-based TF-IDF. Agreement: ARI of two fits on 80 % of
the papers each, over the papers in both; the same pair for every method, a new one per seed.
"""


@dataclass(frozen=True)
class Setting:
    """What the numbers were measured with, as sentences."""

    command: str
    machine: str
    versions: str
    seeds: str
    corpora: tuple[str, ...]
    embedding: tuple[str, ...]
    quick: bool


def render_page(setting: Setting, medians: pd.DataFrame, small: pd.DataFrame, verdicts: pd.DataFrame) -> str:
    """The whole page."""
    parts = [
        "# Theme quality, measured",
        "**A quick look: few papers and seeds; the verdicts below do not count.**" if setting.quick else "",
        _render_setting(setting),
        f"## What must hold\n\n{_count_verdicts(verdicts)}\n\n{_render_verdicts(verdicts)}",
        *(_render_corpus(str(name), rows) for name, rows in medians.groupby("corpus", sort=False)),
        _render_small(small),
        f"## What is compared\n\n{_COMPARED}",
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _render_setting(setting: Setting) -> str:
    lines = [
        f"- Command: `{setting.command}`",
        f"- Machine: {setting.machine}",
        f"- Versions: {setting.versions}",
        f"- Seeds: {setting.seeds}",
        *(f"- Corpus {line}" for line in setting.corpora),
        *(f"- Embedding: {line}" for line in setting.embedding),
    ]
    return "\n".join(lines)


def _count_verdicts(verdicts: pd.DataFrame) -> str:
    counts = verdicts["holds"].value_counts()
    return f"{counts.get('yes', 0)} of {len(verdicts)} lines hold; {counts.get('not measured', 0)} were not measured."


def _render_verdicts(verdicts: pd.DataFrame) -> str:
    rows = [[row.corpus, row.what, row.required, row.found, row.holds] for row in verdicts.itertuples()]
    return _render_table(["corpus", "what", "required", "found", "holds"], rows, n_words=2)


def _render_corpus(name: str, rows: pd.DataFrame) -> str:
    order = list(METHOD_NAMES)
    rows = rows.sort_values("method", key=lambda methods: methods.map(order.index))
    known = rows.set_index("method")["ami"]
    head = ["method", *(title for title, _, _ in _COLUMNS), "AMI, seeds", "/ stock", "/ ceiling", "fits"]
    cells = []
    for row in rows.to_dict("records"):
        ratios = [_write(row["ami"] / known.get(other, float("nan")), "{:.2f}") for other in ("stock", "ceiling")]
        spread = "-" if pd.isna(row["ami"]) else f"{row['ami_low']:.3f} to {row['ami_high']:.3f}"
        fits = str(row["n_fits"]) + (f", {row['n_failed']} failed" if row["n_failed"] else "")
        numbers = [_write(row[column], form) for _, column, form in _COLUMNS]
        cells.append([METHOD_NAMES[row["method"]], *numbers, spread, *ratios, fits])
    note = "Medians over the seeds; `/ stock` and `/ ceiling` are ratios of median AMI."
    return f"## {name}\n\n{note}\n\n{_render_table(head, cells)}"


def _render_small(small: pd.DataFrame) -> str:
    head = ["corpus", "method", "papers", "draws", "AMI", "ARI", "groups", "coverage", "failed"]
    rows = [
        [
            row.corpus,
            METHOD_NAMES[row.method],
            str(row.n_papers),
            str(row.n_draws),
            f"{row.ami:.3f} ± {row.ami_se:.3f}",
            f"{row.ari:.3f} ± {row.ari_se:.3f}",
            f"{row.n_found:.1f}",
            f"{row.coverage:.1%}",
            str(row.n_failed),
        ]
        for row in small.itertuples()
    ]
    note = "Means over random draws of labelled papers ± standard error; a fit that fails counts as 0."
    return f"## Small corpora\n\n{note}\n\n{_render_table(head, rows, n_words=2)}"


def _write(value: float, form: str) -> str:
    return "-" if pd.isna(value) else form.format(value)


def _render_table(head: list[str], rows: list[list[str]], *, n_words: int = 1) -> str:
    """A Markdown table: the first columns hold words, the rest numbers."""
    rule = ["---"] * n_words + ["---:"] * (len(head) - n_words)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, rule, *rows])
