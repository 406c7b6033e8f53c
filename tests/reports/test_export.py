import dataclasses
import json
import shutil
import struct
import zlib

import numpy as np
import pytest

from analysis.config import parse_config
from analysis.reports import (
    check_outputs,
    find_browser,
    render_figures,
    write_figures,
    write_manifest,
    write_report,
)
from analysis.reports import figures as figure_files
from analysis.reports.figures import NO_BROWSER, steady_svg
from analysis.reports.png import pack_png
from tests.made_study import make_tables
from tests.reports.rendered import draw_figures

CONFIG = parse_config({"figures": {"formats": ["html"]}})
HASHES = {"results/papers": "00", "derived/shares": "11"}


def write_all(folder, tables, config=CONFIG):
    figures = render_figures(tables, config)
    notes = write_figures(figures, folder, formats=config.figures.formats)
    write_report(tables, folder / "reports", formats=config.report.formats, config=config, figures=figures)
    write_manifest(folder, HASHES, figures=figures)
    return notes


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "figures"
    assert write_all(folder, make_tables()) == []
    return folder


def test_two_writings_are_equal_byte_for_byte(written, tmp_path):
    write_all(tmp_path / "figures", make_tables())
    assert contents(tmp_path / "figures") == contents(written)


def test_what_was_written_passes_the_check(written):
    assert check_outputs(make_tables(), written, HASHES, CONFIG) == []


CHANGED = ["paper-map.html", "plotly.min.js", "reports/papers.csv", "reports/report.md"]


def test_every_changed_byte_and_every_missing_file_is_found(written, tmp_path):
    folder = tmp_path / "figures"
    shutil.copytree(written, folder)
    for name in CHANGED:
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    (folder / "reports/report.html").unlink()
    found = check_outputs(make_tables(), folder, HASHES, CONFIG)
    changed = [f"figures/{name}: not what the tables give" for name in CHANGED]
    assert found == sorted([*changed, "figures/reports/report.html: missing"])


def test_a_changed_image_is_found_without_a_browser(written, tmp_path):
    folder = tmp_path / "figures"
    shutil.copytree(written, folder)
    (folder / "paper-map.png").write_bytes(b"drawn")
    write_manifest(folder, HASHES, figures=draw_figures("sixty papers"))
    (folder / "paper-map.png").write_bytes(b"dr4wn")
    found = check_outputs(make_tables(), folder, HASHES, CONFIG)
    assert found == ["figures/paper-map.png: changed since it was written"]


def test_a_changed_table_makes_its_figures_stale(written):
    tables = make_tables()
    shares = tables.shares.assign(share=tables.shares["share"] / 2)
    stale = check_outputs(dataclasses.replace(tables, shares=shares), written, HASHES, CONFIG)
    assert "figures/theme-shares: not the figure that the tables give" in stale
    assert not any("paper-map" in name for name in stale)


def test_a_table_of_another_run_is_named(written):
    stale = check_outputs(make_tables(), written, HASHES | {"results/papers": "99"}, CONFIG)
    assert stale == ["results/papers.parquet: not the table that the figures were made from"]


def test_no_manifest_is_a_fault_and_not_a_crash(tmp_path):
    assert check_outputs(make_tables(), tmp_path / "figures", HASHES, CONFIG) == [
        "figures/manifest.json: missing or damaged"
    ]


def test_the_manifest_lists_all_files_and_what_figures_read(written):
    manifest = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    listed = {name.removeprefix("figures/") for name in manifest["files"]}
    assert listed == set(contents(written)) - {"manifest.json"}
    assert manifest["figures"]["theme-shares"]["reads"] == ["derived/shares", "results/themes"]
    assert manifest["tables"] == HASHES


def test_no_page_takes_anything_from_the_network(written):
    for path in written.rglob("*.html"):
        assert "://cdn" not in path.read_text(encoding="utf-8")
    assert "://cdn" not in (written / "plotly.min.js").read_text(encoding="utf-8")


