"""What a hostile or careless file can hold is a problem with its line, never a crash."""

from __future__ import annotations

import pytest

from kyc_service.policies.lines import read_lines


@pytest.mark.parametrize(
    "text",
    [
        b"a: !!bool perhaps",
        b'a: "\\UFFFFFFFF"',
        b"%YAML 1." + b"9" * 5000 + b"\n---\na",
        b"a: " + b"9" * 5000,
        b"a: " + b"1:" * 5000 + b"1",
    ],
    ids=["no_truth_value", "escape_beyond_unicode", "version_of_many_digits", "long_number", "long_sexagesimal"],
)
def test_what_has_the_form_of_a_value_and_is_none_is_told(text: bytes) -> None:
    (problem,) = read_lines(text).problems
    assert problem.line == 1
    assert len(problem.message) < 200


def test_long_text_is_text() -> None:
    assert read_lines(b"a: " + b"word " * 50).problems == []
