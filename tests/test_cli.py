"""The command line as a shell sees it."""

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import make_papers, write_jsonl

HEAVY = {"torch", "bertopic", "umap", "hdbscan", "plotly", "pandas", "numpy", "sklearn", "openvino", "pydantic"}


def call(*arguments, **options):
    command = [sys.executable, "-m", "analysis", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)


@pytest.mark.parametrize("statement", ["import analysis", "import analysis.cli; analysis.cli._build_parser()"])
def test_the_library_is_loaded_without_its_heavy_parts(statement):
    code = f"{statement}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert loaded & HEAVY == set()


def test_every_name_of_the_library_is_there():
    import analysis

    assert set(analysis.__all__) <= set(dir(analysis))
    for name in analysis.__all__:
        assert getattr(analysis, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        _ = analysis.nonsense


def test_the_module_and_the_script_are_the_same_command(tmp_path):
    assert "run" in call("--help").stdout
    refused = call("run", tmp_path / "gone.csv")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("themeline: ")
    assert refused.stderr.count("\n") == 1
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["run", "--nonsense"], ["search"], ["ingest", "a.csv"]])
def test_a_command_that_is_none_is_refused_with_its_usage(themeline, arguments):
    answer = themeline(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("usage: themeline")


@pytest.mark.parametrize("command", ["run", "figures", "report", "check", "search", "ingest"])
def test_each_command_explains_itself(themeline, command):
    answer = themeline(command, "--help")
    assert (answer.code, answer.err) == (0, "")


def test_a_reader_that_leaves_early_is_no_fault(small_study):
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "analysis", "search", str(small_study.root), "robots"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_text_is_printed_where_the_terminal_knows_ascii_only(tmp_path):
    source = write_jsonl(tmp_path / "papers.jsonl", make_papers(2, title="Caf\u00e9 \u8868\u73fe \U0001f916"))
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = call("ingest", source, "--out", tmp_path / "\u8868.parquet", env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 records read: 2 kept" in done.stdout


def test_ingest_writes_the_papers_and_the_account(tmp_path, themeline):
    source = write_jsonl(tmp_path / "papers.jsonl", [*make_papers(3), {"title": ""}])
    answer = themeline("ingest", source, "--out", tmp_path / "new" / "corpus.parquet")
    assert answer.code == 0
    assert answer.out.startswith("4 records read: 3 kept, 0 merged, 1 set aside.")
    account = json.loads((tmp_path / "new" / "corpus.ledger.json").read_text())
    assert account["ledger"] == {"read": 4, "merged": 0, "set_aside": 1, "kept": 3}
    assert "neither title nor abstract" in (tmp_path / "new" / "corpus.set_aside.jsonl").read_text()


def test_no_memory_left_is_one_line(themeline, monkeypatch, tmp_path):
    def fail(*sources, **options):
        raise MemoryError

    monkeypatch.setattr("analysis.corpus.read_corpus", fail)
    answer = themeline("ingest", tmp_path / "a.csv", "--out", tmp_path / "b.parquet")
    assert answer.code == 2
    assert answer.message.startswith("not enough memory")
