"""All settings, each with its unit and a default that works on one machine.

Set them as environment variables with the prefix ``KYC_`` (``KYC_PORT=8080``) or in a
file ``.env``, in the working directory or beside the service. Only wiring reads them.
``docs/settings.md`` is made from the descriptions here.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


def home_of(package: Path) -> Path:
    """Where the folders lie that no setting names: the project that ``package`` is installed from.

    The same from whatever folder a command is called. An installation without its project
    (a wheel, a container) has them in the working directory.
    """
    project = package.parent
    return project if (project / "models" / "manifest.toml").is_file() else Path()


HOME: Final = home_of(Path(__file__).parent)


class Settings(BaseSettings):
    """Read once at start."""

    model_config = SettingsConfigDict(
        env_prefix="KYC_", env_file=(HOME / ".env", ".env"), frozen=True, extra="ignore", hide_input_in_errors=True
    )

    host: str = Field(default="127.0.0.1", description="The address to listen on; `0.0.0.0` for every one.")
    allowed_hosts: Annotated[tuple[str, ...] | None, NoDecode] = Field(
        default=None,
        description=(
            "Host names that are answered, without port, separated by commas. Unless set: on a loopback address the"
            " loopback's own names alone, since a page in this machine's browser could let its own name point here and"
            " read what is kept; elsewhere any, since a gateway, a container's port or a health check may call the"
            " service by names and addresses that it cannot know."
        ),
    )
    port: int = Field(default=8000, ge=0, le=65535, description="The port to listen on; 0 takes a free one.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severity that is logged: `debug`, `info`, `warning` or `error`."
    )

    data_dir: Path = Field(default=HOME / "kyc-data", description="Folder: everything the service keeps lies under it.")
    database_url: SecretStr | None = Field(
        default=None, description="A PostgreSQL of yours; without it, the service runs its own under the data folder."
    )
    database_pool_size: int = Field(default=10, ge=2, description="Connections to the database that are kept open.")
    master_key_file: Path | None = Field(
        default=None,
        description=(
            "32 bytes, mode 0600; a file named here must exist. Unless set, it is made at the first start under"
            " the data folder, beside what it protects: fit to try the service, not to keep people's data."
        ),
    )
    models_dir: Path = Field(
        default=HOME / "models", description="Folder with `manifest.toml`, `weights` and `calibration`."
    )
    policy_file: Path | None = Field(default=None, description="A policy of yours (YAML); without it, the default one.")

    submissions_at_work: int = Field(default=2, ge=1, description="Submissions decided at the same time.")
    submissions_waiting: int = Field(default=8, ge=0, description="Submissions that may wait for a place.")
    uploads_at_work: int = Field(default=2, ge=1, description="Pictures decoded at the same time on upload.")
    uploads_waiting: int = Field(default=16, ge=0, description="Pictures that may wait to be decoded.")
    max_wait_s: float = Field(default=30.0, gt=0, description="Seconds: how long a request may wait for a place.")
    uploads_in_memory: int = Field(default=12, ge=1, description="Uploads of more than 64 KiB held in memory together.")
    retry_after_s: int = Field(default=5, ge=1, description="Seconds that a client that was sent away is told to wait.")
    max_capture_bytes: int = Field(default=15_000_000, ge=1, description="Bytes: the most that one picture may have.")
    max_clip_bytes: int = Field(
        default=30_000_000, ge=1, description="Bytes: the most that one liveness clip may have."
    )
    upload_timeout_s: float = Field(default=60.0, gt=0, description="Seconds: the longest any body may take to arrive.")
    upload_grace_s: float = Field(
        default=5.0, gt=0, description="Seconds: from then on a body must keep to the least rate."
    )
    upload_min_bytes_per_s: float = Field(default=16_384.0, gt=0, description="Bytes a second: a body's least rate.")

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value

    @property
    def answered_hosts(self) -> frozenset[str] | None:
        """The host names that are answered, in lower case; ``None`` for any."""
        if self.allowed_hosts:
            return frozenset(name.lower() for name in self.allowed_hosts)
        own_name = f"[{self.host}]" if ":" in self.host else self.host.lower()
        return _LOOPBACK_NAMES | {own_name} if _is_loopback(self.host) else None

    @property
    def postgres_dir(self) -> Path:
        """Where the embedded PostgreSQL lives."""
        return self.data_dir / "postgres"

    @property
    def blobs_dir(self) -> Path:
        """Where encrypted pictures lie."""
        return self.data_dir / "blobs"

    @property
    def master_key_path(self) -> Path:
        """Where the master key lies."""
        return self.master_key_file or self.data_dir / "keys" / "master.key"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
