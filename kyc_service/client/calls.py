"""Every operation on verifications, once: the request, and how its answer is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from kyc_service.client.errors import Conflict, Problem, WaitedTooLong
from kyc_service.client.forms import (
    ApplicantResult,
    Capture,
    Challenge,
    ClientToken,
    Event,
    Page,
    PhoneCode,
    PhoneCodeCheck,
    Verification,
)
from kyc_service.client.reading import nothing, one
from kyc_service.client.steps import Call, Request, ask, get, now_s, pause, post, put, upload

LONGEST_WAIT_S: Final = 60
"""How long the service can be asked to keep a submission's answer back."""

_FIRST_LOOK_S: Final = 0.5
_SELDOMEST_LOOK_S: Final = 5.0
_VERIFICATIONS: Final = "/v1/verifications"
_BYTES: Final = "application/octet-stream"

Claims = Mapping[str, Any]
"""What is claimed of the applicant; docs/claims.md lists the keys. Times may be datetimes."""


def create_verification(
    *,
    use_case: str = "onboarding",
    tier: str = "standard",
    claims: Claims | None = None,
    reference: str | None = None,
    idempotency_key: str | None = None,
) -> Call[Verification]:
    """Open a verification.

    ``reference`` is your own name for the applicant. With an ``idempotency_key`` of your own (the application's
    number, for example), one and the same verification is answered also after your process died and asks again.
    """
    body = {"use_case": use_case, "tier": tier}
    named = {} if reference is None else {"reference": reference}
    claimed = {} if claims is None else {"claims": plain(claims)}
    return one(Verification, post(_VERIFICATIONS, body | named | claimed, key=idempotency_key))


def get_verification(verification_id: str) -> Call[Verification]:
    """Read a verification with its captures and its latest report."""
    return one(Verification, get(_at(verification_id)))


def give_consent(
    verification_id: str,
    *,
    text_version: str,
    locale: str,
    purposes: Sequence[str] = ("verification",),
    given_at: datetime | None = None,
    version: int | None = None,
) -> Call[Verification]:
    """Put on record what the applicant agreed to, in which words; see docs/guide.md for the purposes."""
    said = {"text_version": text_version, "locale": locale, "purposes": list(purposes)}
    when = {} if given_at is None else {"given_at": given_at.isoformat()}
    return one(Verification, put(_at(verification_id, "consent"), said | when, version))


def put_claims(verification_id: str, claims: Claims, *, version: int | None = None) -> Call[Verification]:
    """Replace all claims; with ``version``, only if nobody changed the verification since."""
    return one(Verification, put(_at(verification_id, "claims"), plain(claims), version))


def put_capture(verification_id: str, kind: str, picture: Path | str | bytes) -> Call[Capture]:
    """Upload a picture: ``document_front``, ``document_back`` or ``selfie``; JPEG, PNG, WebP or HEIC."""
    return one(Capture, upload(_at(verification_id, "captures", kind), picture, _BYTES))


def put_clip(verification_id: str, clip: Path | str | bytes) -> Call[Capture]:
    """Upload the answer to the challenge: an MP4 or WebM video. Each challenge takes one answer."""
    content = clip if isinstance(clip, bytes) else Path(clip).read_bytes()
    try:
        return (yield from one(Capture, upload(_at(verification_id, "captures", "liveness"), content, _BYTES)))
    except Conflict as conflict:
        # Whose first try arrived, but not its answer, is told that the challenge was answered: by itself?
        mine = yield from _uploaded(verification_id, content)
        if conflict.code != "challenge_answered" or mine is None:
            raise
        return mine


def new_challenge(verification_id: str, kind: str = "actions") -> Call[Challenge]:
    """Draw another liveness challenge: ``actions``, or ``flash``. It takes the place of the earlier one."""
    return one(Challenge, post(_at(verification_id, "challenge"), {"kind": kind}))


def send_phone_code(verification_id: str) -> Call[PhoneCode]:
    """Send a one-time code to the claimed number; ``delivery`` says whether it went."""
    return one(PhoneCode, post(_at(verification_id, "phone-code"), {}))


def check_phone_code(verification_id: str, code: str) -> Call[PhoneCodeCheck]:
    """Repeat the code. A wrong one is an answer (``confirmed`` is false), not an error."""
    return one(PhoneCodeCheck, post(_at(verification_id, "phone-code", "check"), {"code": code}))


def submit(verification_id: str, *, wait_s: float = 0.0, idempotency_key: str | None = None) -> Call[Verification]:
    """Have it decided. With ``wait_s`` (at most 60) the answer comes with the result, if that comes in time."""
    wait_s = min(wait_s, LONGEST_WAIT_S)
    return one(Verification, post(_at(verification_id, "submit"), key=idempotency_key, waits_s=wait_s))


def wait_for_result(verification_id: str, *, timeout_s: float = 120.0) -> Call[Verification]:
    """Read a verification again and again, until it is no longer at work.

    Raises:
        WaitedTooLong: it still is after ``timeout_s``.
    """
    until_s = (yield from now_s()) + timeout_s
    look_s = _FIRST_LOOK_S
    while True:
        found = yield from get_verification(verification_id)
        if not found.is_at_work:
            return found
        left_s = until_s - (yield from now_s())
        if left_s <= 0:
            raise WaitedTooLong(f"{verification_id} has no result after {timeout_s:.0f} s.")
        yield from pause(min(look_s, left_s))
        look_s = min(_SELDOMEST_LOOK_S, look_s * 1.5)


