"""The claims document: the JSON form of claims, for the API, the command line and storage.

Everything is optional; unknown keys are refused, so that a misspelt claim is noticed
rather than silently never checked. Values are as the applicant typed them: whether a
number or a position is plausible is a check's question, not the form's.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from kyc_service.domain.claims import Claims, ClaimSource, Datum, Device, DeviceLocation, DocumentType
from kyc_service.errors import InvalidInput

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Without its offset a time is refused one step later, and by that name.
_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)

# The parser's own words, which name a place and never a value; anything else is not passed on.
_JSON_BROKEN: Final = re.compile(
    r"Invalid JSON: (?P<why>[A-Za-z0-9 ,:`()\\\]}-]{1,80}) at line (?P<line>[0-9]+) column (?P<column>[0-9]+)"
)
_NOT_UTF_8: Final = {"at": "", "code": "encoding", "detail": "The text is not UTF-8: save it with that encoding."}


def _only_day(value: object) -> object:
    """Let ``YYYY-MM-DD`` through, not the numbers and numerals that would be taken as seconds since 1970."""
    if (isinstance(value, str) and _DAY.fullmatch(value)) or isinstance(value, date):
        return value
    raise PydanticCustomError("date_form", "Write the date as YYYY-MM-DD.")


def _only_time(value: object) -> object:
    if (isinstance(value, str) and _TIME.fullmatch(value)) or isinstance(value, datetime):
        return value
    raise PydanticCustomError("time_form", "Write the time as RFC 3339 says, with its offset.")


Day = Annotated[date, BeforeValidator(_only_day)]
Time = Annotated[AwareDatetime, BeforeValidator(_only_time)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class ClaimsInvalid(InvalidInput):
    """The claims do not have the form they should have."""

    code = "claims_invalid"

    def __init__(self, problems: list[dict[str, str]]) -> None:
        super().__init__()
        self.problems = problems


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class DeviceLocationDocument(_Strict):
    """A position the device reported: degrees of ``datum``, metres, a time with its offset."""

    latitude: Number
    longitude: Number
    accuracy_m: Number | None = Field(default=None, ge=0)
    captured_at: Time | None = None
    datum: Datum = Field(
        default=Datum.WGS84, description="what browsers and receivers give is wgs84; maps of mainland China shift it"
    )


class DeviceDocument(_Strict):
    """What the device says of itself. ``timezone`` is an IANA name, ``clock`` what its clock showed on sending."""

    id: Line | None = None
    timezone: Line | None = None
    locale: Line | None = None
    clock: Time | None = None


class SourcesDocument(_Strict):
    """Who said single claims, by their names; the others were said by whom ``source`` of all claims is."""

    full_name: ClaimSource | None = None
    date_of_birth: ClaimSource | None = None
    id_number: ClaimSource | None = None
    document_type: ClaimSource | None = None
    issuing_country: ClaimSource | None = None
    phone_number: ClaimSource | None = None
    address: ClaimSource | None = None
    device_location: ClaimSource | None = None
    ip_address: ClaimSource | None = None
    device: ClaimSource | None = None


class ClaimsDocument(_Strict):
    """What is said about the applicant. ``{}`` is valid."""

    full_name: Line | None = None
    date_of_birth: Day | None = None
    id_number: Line | None = None
    document_type: DocumentType | None = None
    issuing_country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = Field(
        default=None, description="ISO 3166-1 alpha-3"
    )
    phone_number: Line | None = Field(default=None, description="E.164, for example +8613800138000")
    address: Line | None = None
    device_location: DeviceLocationDocument | None = None
    ip_address: Annotated[str, StringConstraints(min_length=2, max_length=45, pattern=r"^[0-9A-Fa-f.:]+$")] | None = (
        None
    )
    device: DeviceDocument | None = None
    phone_confirmed_at: Time | None = Field(
        default=None,
        description="when you last saw that the applicant holds the number; source of phone_number: client",
    )
    sources: SourcesDocument = Field(
        default=SourcesDocument(), description="who said a claim: the applicant (unless named here), you, or a machine"
    )

    def to_domain(self, source: ClaimSource = ClaimSource.APPLICANT) -> Claims:
        """The same as frozen domain values, said by ``source`` where ``sources`` does not say otherwise."""
        return Claims(
            full_name=self.full_name,
            date_of_birth=self.date_of_birth,
            id_number=self.id_number,
            document_type=self.document_type,
            issuing_country=self.issuing_country,
            phone_number=self.phone_number,
            address=self.address,
            device_location=None if self.device_location is None else DeviceLocation(**dict(self.device_location)),
            ip_address=self.ip_address,
            device=None if self.device is None else Device(**dict(self.device)),
            phone_confirmed_at=self.phone_confirmed_at,
            source=source,
            sources={name: said_by for name, said_by in self.sources if said_by is not None},
        )


class _StoredClaims(ClaimsDocument):
    """With what nobody outside may say."""

    source: ClaimSource
    received_at: AwareDatetime | None = None


def claims_from_json(text: str | bytes) -> Claims:
    """Claims from a claims document in JSON, taken as said by the applicant (the weakest source).

    Raises:
        ClaimsInvalid: with the place and the kind of each mistake, never the value.

    >>> claims_from_json('{"full_name": "张伟"}').full_name
    '张伟'
    >>> claims_from_json('{"fullname": "张伟"}')
    Traceback (most recent call last):
        ...
    kyc_service.verification.claims_document.ClaimsInvalid: The claims do not have the form they should have.

    A byte order mark, which some editors put first, is no mistake.

    >>> claims_from_json("{}".encode("utf-8-sig")) == claims_from_json("{}")
    True
    """
    try:
        return ClaimsDocument.model_validate_json(_as_text(text)).to_domain()
    except UnicodeDecodeError:
        raise ClaimsInvalid([_NOT_UTF_8]) from None
    except ValidationError as cause:
        raise ClaimsInvalid(describe_mistakes(cause.errors(include_input=False, include_url=False))) from None


def describe_mistakes(errors: list[Any]) -> list[dict[str, str]]:
    """Pydantic's errors as place, code and sentence.

    The value and the context are left out: they are what the applicant typed. An unknown
    key's name stays out too, for the same reason.
    """
    return [
        {"at": ".".join(map(str, _place(error))), "code": str(error["type"]), "detail": _sentence(error)}
        for error in errors
    ]


def _place(error: dict[str, Any]) -> tuple[Any, ...]:
    loc: tuple[Any, ...] = error["loc"]
    return loc[:-1] if _is_unknown(error) else loc


def claims_to_bytes(claims: Claims) -> bytes:
    """``claims`` in the form they are sealed in, with when they were received."""
    values = {field.name: getattr(claims, field.name) for field in fields(claims)}
    given = {name: value for name, value in values.items() if value is not None}
    given["sources"] = dict(claims.sources)
    return _StoredClaims.model_validate(given, from_attributes=True).model_dump_json(exclude_none=True).encode()


def claims_from_bytes(stored: bytes) -> Claims:
    """What :func:`claims_to_bytes` was given."""
    document = _StoredClaims.model_validate_json(stored)
    return replace(document.to_domain(document.source), received_at=document.received_at)


def _is_unknown(error: dict[str, Any]) -> bool:
    return bool(error["type"] == "extra_forbidden")


def _as_text(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode("utf-8-sig")


def _sentence(error: dict[str, Any]) -> str:
    if _is_unknown(error):
        return "There is a key that is not known."
    if error["type"] == "json_invalid" and (broken := _JSON_BROKEN.fullmatch(error["msg"])):
        return f"This is no JSON: {broken['why']} at line {broken['line']}, column {broken['column']}."
    # Sentences of some kinds quote what was typed.
    quoting = {"value_error", "json_invalid", "date_from_datetime_parsing", "datetime_from_date_parsing"}
    return "The value cannot be read." if error["type"] in quoting else str(error["msg"])
