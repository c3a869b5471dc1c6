from __future__ import annotations

from pathlib import Path

import pytest

from kyc_service.evaluation.pad.manifest import UNNAMED, PadManifestUnusable, PresentationList, read_pad_manifest


def read(folder: Path, text: str) -> PresentationList:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (folder / name).write_bytes(b"x")
    (folder / "frames").mkdir(exist_ok=True)
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return read_pad_manifest(path)


def test_labels_are_read_in_several_spellings_and_other_columns_ignored(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "path,label,attack,note\na.jpg,bona_fide,,x\nb.jpg,spoof,print,y\nc.jpg,Real,live,z\nframes,attack,,\n",
    )
    assert [one.is_bona_fide for one in found.presentations] == [True, False, True, False]
    assert [one.species for one in found.presentations] == ["", "print", "", UNNAMED]
    assert [one.row for one in found.presentations] == [2, 3, 4, 5]


def test_rows_of_one_clip_are_one_presentation(tmp_path: Path) -> None:
    found = read(
        tmp_path, "path,label,attack,clip,subject\na.jpg,attack,print,1,s\nb.jpg,attack,print,1,s\nc.jpg,real,,,t\n"
    )
    assert [len(one.paths) for one in found.presentations] == [2, 1]
    assert [one.subject for one in found.presentations] == ["s", "t"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "row 1: the column 'path' is missing"),
        ("path\na.jpg\n", "row 1: the column 'label' is missing"),
        ("path,label\n", "names no presentation"),
        ("path,label\na.jpg,maybe\n", "row 2, column 'label': 'maybe'"),
        ("path,label\na.jpg,real\nno.jpg,real\n", "row 3, column 'path': there is no file or folder 'no.jpg'"),
        ("path,label\n../a.jpg,real\n", "row 2, column 'path'"),
        ("path,label\na.jpg\n", "row 2: 1 cells"),
        ("path,label,attack,clip\na.jpg,attack,print,1\nb.jpg,real,,1\n", "row 3: clip '1' is labelled otherwise"),
    ],
)
def test_a_refusal_names_file_row_and_column(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PadManifestUnusable, match=r"list\.csv") as refused:
        read(tmp_path, text)
    assert said in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"path,label\n\xff\xfe")
    with pytest.raises(PadManifestUnusable, match="UTF-8"):
        read_pad_manifest(path)
