"""What the terminal says of an evaluation."""

from __future__ import annotations

import io

from rich.console import Console

from kyc_service.cli.evaluation_table import print_evaluation
from kyc_service.evaluation.documents.evaluation import Run, evaluation_to_json
from kyc_service.evaluation.documents.manifest import PictureList
from kyc_service.evaluation.documents.seen import PictureSeen, State
from tests.evaluation.documents.builders import labelled, policy, read, seen

NUMBER = {"id_number": "330106198503129989"}


def printed(pictures: list[PictureSeen]) -> str:
    run = Run("Cards", PictureList((), "ab" * 32, {"attack": "none"}), policy(), {}, "2026-11-23", 1)
    out = io.StringIO()
    print_evaluation(evaluation_to_json(run, pictures, is_public=False), Console(file=out, width=160))
    return out.getvalue()


def test_dangerous_values_crashes_and_assumptions_are_said() -> None:
    wrong = {"id_number": read("33010619850312998[0]", 0.97, ends_clear=True)}
    said = printed(
        [
            seen(labelled(2, NUMBER), wrong),
            seen(labelled(3, NUMBER, fault="blur"), state=State.SENT_BACK, retakes=("document_blurred",)),
            seen(labelled(4), state=State.CRASHED),
        ]
    )
    assert "no column 'attack': taken for 'none'" in said
    assert "row 2 id_number wrong but certain and clear" in said
    assert "was read as 33010619850312998[0], lowest character 0.970" in said
    assert "document_blurred 1" in said
    assert "row 4 crashed" in said


def test_without_dangers_none_is_printed() -> None:
    said = printed([seen(labelled(2, NUMBER), {"id_number": read(NUMBER["id_number"])})])
    assert "wrong but certain and" not in said
    assert "0 of 1 (at most 79 %)" in said
