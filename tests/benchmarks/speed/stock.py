"""Stock BERTopic on a file of JSON lines, as its README has it: fit, then the figure of topics over time.

``python -m tests.benchmarks.speed.stock PAPERS.jsonl FIGURE.html`` prints its steps' seconds as JSON.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from pathlib import Path


def main(source: Path, figure: Path) -> None:
    """Read, embed with sentence-transformers, fit, count over time and write the figure."""
    started = last = time.perf_counter()
    seconds: dict[str, float] = {}

    def stop(step: str) -> None:
        nonlocal last
        now = time.perf_counter()
        seconds[step], last = now - last, now

    import pandas as pd
    from bertopic import BERTopic
    from sentence_transformers import SentenceTransformer

    from analysis.themes.embedding.weights import find_packaged_weights

    stop("import")
    opened = gzip.open if source.suffix == ".gz" else open
    with opened(source, "rt", encoding="utf-8") as file:
        papers = pd.DataFrame([json.loads(line) for line in file])
    # It takes no paper without a date.
    papers = papers[papers["published"].notna()]
    texts = list(papers["title"] + ". " + papers["abstract"])
    days = list(pd.to_datetime(papers["published"], format="ISO8601", utc=True))
    stop("read")
    encoder = SentenceTransformer(str(find_packaged_weights()), device="cpu")
    vectors = encoder.encode(texts, show_progress_bar=False)
    stop("embed")
    model = BERTopic(embedding_model=encoder)
    model.fit_transform(texts, vectors)
    stop("fit")
    moves = model.topics_over_time(texts, days, nr_bins=20)
    model.visualize_topics_over_time(moves).write_html(figure)
    stop("topics over time")
    print(json.dumps({"seconds": seconds, "total": time.perf_counter() - started, "n_papers": len(papers)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
