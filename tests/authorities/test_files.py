"""A register that is a file: who is on record, who is on a list, and files that answer nothing."""

from __future__ import annotations

import csv
import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kyc_service.authorities.files import FileAuthority
from kyc_service.authorities.question import AuthorityQuestion, Particulars
from kyc_service.authorities.silence import AuthoritySilent
from kyc_service.domain.authority import Answer, AuthorityAnswer, Channel

NAME, NUMBER, PHONE = "陆青禾", "33010619850312998X", "+8613805710000"
ROWS = [
    {"full_name": NAME, "id_number": NUMBER.lower(), "phone_number": PHONE, "reference": "row-a"},
    {"full_name": NAME, "id_number": NUMBER, "phone_number": "+86 139 0000 0000"},
    {"full_name": "欧阳·示例", "id_number": "110105194912310021", "phone_number": ""},
]
LISTED = [
    {"full_name": "Ivan PÉTROV", "date_of_birth": "1970-05-01", "aliases": ["Petrov Iwan"], "reference": "UN-1"},
    {"full_name": "LU Qing-he", "date_of_birth": "1985"},
    {"full_name": "Nobody Known", "date_of_birth": ""},
]


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".json":
        path.write_text(json.dumps(rows), encoding="utf-8")
        return path
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        columns = sorted({column for row in rows for column in row})
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({k: "|".join(v) if isinstance(v, list) else v for k, v in row.items()} for row in rows)
    return path


@pytest.fixture(params=["list.csv", "list.json"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / str(request.param)


def ask(authority: FileAuthority, **known: Any) -> AuthorityAnswer:
    return authority.ask(AuthorityQuestion("q", authority.channel, Particulars(**known)))


@pytest.mark.parametrize(
    ("name", "number", "phone", "answer"),
    [
        (NAME, NUMBER, PHONE, Answer.CONFIRMED),
        (NAME, "330106 19850312 998x", "+8613900000000", Answer.CONFIRMED),
        (NAME, NUMBER, "+8613700000000", Answer.CONTRADICTED),
        ("陆青和", NUMBER, PHONE, Answer.CONTRADICTED),
        ("欧阳示例", "110105194912310021", None, Answer.CONFIRMED),
        (NAME, "110105194912310021", None, Answer.CONTRADICTED),
        (NAME, "440106198511057654", None, Answer.NOT_ON_RECORD),
    ],
)
def test_name_number_and_phone(file: Path, name: str, number: str, phone: str | None, answer: Answer) -> None:
    authority = FileAuthority(Channel.CARRIER, written(file, ROWS))
    assert ask(authority, full_name=name, id_number=number, phone=phone).answer is answer


def test_the_reference_names_the_row_and_the_very_file(file: Path) -> None:
    authority = FileAuthority(Channel.CARRIER, written(file, ROWS))
    assert ask(authority, full_name=NAME, id_number=NUMBER, phone=PHONE).reference == "row-a"
    second = ask(authority, full_name=NAME, id_number=NUMBER, phone="+8613900000000").reference
    assert second.endswith(":2")
    assert ask(authority, full_name=NAME, id_number="1").reference == second.removesuffix(":2")


@pytest.mark.parametrize(
    ("name", "others", "born", "answer"),
    [
        ("PETROV, IVAN", (), date(1970, 5, 1), Answer.POSSIBLE_HIT),
        ("Iwan Petrov", (), date(1970, 5, 1), Answer.POSSIBLE_HIT),
        ("Ivan Petrov", (), date(1970, 5, 2), Answer.NOT_ON_RECORD),
        ("Ivan Petrov", (), None, Answer.POSSIBLE_HIT),
        ("陆青禾", ("LU QINGHE",), date(1985, 3, 12), Answer.POSSIBLE_HIT),
        ("陆青禾", ("LU QINGHE",), date(1986, 3, 12), Answer.NOT_ON_RECORD),
        ("Known Nobody", (), date(2000, 1, 1), Answer.POSSIBLE_HIT),
        ("Ivan Petrova", (), date(1970, 5, 1), Answer.NOT_ON_RECORD),
    ],
)
def test_a_list_of_sanctions_goes_by_name_and_birth_date(
    file: Path, name: str, others: tuple[str, ...], born: date | None, answer: Answer
) -> None:
    authority = FileAuthority(Channel.SANCTIONS, written(file, LISTED))
    assert ask(authority, full_name=name, other_names=others, date_of_birth=born).answer is answer


def test_a_new_list_counts_at_once(file: Path) -> None:
    authority = FileAuthority(Channel.CARRIER, written(file, ROWS))
    assert ask(authority, full_name=NAME, id_number="999").answer is Answer.NOT_ON_RECORD
    new = written(file.with_name(f"new{file.suffix}"), [{"full_name": NAME, "id_number": "999"}])
    new.replace(file)
    assert ask(authority, full_name=NAME, id_number="999").answer is Answer.CONFIRMED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("l.csv", b""),
        ("l.csv", b"full_name,id_number\n"),
        ("l.csv", b"full_name,id_numbre\na,1\n"),
        ("l.csv", b"full_name,id_number\na,1,2\n"),
        ("l.csv", b"full_name,id_number\n,1\n"),
        ("l.csv", b"full_name,date_of_birth\na,1.5.1970\n"),
        ("l.csv", "full_name,id_number\n陆青禾,1\n".encode("gbk")),
        ("l.json", b""),
        ("l.json", b"[]"),
        ("l.json", b"{}"),
        ("l.json", b"[1]"),
        ("l.json", b'[{"full_name": 1}]'),
        ("l.json", b'[{"full_name": "a", "aliases": [1]}]'),
        ("l.json", b'[{"full_name": "a"}'),
        ("l.json", b"[" * 100_000),
    ],
)
def test_a_file_that_is_no_list_clears_nobody(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AuthoritySilent) as silent:
        ask(FileAuthority(Channel.SANCTIONS, tmp_path / name), full_name="a")
    assert silent.value.__cause__ is None


def test_a_file_that_is_gone_answers_nothing(file: Path) -> None:
    authority = FileAuthority(Channel.CARRIER, written(file, ROWS))
    ask(authority, full_name=NAME, id_number=NUMBER)
    file.unlink()
    with pytest.raises(AuthoritySilent):
        ask(authority, full_name=NAME, id_number=NUMBER)


def test_a_list_older_than_agreed_answers_nothing(file: Path) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    authority = FileAuthority(Channel.CARRIER, written(file, ROWS), timedelta(hours=36), lambda: now)
    os.utime(file, times=((now - timedelta(hours=35)).timestamp(),) * 2)
    assert ask(authority, full_name=NAME, id_number=NUMBER).answer is Answer.CONFIRMED
    os.utime(file, times=((now - timedelta(hours=37)).timestamp(),) * 2)
    with pytest.raises(AuthoritySilent) as silent:
        ask(authority, full_name=NAME, id_number=NUMBER)
    assert silent.value.cause == "the file is older than agreed"
