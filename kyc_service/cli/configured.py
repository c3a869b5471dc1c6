"""The settings as a command reads them: what is wrong with one is one sentence that names its variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyc_service.errors import InvalidInput

if TYPE_CHECKING:
    from kyc_service.settings import Settings


class SettingsUnusable(InvalidInput):
    """A setting cannot be used."""

    code = "settings_unusable"


def read_settings() -> Settings:
    """The settings in force.

    Raises:
        SettingsUnusable: one is not of its kind; its value is not repeated.
    """
    from pydantic import ValidationError

    from kyc_service.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        mistakes = error.errors(include_input=False, include_url=False, include_context=False)
        said = "; ".join(f"KYC_{str(mistake['loc'][0]).upper()}: {mistake['msg']}" for mistake in mistakes)
        raise SettingsUnusable(f"{said} (docs/settings.md says what each means)") from None