def verify(
    captures: Mapping[str, Path | str | bytes],
    claims: Claims | None = None,
    *,
    consent: Mapping[str, Any] | None = None,
    clip: Path | str | bytes | None = None,
    use_case: str = "onboarding",
    tier: str = "standard",
    reference: str | None = None,
    timeout_s: float = 120.0,
    idempotency_key: str | None = None,
) -> Call[Verification]:
    """Everything at once: open, consent, upload, submit, wait.

    ``captures`` by kind. ``consent`` has ``text_version``, ``locale`` and ``purposes``; a live client's verification
    needs it. ``clip`` is for the sandbox's sample applicants: an applicant answers a challenge that is drawn first.
    Called again with the same ``idempotency_key``, it goes on where the first call stopped, and submits once.

    Raises:
        WaitedTooLong: there is no result after ``timeout_s``; it comes all the same.
    """
    opened = yield from create_verification(
        use_case=use_case, tier=tier, claims=claims, reference=reference, idempotency_key=idempotency_key
    )
    if idempotency_key is not None:
        # The answer is the one of the first time: it may have come further since.
        opened = yield from get_verification(opened.id)
    if opened.attempt or not opened.is_open:
        return (yield from wait_for_result(opened.id, timeout_s=timeout_s))
    if consent is not None:
        yield from give_consent(opened.id, **consent)
    for kind in captures:
        yield from put_capture(opened.id, kind, captures[kind])
    if clip is not None:
        yield from put_clip(opened.id, clip)
    submitted = yield from submit(opened.id, wait_s=timeout_s)
    if submitted.is_at_work:
        return (yield from wait_for_result(opened.id, timeout_s=timeout_s))
    return submitted


def cancel(verification_id: str, *, idempotency_key: str | None = None) -> Call[Verification]:
    """Give a verification up: it takes no more input and gets no verdict."""
    return one(Verification, post(_at(verification_id, "cancel"), key=idempotency_key))


def result(verification_id: str, *, language: str | None = None) -> Call[ApplicantResult]:
    """Read what may be shown to the applicant; ``language`` as in ``Accept-Language``: en, zh."""
    asked = get(_at(verification_id, "result"))
    headers = {} if language is None else {"Accept-Language": language}
    return one(ApplicantResult, Request(asked.method, asked.path, headers=headers))


def report(verification_id: str) -> Call[dict[str, Any]]:
    """Read the latest report."""
    return one(dict[str, Any], get(_at(verification_id, "report")))


def report_page(verification_id: str) -> Call[str]:
    """Read the latest report as a page for staff (HTML); it holds personal data and pictures."""
    answer = yield from ask(get(_at(verification_id, "report.html")))
    return answer.body.decode()


def events(verification_id: str) -> Call[tuple[Event, ...]]:
    """Read everything that happened to a verification, oldest first."""
    page = yield from one(Page[Event], get(_at(verification_id, "events")))
    return page.items


def client_token(verification_id: str, *, lifetime_min: int = 60) -> Call[ClientToken]:
    """Make a token that lets the applicant's browser work on this verification, and on nothing else."""
    return one(ClientToken, post(_at(verification_id, "client-token"), {"lifetime_min": lifetime_min}))


def block_face(verification_id: str, reason: str) -> Call[None]:
    """Put the face of a verification on the blocklist; ``reason`` is a code of your own."""
    return nothing(put(_at(verification_id, "face-block"), {"reason": reason}))


def unblock_face(verification_id: str) -> Call[None]:
    """Take the face of a verification off the blocklist."""
    return nothing(Request("DELETE", _at(verification_id, "face-block")))


def list_verifications(
    after: str | None,
    /,
    *,
    status: str | None = None,
    reference: str | None = None,
    use_case: str | None = None,
    tier: str | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    page_size: int = 100,
) -> Call[Page[Verification]]:
    """Iterate over verifications, newest first; pages are fetched as they are needed."""
    asked = get(
        _VERIFICATIONS,
        limit=page_size,
        starting_after=after,
        status=status,
        reference=reference,
        use_case=use_case,
        tier=tier,
        created_after=_time(created_after),
        created_before=_time(created_before),
    )
    return one(Page[Verification], asked)


def search_verifications(
    after: str | None,
    /,
    *,
    id_number: str | None = None,
    phone_number: str | None = None,
    reference: str | None = None,
    page_size: int = 100,
) -> Call[Page[Verification]]:
    """Iterate over the verifications of one ID number, phone number or reference.

    Name one of them. It travels in the body: a URL is written down wherever it passes.
    """
    named = {"id_number": id_number, "phone_number": phone_number, "reference": reference}
    sought = named | {"starting_after": after, "limit": page_size}
    body = {name: value for name, value in sought.items() if value is not None}
    return one(Page[Verification], post(f"{_VERIFICATIONS}/search", body))


def plain(claims: Claims) -> dict[str, Any]:
    """``claims`` as JSON has them.

    >>> from datetime import UTC
    >>> plain({"phone_confirmed_at": datetime(2026, 11, 24, tzinfo=UTC)})
    {'phone_confirmed_at': '2026-11-24T00:00:00+00:00'}
    """
    written = json.dumps(dict(claims), default=_time)
    read: dict[str, Any] = json.loads(written)
    return read


def _uploaded(verification_id: str, content: bytes) -> Call[Capture | None]:
    try:
        found = yield from get_verification(verification_id)
    except Problem:
        return None
    sha256 = hashlib.sha256(content).hexdigest()
    return next((kept for kept in found.captures if kept.kind == "liveness" and kept.sha256 == sha256), None)


def _at(verification_id: str, *more: str) -> str:
    return "/".join((_VERIFICATIONS, verification_id, *more))


def _time(value: object) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else None
