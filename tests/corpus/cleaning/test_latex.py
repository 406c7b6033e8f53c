# ruff: noqa: RUF001 -- signs that look alike are what this is about
import pytest

from analysis.corpus.cleaning import clean_text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (r"\textbf{Bold} and \emph{fine \textit{print}}", "Bold and fine print"),
        (r"45\% of R\&D on a\_b for \$5", "45% of R&D on a_b for $5"),
        (r"36\\% more", "36% more"),
        (r"code at~\url{https://a.b/c} or \href{https://a.b}{here}", "code at https://a.b/c or here"),
        (
            r"na\"{\i}ve Schr\"odinger, Fr\'{e}chet, {\'E}cole, \c{c}a, \v{s}, Erd\H{o}s",
            "naïve Schrödinger, Fréchet, École, ça, š, Erdős",
        ),
        (r"S\o ren, \L{}\'od\'z, Stra\ss e, \AA ngstr\"om", "Søren, Łódź, Straße, Ångström"),
        (r"as shown~\cite{a,b}, see \citep[p. 3]{c} and Fig.~\ref{f}.", "as shown, see and Fig. ."),
        (r"{\bf Deep} and \textcolor{red}{red} \footnote{Code: x}", "Deep and red (Code: x)"),
        (r"\ourmethod~and \method{} beat \tsc{Foo}, \eg, here", "ourmethod and method beat Foo, e.g., here"),
        ("``closed-world'' and ``open''", '"closed-world" and "open"'),
        (r"the model\'s \"quoted words\"", 'the model\'s "quoted words"'),
        (r"a$\unicode{x2013}$b", "a–b"),
        ("textbf{Bold} from a listing", "Bold from a listing"),
    ],
)
def test_latex_becomes_the_text_that_it_prints(raw, clean):
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (r"$\alpha_1 \leq \beta$", "α_1 ≤ β"),
        (r"$O(n \log n)$ and $\tilde{O}(\sqrt{n}/\epsilon^2)$", "O(n log n) and Õ(√n/ε^2)"),
        (r"$x^2$, $x^{n-1}$, $x_{i}$ and 10$^{-5}$", "x^2, x^(n-1), x_i and 10^-5"),
        (r"$k$-means, $2\times$ faster, $\sim$40 and $10\%$", "k-means, 2× faster, ∼40 and 10%"),
        (r"\(\frac{a+b}{2}\) in $\mathbb{R}^d$", "(a+b)/2 in R^d"),
        (r"90$^\circ$ and 360{\deg}", "90° and 360°"),
    ],
)
def test_formulas_stay_readable(raw, clean):
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("{GPT} and {B}ayesian {Deep Learning}", "GPT and Bayesian Deep Learning"),
        ("{{A whole title: sets, and all}}", "A whole title: sets, and all"),
        ("5{,}000 w{i}th", "5,000 with"),
    ],
)
def test_braces_that_only_protect_go(raw, clean):
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $10, or US$5 to US$7",
        "a lone $ and {an open brace",
        "sets {0, 1} and {-1, 0, 1} or {GPT, BERT}",
        "about ~10%, 3~5x and 31.61%~99.23%",
        "https://a.b/~user/x_y",
        r"C:\temp\files",
        r'delimiters like "\n\n"',
        "f'' and 5''",
        "100% of x_i and x^2",
        "a `tick' and ```code```",
    ],
)
def test_what_is_no_latex_stays(text):
    assert clean_text(text) == text
