"""A methods paragraph for a paper, filled from the record of the run."""

from __future__ import annotations

from typing import Any

from analysis.plots.text import clean, count_of
from analysis.reports.sentences import describe_corpus, join_words, source_name
from analysis.results import Tables

REFERENCES = (
    "McInnes, L., Healy, J., Melville, J. (2018). UMAP. doi:10.48550/arXiv.1802.03426",
    "Traag, V. A., Waltman, L., van Eck, N. J. (2019). From Louvain to Leiden. Scientific Reports 9, 5233. "
    "doi:10.1038/s41598-019-41695-z",
    "Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational Statistics & Data Analysis 52, "
    "258-271. doi:10.1016/j.csda.2006.11.025",
    "Brown, L. D., Cai, T. T., DasGupta, A. (2001). Interval estimation for a binomial proportion. Statistical "
    "Science 16, 101-133. doi:10.1214/ss/1009213286",
    "Firth, D. (1993). Bias reduction of maximum likelihood estimates. Biometrika 80, 27-38. "
    "doi:10.1093/biomet/80.1.27",
    "Simes, R. J. (1986). An improved Bonferroni procedure. Biometrika 73, 751-754. doi:10.1093/biomet/73.3.751",
    "Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical "
    "Society B 57, 289-300. doi:10.1111/j.2517-6161.1995.tb02031.x",
)


def describe_methods(tables: Tables) -> str:
    """What was done, as a paper's methods section would say it, then the sources of the methods.

    To be shortened and checked by who signs the paper: it tells what the run
    did, and not whether that suits the question.

    Parameters
    ----------
    tables : Tables
        Reads ``papers``, ``topics``, ``themes``, ``alternatives``, ``trends`` and of ``run`` the corpus, the
        configuration, the steps, the sentences and the versions; what is absent there is left out.

    Returns
    -------
    str
        Paragraphs, plain text, a blank line between them.
    """
    paragraphs = [
        [*_say_papers(tables), *_say_texts(tables), *_say_refits(tables)],
        _say_trends(tables),
        _say_software(tables.run),
        ["References:", *REFERENCES],
    ]
    return "\n\n".join((" " if part[:1] != ["References:"] else "\n").join(part) for part in paragraphs if part)


def _say_papers(tables: Tables) -> list[str]:
    corpus = tables.run.get("corpus") or {}
    captured = [source_name(source) for source in corpus.get("sources") or []]
    caution = clean(tables.run.get("caution"))
    named = [f"Sources: {join_words(captured)}."] if len(captured) > 5 else []
    return [*describe_corpus(tables), *named, *([caution] if caution else [])]


def _say_texts(tables: Tables) -> list[str]:
    kinds = tables.themes["kind"].value_counts()
    n_named, n_found = int(kinds.get("named", 0)), int(kinds.get("discovered", 0))
    asked = f"{count_of(n_named, 'theme')} {'was' if n_named == 1 else 'were'} asked for by phrases or examples"
    found = f"{count_of(n_found, 'theme')} {'was' if n_found == 1 else 'were'} found in the texts"
    themes = join_words([words for n, words in ((n_named, asked), (n_found, found)) if n])
    steps = [clean(rung) for rung in tables.run.get("rungs") or []]
    told = [f"The steps on titles and abstracts were these. {' '.join(steps)}"] if steps else []
    n_edited = int(tables.themes["edited"].fillna(False).astype(bool).sum())
    by_hand = [f"{count_of(n_edited, 'theme')} {'was' if n_edited == 1 else 'were'} then corrected by hand."]
    return [*told, *([f"{themes}."] if themes else []), *(by_hand if n_edited else [])]


def _say_refits(tables: Tables) -> list[str]:
    runs = set(tables.alternatives["run"])
    resampled = sum(str(run).startswith("resample") for run in runs)
    if not resampled:
        return []
    return [
        f"Stability is the median Jaccard overlap of a theme with itself in {count_of(resampled, 'refit')} on 80 % of "
        "the papers each (Hennig 2007); a theme below .6 is called doubtful."
    ]


def _say_trends(tables: Tables) -> list[str]:
    run = tables.run
    settings = (run.get("config") or {}).get("trends") or {}
    told = [clean((run.get("period") or {}).get("reason"))]
    if settings.get("counting") == "fractional":
        told.append("A paper counts in parts, for its theme and the runner-up in proportion to their scores.")
    if settings:
        told += [
            "Shares are given with 95 % Jeffreys intervals (Brown et al. 2001). Each theme's trend is a logistic line "
            "of its papers on all papers of the period with Firth's penalty (Firth 1993), its noise allowed to be "
            "larger than binomial and to last from period to period (AR(1)), averaged over both.",
            "A rise, fall or other change is called only where one test of the whole composition passes (Simes 1986; "
            f"alpha {_short(settings.get('alpha'))}) and the theme's own q value, corrected for all themes (Benjamini "
            "and Hochberg 1995), lies below the same alpha; a rise or fall must change the odds by a factor of "
            f"{_short(settings.get('min_effect'))} or more over the observed span. A theme is called steady where its "
            f"95 % interval lies inside a factor of {_short(settings.get('margin'))}.",
        ]
    told += [clean(run.get(key)) for key in ("global_change", "visible")]
    verdicts = tables.trends["verdict"].value_counts()
    counted = [f"{count} {verdict}" for verdict, count in sorted(verdicts.items(), key=lambda pair: str(pair[0]))]
    told += [f"Verdicts on themes: {join_words(counted)}."] if counted else []
    return [sentence for sentence in told if sentence]


def _say_software(run: dict[str, Any]) -> list[str]:
    versions = {str(name): clean(version) for name, version in (run.get("versions") or {}).items()}
    named = [f"{name} {version}" for name, version in versions.items() if name != "themeline"]
    software = f"Themeline {versions.get('themeline', '')}".strip()
    libraries = f" ({join_words(named)})" if named else ""
    seed = f", seed {clean(run['seed'])}" if run.get("seed") is not None else ""
    return [f"Computed with {software}{libraries}{seed}."]


def _short(value: Any) -> str:
    return f"{float(value):g}" if value is not None else "not given"
