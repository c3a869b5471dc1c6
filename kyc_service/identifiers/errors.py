"""Why an identifier is refused. Each parser raises these and nothing else."""

from __future__ import annotations

from kyc_service.errors import InvalidInput


class InvalidIdentifier(InvalidInput):
    """The identifier is not valid."""

    code = "invalid_identifier"


class MalformedIdentifier(InvalidIdentifier):
    """The identifier has not the form that its standard asks for."""

    code = "identifier_malformed"


class WrongCheckDigit(InvalidIdentifier):
    """A check digit of the identifier is wrong."""

    code = "identifier_check_digit"


class ImpossibleDate(InvalidIdentifier):
    """The identifier holds a date that does not exist or lies ahead."""

    code = "identifier_impossible_date"


class UnknownRegion(InvalidIdentifier):
    """The identifier holds a region code that was never issued."""

    code = "identifier_unknown_region"
