"""Where the records of JSON text lie, and what damage costs."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corpus.formats.json.cutting import cut_elements
from analysis.corpus.formats.json.generic import JSON_FORMATS
from analysis.corpus.formats.json.items import list_items, parse_value
from analysis.corpus.formats.json.shape import Shape, find_shape
from tests.corpus.made_sources import make_source, read_with

GENERIC = JSON_FORMATS[-1]


def paper(number):
    return {
        "id": number,
        "title": f'Arm {number} {{of}} "steel" \\',
        "authors": [{"id": 1, "name": "Ann Ng"}, {"id": 2, "name": "Cy Bee"}],
        "is_open": True,
        "score": -1.5e3,
        "note": None,
    }


def ids_in(text):
    return [value and value.get("id") for value, *_ in cut(text)]


class Dripping:
    """A stream that gives a few bytes at a time."""

    def __init__(self, content, n_bytes):
        self._stream, self._n_bytes = io.BytesIO(content), n_bytes

    def read(self, _):
        return self._stream.read(self._n_bytes)


def cut(text, n_bytes=2**20):
    elements = cut_elements(Dripping(text.encode(), n_bytes), parse_value, container="sequence")
    return [(element.value, element.fault, element.content) for element in elements]


DAMAGE = {
    "a quotation mark too many": lambda text: text.replace("Arm", 'A"rm'),
    "a quoted word": lambda text: text.replace("Arm", '"Arm"'),
    "cut off": lambda text: text[:30],
    "no closing brace": lambda text: text[:-1],
    "no opening bracket": lambda text: text.replace("[", "", 1),
    "half a word": lambda text: text.replace("true", "tru"),
    "a lost comma": lambda text: text.replace(",", " ", 1),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("between", [",\n", "\n", ", "])
@pytest.mark.parametrize("n_bytes", [7, 2**20])
def test_a_damaged_record_costs_itself_alone(damage, indent, between, n_bytes):
    texts = [json.dumps(paper(number), indent=indent) for number in range(5)]
    texts[2] = damage(texts[2])
    found = cut(f"[{between.join(texts)}]", n_bytes)
    assert [value and value["id"] for value, *_ in found] == [0, 1, None, 3, 4]
    assert found[2][1]
    assert found[2][2].decode().startswith(texts[2][:20])


def test_a_raw_line_feed_in_a_string_is_taken():
    texts = [json.dumps(paper(number)).replace("of", "o\nf") for number in range(3)]
    assert ids_in(f"[{','.join(texts)}]") == [0, 1, 2]


def test_the_last_record_of_a_truncated_file_is_named_as_cut_off():
    text = json.dumps([paper(0), paper(1)])
    (first, second) = cut(text[:-40])
    assert first[0]["id"] == 0
    assert second[1] == "cut off at the end of the file"


@settings(max_examples=200)
@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=8)), max_size=6),
    st.booleans(),
    st.integers(1, 50),
)  # fmt: skip
def test_any_sound_array_is_cut_into_its_objects(objects, is_ascii, n_bytes):
    text = json.dumps(objects, ensure_ascii=is_ascii)
    assert [value for value, *_ in cut(text, n_bytes)] == objects


@settings(max_examples=300)
@given(st.text(alphabet='{}[]",:\\ \n1atrue\x00é', max_size=80), st.integers(1, 9))
def test_any_text_is_cut_to_its_end_and_alike_however_it_arrives(text, n_bytes):
    slow, fast = cut(text, n_bytes), cut(text)
    assert [str(value) for value, *_ in slow] == [str(value) for value, *_ in fast]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"title": "A"}\n{"title": "B"}\n', ("lines", ())),
        ('[{"title": "A"}]', ("sequence", ())),
        ('{\n "title": "A"\n}\n{\n "title": "B"\n}', ("sequence", ())),
        ('{"title": "A", "references": [{"title": "B"}]}', ("sequence", ())),
        ('{"status": "ok", "message": {"title": ["A"], "reference": [{"key": "x"}]}}', ("sequence", ())),
        ('{"meta": {"n": 1}, "results": [{"title": "A"}]}', ("array", ("results",))),
        ('{"results": []}', ("array", ("results",))),
        ('{"result": {"hits": {"hit": [{"info": {}}]}}}', ("array", ("result", "hits", "hit"))),
        ('{"a": [{"x": 1}], "b": [{"title": "A"}, {"title": "B"}]}', ("array", ("b",))),
        ('{"p1": {"title": "A"}, "p2": {"title": "B"}}', ("mapping", ())),
        ('{"data": ["{\'paper\': 1}"]}', ("array", ("data",))),
    ],
)
def test_the_records_are_found_in_every_container(text, expected):
    shape = find_shape(text.encode(), is_whole=True)
    assert (shape.container, shape.path) == expected


def test_other_lists_of_papers_are_named():
    shape = find_shape(b'{"results": [{"title": "A"}], "withdrawn": [{"title": "B"}]}', is_whole=True)
    assert shape.unread == ("withdrawn",)


CONTAINERS = {
    "lines": lambda items: "\n".join(map(json.dumps, items)),
    "lines with a mark and blank ones": lambda items: "\ufeff\n" + "\r\n\r\n".join(map(json.dumps, items)),
    "record separators": lambda items: "".join(f"\x1e{json.dumps(item)}\n" for item in items),
    "an array": json.dumps,
    "an array with a mark": lambda items: "\ufeff" + json.dumps(items, indent=1),
    "objects one after the other": lambda items: "\n".join(json.dumps(item, indent=2) for item in items),
    "objects without any gap": lambda items: "".join(map(json.dumps, items)),
    "a wrapper": lambda items: json.dumps({"count": 3, "results": items, "next": None}),
    "a wrapper with a mark": lambda items: "\ufeff" + json.dumps({"results": items}),
    "a wrapper of another name": lambda items: json.dumps({"about": {"x": [1]}, "my things": items}),
    "pages on lines": lambda items: json.dumps({"data": items[:2]}) + "\n" + json.dumps({"data": items[2:]}),
    "pages one after the other": lambda items: "".join(json.dumps({"data": [item]}, indent=1) for item in items),
    "arrays in an array": lambda items: json.dumps([items[:1], items[1:]]),
    "a mapping": lambda items: json.dumps({item["id"]: item for item in items}),
    "text of Python": lambda items: json.dumps({"status": "ok", "data": list(map(str, items))}),
    "text of JSON": lambda items: json.dumps({"data": list(map(json.dumps, items))}),
    "hits": lambda items: json.dumps({"hits": {"total": 3, "hits": [{"_id": "x", "_source": item} for item in items]}}),
}


@pytest.mark.parametrize("write", CONTAINERS.values(), ids=CONTAINERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_every_container_gives_the_same_records(tmp_path, write, encoding):
    items = [
        {"id": f"p{n}", "title": f"Café {n}\u2028 “x”", "abstract": "We move.", "date": "2023-05"} for n in range(3)
    ]
    path = tmp_path / "papers.txt"
    path.write_bytes(write(items).removeprefix("\ufeff" if encoding == "utf-16" else "").encode(encoding))
    records, set_aside, _, _ = read_with(GENERIC, path)
    assert [record.paper_id for record in records] == ["p0", "p1", "p2"]
    assert [record.title for record in records] == [item["title"] for item in items]
    assert not set_aside


def test_the_ids_of_a_mapping_become_the_ids_of_its_records(tmp_path):
    path = tmp_path / "papers.json"
    path.write_text(json.dumps({f"k{n}": {"title": f"T {n}"} for n in range(3)}))
    assert [record.paper_id for record in read_with(GENERIC, path).records] == ["k0", "k1", "k2"]


def test_pages_after_the_first_are_read_to_the_end(tmp_path):
    page = json.dumps(
        {"results": [{"title": f"T {n}", "abstract": "word " * 2000} for n in range(60)], "next": {"a": []}}
    )
    path = tmp_path / "pages.json"
    path.write_text(page + page)
    assert len(read_with(GENERIC, path).records) == 120


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'{"title": "A" "b"}', "not valid JSON"),
        (b"[" * 5000, "not a JSON object|nested too deeply|not valid JSON"),
        (b'{"title": 1' + b"0" * 9000 + b"}", "not valid JSON"),
        (b"[1, 2]", "not a JSON object"),
        (b"3", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"null", "not a JSON object"),
    ],
)
def test_a_line_without_an_object_is_set_aside_with_its_reason(tmp_path, content, fault):
    path = tmp_path / "p.jsonl"
    path.write_bytes(b'{"title": "A"}\n' + content + b'\n{"title": "B"}\n')
    records, (found,), _, _ = read_with(GENERIC, path)
    assert [record.title for record in records] == ["A", "B"]
    assert found.position == "line 2"
    assert any(reason in found.reason for reason in fault.split("|"))


def test_what_python_writes_beyond_the_standard_is_taken(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_bytes(
        b'{"title": "A", "year": NaN, "n_upvotes": Infinity}\n'
        b'{"title": "old", "title": "tab\there"},\n'
        b'{"title": "caf\xe9"}\n{"title": "half \\ud800"}\n'
    )
    records, set_aside, notes, _ = read_with(GENERIC, path)
    assert [record.title for record in records] == ["A", "tab\there", "café", "half \ud800"]
    assert records[0].span is records[0].n_upvotes is None
    assert not set_aside
    assert any("1 record is not UTF-8 (the first is line 3)" in note for note in notes)


def test_a_record_longer_than_any_is_set_aside_and_those_after_it_are_read(tmp_path, monkeypatch):
    for module in ("json.cutting", "json.items"):
        monkeypatch.setattr(f"analysis.corpus.formats.{module}.MAX_ELEMENT", 2**20)
    long = '{"title": "' + "a" * 5_000_000 + '"}'
    for name, text in {
        "p.jsonl": f'{{"title": "A"}}\n{long}\n{{"title": "B"}}\n',
        "p.json": f'[{{"title": "A"}},{long},{{"title": "B"}}]',
        "w.json": f'{{"results": [{{"title": "A"}},{{"x": [{"1," * 2_000_000}1]}},{{"title": "B"}}]}}',
    }.items():
        (tmp_path / name).write_text(text)
        records, (found,), _, _ = read_with(GENERIC, tmp_path / name)
        assert [record.title for record in records] == ["A", "B"]
        assert "longer than" in found.reason
        assert len(found.raw) < 5000


def test_an_object_nested_without_end_is_one_fault(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.corpus.formats.json.cutting._MOST_OPEN", 10_000)
    path = tmp_path / "p.json"
    path.write_text('[{"title": "A"}, ' + '{"a":' * 20_000)
    records, (found,), _, _ = read_with(GENERIC, path)
    assert [record.title for record in records] == ["A"]
    assert "nothing after it is read" in found.reason


def test_an_object_nested_too_deeply_costs_itself(tmp_path):
    path = tmp_path / "p.json"
    deep = '{"a":' * 2000 + "1" + "}" * 2000
    path.write_text(f'[{{"title": "A"}}, {deep}, {{"title": "B"}}]')
    records, (found,), _, _ = read_with(GENERIC, path)
    assert [record.title for record in records] == ["A", "B"]
    assert found.reason == "nested too deeply to be a record"


def test_items_are_given_as_they_are_read_and_not_held(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_text('{"title": "A"}\n' * 3)
    source = make_source(path)
    assert next(iter(list_items(source, Shape("lines")))).position == "line 1"


@pytest.mark.parametrize("form", ['{{"notes": [{}\n]}}', '{{"notes": [\n{}\n]}}\n', '{{\n"notes": [{}]\n}}'])
def test_a_wrapper_with_a_record_on_each_line_is_no_jsonl(tmp_path, form):
    path = tmp_path / "wrapped.json"
    path.write_text(form.format(",\n".join(json.dumps(paper(number)) for number in range(3))))
    read = read_with(GENERIC, path)
    assert ([record.paper_id for record in read.records], read.set_aside) == (["0", "1", "2"], [])
