from __future__ import annotations

from pathlib import Path

import pytest

from kyc_service.domain.captures import CaptureKind
from kyc_service.evaluation.documents.manifest import EvaluationManifestUnusable, read_manifest

HEADER = "path,family,side,attack,id_number"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "list" / "front").mkdir(parents=True)
    for name in ("front/a.jpg", "b.jpg"):
        (tmp_path / "list" / name).write_bytes(b"a picture")
    (tmp_path / "outside.jpg").write_bytes(b"a picture")
    (tmp_path / "list" / "away.jpg").symlink_to(tmp_path / "outside.jpg")
    return tmp_path / "list"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "manifest.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_rows_are_read_as_they_are_written(folder: Path) -> None:
    path = written(
        folder,
        "path,family,side,attack,severity,fault,document,full_name,valid_until,mrz,x_seed",
        "front/a.jpg,td1,back,none,severe,glare,d1,,open,AB|CD,7",
        "",
        "b.jpg,none,front,screen_phone,,,,陆青禾,2030-01-31,,",
    )
    listed = read_manifest(path)
    first, second = listed.rows
    assert (first.row, first.family, first.side) == (2, "td1", CaptureKind.DOCUMENT_BACK)
    assert (first.severity, first.fault, first.document) == ("severe", "glare", "d1")
    assert first.truth == {"valid_until": "open", "mrz": "AB|CD"}
    assert (second.row, second.attack, second.truth) == (
        4,
        "screen_phone",
        {"full_name": "陆青禾", "valid_until": "2030-01-31"},
    )
    assert not first.is_plain
    assert not listed.assumed
    assert len(listed.sha256) == 64


def test_a_path_and_a_truth_are_enough_and_what_is_assumed_is_said(folder: Path) -> None:
    listed = read_manifest(written(folder, "path,id_number", "b.jpg,330106198503129989"))
    assert dict(listed.assumed) == {"family": "any", "side": "front", "attack": "none"}
    assert (listed.rows[0].family, listed.rows[0].is_plain) == ("any", True)


def test_a_byte_order_mark_is_no_part_of_the_first_column(folder: Path) -> None:
    path = folder / "manifest.csv"
    path.write_bytes("path,id_number\r\nb.jpg,1\r\n".encode("utf-8-sig"))
    assert read_manifest(path).rows[0].truth == {"id_number": "1"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), "'path' is missing"),
        (("family,side", "td1,front"), "'path' is missing"),
        (("path,id_number,colour", "b.jpg,1,red"), "row 1, column 3 ('colour')"),
        (("path,id_number,id_number", "b.jpg,1,1"), "'id_number' stands there twice"),
        (("path,x_note", "b.jpg,1"), "no column says what is true"),
        ((HEADER,), "names no picture"),
        ((HEADER, "b.jpg,td1,front,none"), "row 2: 4 cells, but the header has 5 columns"),
        (
            (HEADER, "b.jpg,td1,front,none,1", "c.jpg,td1,front,none,1"),
            "row 3, column 'path': there is no file 'c.jpg'",
        ),
        ((HEADER, ",td1,front,none,1"), "row 2, column 'path': it is empty"),
        ((HEADER, "../outside.jpg,td1,front,none,1"), "row 2, column 'path': only paths in the manifest's folder"),
        ((HEADER, "front/../b.jpg,td1,front,none,1"), "row 2, column 'path': only paths"),
        ((HEADER, "/etc/passwd,td1,front,none,1"), "row 2, column 'path': only paths"),
        ((HEADER, "away.jpg,td1,front,none,1"), "row 2, column 'path': it leads out"),
        ((HEADER, "b.jpg,td4,front,none,1"), "row 2, column 'family': 'td4' is none of"),
        ((HEADER, "b.jpg,td1,left,none,1"), "row 2, column 'side': 'left' is none of front, back"),
        ((HEADER, "b.jpg,td1,front,,1"), "row 2, column 'attack': '' is no name"),
        ((HEADER, "b.jpg,td1,front,Screen Phone,1"), "row 2, column 'attack'"),
        (("path,sex", "b.jpg,女"), "row 2, column 'sex': '女' is none of M, F, X"),
        (("path,severity,sex", "b.jpg,awful,M"), "row 2, column 'severity'"),
        (("path,fault", "b.jpg,upside_down"), "row 2, column 'fault'"),
        (("path,date_of_birth", "b.jpg,12.03.1985"), "row 2, column 'date_of_birth': '12.03.1985' is no ISO date"),
        (("path,date_of_birth", "b.jpg,open"), "row 2, column 'date_of_birth'"),
        (("path,valid_until", "b.jpg,2030-02-30"), "row 2, column 'valid_until'"),
        (("path,full_name", 'b.jpg,"a'), "row 2: unexpected end of data"),
    ],
)
def test_every_refusal_names_its_place(folder: Path, lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(EvaluationManifestUnusable) as refused:
        read_manifest(written(folder, *lines))
    assert said in refused.value.message


def test_what_is_no_text_is_refused(folder: Path) -> None:
    path = folder / "manifest.csv"
    path.write_bytes(b"path,full_name\nb.jpg,\xff\n")
    with pytest.raises(EvaluationManifestUnusable, match="not UTF-8"):
        read_manifest(path)
    with pytest.raises(EvaluationManifestUnusable, match="cannot be read"):
        read_manifest(folder / "nothing.csv")
