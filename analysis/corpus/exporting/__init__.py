"""Papers back into the formats of reference managers and tables.

What each format carries, so that `read_corpus` gives it back as it was:

=========================  ======  ===  ========  ===  =======
column                     BibTeX  RIS  CSL JSON  CSV  Parquet
=========================  ======  ===  ========  ===  =======
paper_id                   yes     yes  yes       yes  yes
title, abstract            yes     yes  yes       yes  yes
published to inferred      yes     yes  yes       yes  yes
authors, n_authors         yes     yes  yes       yes  yes
venue, doi, url, language  yes     yes  yes       yes  yes
arxiv_id, pmid             yes     yes  yes       yes  yes
openreview_id              yes     yes  yes       yes  yes
n_comments, n_upvotes      yes     yes  yes       yes  yes
source                     yes     yes  yes       yes  yes
label_*                    yes     yes  yes       yes  yes
topic, theme (as text)     out     out  out       out  out
other columns of a study   no      no   no        out  out
=========================  ======  ===  ========  ===  =======

"out" is written and not read back: a new study finds its own. All of it holds
for clean text, as `read_corpus` gives it: line breaks, runs of blanks and
control characters become one blank. What a format has no field for stands
under a name of ours (BibTeX ``label_area``, RIS ``U1  - label_area: ...``, CSL
JSON ``custom``), which other programs pass over. A span of days that is
neither a day, nor whole months, nor whole years is carried as a run of days
and comes back with the precision ``month``.
"""

from analysis.corpus.exporting.writing import EXPORTS, Export, write_papers

__all__ = ["EXPORTS", "Export", "write_papers"]