def test_without_a_browser_the_pages_come_and_a_note_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(figure_files, "find_browser", lambda: None)
    notes = write_figures(draw_figures("sixty papers"), tmp_path, formats=["html", "png", "svg"])
    assert notes == [NO_BROWSER]
    assert (tmp_path / "paper-map.html").exists()
    assert not list(tmp_path.glob("*.png"))


def test_a_browser_that_does_not_start_is_named_in_a_note(tmp_path, monkeypatch):
    broken = tmp_path / "browser"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(figure_files, "find_browser", lambda: str(broken))
    figures = {"paper-map": draw_figures("sixty papers")["paper-map"]}
    notes = write_figures(figures, tmp_path, formats=["png"])
    assert any("browser" in note for note in notes)
    assert not (tmp_path / "paper-map.png").exists()


def test_random_ids_of_an_svg_are_settled_and_colours_are_not():
    svg = '<g id="defs-aabbcc"><path id="clipaabbccxy" fill="#aabbcc" clip-path="url(#clipaabbccxy)"/></g>'
    assert steady_svg(svg).count("aabbcc") == 1
    assert 'fill="#aabbcc"' in steady_svg(svg)


def test_attributes_of_an_svg_come_in_one_order():
    one = '<svg width="2" style=""><rect y="1" x="a b"/></svg>'
    other = '<svg style="" width="2"><rect x="a b" y="1"/></svg>'
    assert steady_svg(one) == steady_svg(other) == '<svg style="" width="2"><rect x="a b" y="1"/></svg>'


def png(pixels, filters):
    height, width, _ = pixels.shape
    before = np.concatenate([np.zeros((1, width, 4), np.uint8), pixels[:-1]])
    rows = [
        bytes([kind]) + (pixels[i] - (before[i] if kind == 2 else 0)).astype(np.uint8).tobytes()
        for i, kind in enumerate(filters)
    ]
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))]
    parts += [(b"IDAT", zlib.compress(b"".join(rows), 1)), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_packed_png_is_smaller_and_shows_the_same_pixels():
    pixels = np.full((40, 60, 4), 255, np.uint8)
    pixels[5:30, 10:50, :3] = np.random.default_rng(1).integers(0, 4, (25, 40, 3)) * 60
    content = png(pixels, [2] * 40)
    packed = pack_png(content)
    assert len(packed) < len(content)
    assert struct.unpack(">IIBB", packed[16:26]) == (60, 40, 8, 2)
    rows = np.frombuffer(zlib.decompress(packed[41:]), np.uint8).reshape(40, 1 + 3 * 60)
    assert (rows[:, 0] == 0).all()
    assert np.array_equal(rows[:, 1:].reshape(40, 60, 3), pixels[..., :3])


def test_a_png_of_another_make_is_left_alone():
    pixels = np.full((4, 4, 4), 255, np.uint8)
    clear = pixels.copy()
    clear[0, 0, 3] = 0
    for content in (png(pixels, [0, 1, 2, 2]), png(clear, [2] * 4), b"no picture", b""):
        assert pack_png(content) == content


@pytest.mark.skipif(find_browser() is None, reason="needs a Chrome or Chromium")
@pytest.mark.slow
def test_images_are_equal_in_two_runs(tmp_path):
    figures = draw_figures("hostile text")
    some = {name: figures[name] for name in ("paper-map", "theme-sizes", "trend-forest")}
    for run in ("one", "two"):
        assert write_figures(some, tmp_path / run, formats=["png", "svg"]) == []
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert len(contents(tmp_path / "one")) == 6


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"files": {}, "figures": {"theme-shares": 3}, "tables": {}}',
        '{"files": {"figures/a.png": {}}, "figures": {}, "tables": {}}',
        '{"files": {"../../secret": {"sha256": "0"}}, "figures": {}, "tables": {}}',
    ],
)
def test_a_damaged_or_foreign_manifest_is_told_and_never_followed(tmp_path, text):
    from analysis.reports.manifest import check_outputs

    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    (fault,) = check_outputs(None, tmp_path, {}, None)
    assert "missing or damaged" in fault
