"""Random measurements as stages could make them, and some that they never would."""

from __future__ import annotations

from hypothesis import strategies as st

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, EvidenceValue, Finding, Measurement, NotAssessed, Region, Score
from kyc_service.domain.reasons import CATALOGUE, Reason
from tests.decision.policies import FRONT, POLICY, SELFIE, dlib, line, match

RETAKES = [reason for reason, entry in CATALOGUE.items() if entry.retake]
OTHERS = [reason for reason, entry in CATALOGUE.items() if not entry.retake]

CAPTURES = st.sampled_from([frozenset(), FRONT, SELFIE, FRONT | SELFIE])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.floats(), st.text(max_size=4), st.just("mobile")
)
VALUES = st.dictionaries(
    st.sampled_from(["line_type", "country", "source"]),
    st.one_of(SCALARS, st.lists(SCALARS, max_size=2)),
    max_size=2,
)
REGIONS = st.lists(
    st.builds(
        lambda kind, x, y: Region(kind, ((x, y), (x + 1.0, y), (x + 1.0, y + 0.1)), "a label"),
        st.sampled_from(CaptureKind),
        st.floats(0, 4000),
        st.floats(0, 4000),
    ),
    max_size=1,
).map(tuple)


def _evidence(regions: tuple[Region, ...], values: dict[str, EvidenceValue]) -> Evidence:
    return Evidence(regions, values)


EVIDENCE = st.builds(_evidence, REGIONS, VALUES)
RULED = sorted({(rule.check, rule.score) for rule in POLICY.scores})
SCORES = st.builds(
    lambda ruled, native, captures, evidence: Score(
        ruled[0], ruled[1], native, native / 3, "a model", captures, evidence
    ),
    st.sampled_from([*RULED, (CheckName.FACE_MATCH, "unheard_of"), (CheckName.AGE, "unheard_of")]),
    st.one_of(st.floats(-1e4, 1e4), st.floats(-1, 1), st.sampled_from([0.4, 0.1, 0.5, 0.4000004, 0.3999996])),
    CAPTURES,
    EVIDENCE,
)
REASONS = st.one_of(st.sampled_from(OTHERS), st.sampled_from(OTHERS), st.sampled_from(Reason))
FINDINGS = st.builds(
    lambda check, reasons, captures, evidence: Finding(check, tuple(reasons), captures, evidence),
    st.one_of(st.sampled_from([CheckName.FACE_MATCH, CheckName.PHONE_LINE_TYPE]), st.sampled_from(CheckName)),
    st.lists(REASONS, max_size=2),
    CAPTURES,
    EVIDENCE,
)
UNANSWERED = st.builds(
    NotAssessed, st.sampled_from(CheckName), REASONS, st.sampled_from(["", "a cause"]), CAPTURES, EVIDENCE
)
MEASUREMENTS: st.SearchStrategy[Measurement] = st.one_of(
    st.builds(match, st.floats(-1, 1)),
    st.builds(dlib, st.floats(0, 2)),
    st.builds(line, st.sampled_from(["mobile", "voip", "premium_rate"])),
    SCORES,
    FINDINGS,
    UNANSWERED,
)
SETS = st.lists(MEASUREMENTS, max_size=8).map(tuple)
