from __future__ import annotations

from pathlib import Path

import pytest

from kyc_service.evaluation.faces.pairs import PairsUnusable, identity_of, read_pairs

HEADER = "path_a,path_b,same\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for person, count in (("ada", 2), ("bob", 1)):
        (tmp_path / person).mkdir()
        for i in range(count):
            (tmp_path / person / f"{i}.png").write_bytes(b"")
    return tmp_path


def listed(folder: Path, text: str) -> Path:
    (folder / "pairs.csv").write_text(text, "utf-8")
    return folder / "pairs.csv"


def test_a_list_knows_its_pictures_people_and_mated_pairs(folder: Path) -> None:
    rows = "ada/0.png,ada/1.png,1,x\nada/0.png,bob/0.png,0,x\nada/0.png,ada/1.png,1,y\n"
    found = read_pairs(listed(folder, "\ufeff" + HEADER.replace("same", "same,fold") + rows))
    assert (found.title, len(found.paths), len(found.mated), len(found.pairs)) == ("pairs", 3, 1, 3)
    assert {Path(identity_of(path)).name for path in found.paths} == {"ada", "bob"}
    data_set = found.data_set()
    assert (data_set.pictures, data_set.identities, len(data_set.list_sha256)) == (3, 2, 64)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lists no pair"),
        (HEADER, "lists no pair"),
        ("path_a,same\nada/0.png,1\n", "line 1: the column 'path_b' is missing; needed are path_a, path_b, same"),
        (HEADER + "ada/0.png,ada/1.png,yes\n", "line 2, column 'same': 'yes' is neither 1 nor 0"),
        (HEADER + "ada/0.png,ada/1.png\n", "line 2, column 'same': '' is neither 1 nor 0"),
        (HEADER + "ada/0.png,,1\n", "line 2, column 'path_b': it is empty"),
        (HEADER + "ada/0.png,ada/1.png,1\nada/0.png,bob/7.png,0\n", "line 3, column 'path_b': there is no file"),
        (HEADER + "../x.png,ada/1.png,1\n", "only paths in the list's folder"),
        (HEADER + "/etc/passwd,ada/1.png,1\n", "only paths in the list's folder"),
        (HEADER + "ada/0.png,bob/0.png,1\n", "line 2, column 'same': 1, but the pictures lie in two folders"),
        (HEADER + "ada/0.png,ada/1.png,0\n", "line 2, column 'same': 0, but the pictures lie in one folder"),
        (HEADER + "ada/0.png,ada/0.png,1\n", "line 2: a picture is not compared with itself"),
        (HEADER + "ada/0.png,bob/0.png,0\n", "no pair has same = 1"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(folder: Path, text: str, said: str) -> None:
    with pytest.raises(PairsUnusable) as caught:
        read_pairs(listed(folder, text))
    assert said in str(caught.value)
    assert str(folder) not in str(caught.value)


def test_bytes_that_are_no_text_are_refused(folder: Path) -> None:
    (folder / "pairs.csv").write_bytes(b"path_a,path_b,same\n\xff\xfe\n")
    with pytest.raises(PairsUnusable, match="not UTF-8"):
        read_pairs(folder / "pairs.csv")


def test_a_list_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(PairsUnusable, match="cannot be read"):
        read_pairs(folder / "other.csv")
