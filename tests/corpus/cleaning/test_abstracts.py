import pytest

from analysis.corpus.cleaning import clean_abstract

BODY = "Robots fall often. We ask why, and find that floors are wet."


@pytest.mark.parametrize(
    "notice",
    [
        "© 2024 Elsevier Ltd. All rights reserved.",
        "© 2024, The Author(s).",
        "© 2024",
        "Copyright 2024 Elsevier B.V., All rights reserved.",
        "Copyright (c) 2019 The Authors.",
        "(C) 2020 The Authors. Published by Robot Press.",
        "Copyright © 2019 The Authors. Published by Elsevier Masson SAS.. All rights reserved.",
        "© 2020 The Authors. Journal of Falls published by John Wiley & Sons Ltd on behalf of the Falling Society.",
        "© 2010 The Authors. Wet Reviews © 2010 Falling Society.",
        "© The Author(s) 2019. Published by Oxford University Press on behalf of the Society for Floors.",
        "© 2019 Wiley-VCH Verlag GmbH & Co. KGaA, Weinheim",
        "© 2022, Walker et al.",
        "Copyright: © 2024 Walker et al. This is an open access article distributed under the terms of a licence.",
        "© 2020 by the authors. Licensee MDPI, Basel, Switzerland.",
        "Copyright © 2020 The Authors, some rights reserved; exclusive licensee Falling Society. No claim to original "
        "U.S. Government Works.",
        "(c) RSNA, 2020.",
        "(PsycInfo Database Record (c) 2021 APA, all rights reserved)",
    ],
)
def test_a_notice_at_the_end_goes_and_nothing_else(notice):
    assert clean_abstract(f"{BODY} {notice}") == BODY


@pytest.mark.parametrize(
    "notice", ["© 2021. The Author(s).", "© 2018 Elsevier B.V.", "Copyright © 2020 Falling Society."]
)
def test_a_notice_at_the_head_goes_and_nothing_else(notice):
    assert clean_abstract(f"{notice} {BODY}") == BODY


@pytest.mark.parametrize(
    "text",
    [
        "Copyright infringement is common. We study it.",
        "We study the law. Copyright law in 2020 was changed.",
        "We use (a) maps. (b) logs. (c) 2019 census data.",
        "All rights are equal, we find.",
        "We ask what copyright means for models.",
        f"{BODY} We discuss what © 2020 notices are good for.",
        "Abstract reasoning is hard.",
        "Summary statistics help.",
        "No abstract is needed for robots.",
    ],
)
def test_sentences_of_the_authors_stay(text):
    assert clean_abstract(text) == text


@pytest.mark.parametrize(
    "raw",
    [
        "[No abstract available]", "No abstract available.", "Abstract not available", "N/A", " nan ", "",
        "-", "Abstract: none", "Abstract", "Not available", "International audience", "© 2020 Elsevier",
        "<p>[No abstract available]</p>",
    ],
)  # fmt: skip
def test_a_source_that_says_it_has_no_abstract_gives_none(raw):
    assert clean_abstract(raw) == ""


@pytest.mark.parametrize(
    "raw", ["Abstract: {}", "ABSTRACT {}", "Abstract. {}", "Summary: {}", "Abstract — {}", "• Abstract: Abstract: {}"]
)
def test_the_heading_of_an_abstract_is_taken_off(raw):
    assert clean_abstract(raw.format(BODY)) == BODY


def test_a_heading_that_ran_into_the_text_is_taken_off():
    assert clean_abstract(f"AbstractBackground {BODY}") == f"Background {BODY}"
