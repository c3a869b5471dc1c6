"""All settings, each with its unit and a default that works on one machine.

Set them as environment variables with the prefix ``KYC_`` (``KYC_PORT=8080``) or in a
file ``.env``, in the working directory or beside the service. Only wiring reads them.
``docs/settings.md`` is made from the descriptions here.
"""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from kyc_service.notifications.code_limits import CodeLimits, countries_of, windows_of

_WORKER_BYTES: Final = 2 * 1024**3
"""What a worker takes at most, with its models and the pictures of a submission."""
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
    master_key: SecretStr | None = Field(
        default=None, description="The master key itself, base64 of 32 bytes, in the place of a file."
    )
    master_key_command: str | None = Field(
        default=None,
        description=(
            "A command that prints the master key as base64, in the place of a file: how one that a KMS or a vault"
            " holds gets here. It is run once, at the start."
        ),
    )
    master_key_previous_file: Path | None = Field(
        default=None, description="During a rotation: the file with the key before (`docs/keys.md`)."
    )
    master_key_previous: SecretStr | None = Field(
        default=None, description="During a rotation: the key before, base64, in the place of a file."
    )
    blob_store: Literal["disk", "s3"] = Field(
        default="disk",
        description=(
            "Where encrypted pictures are kept: `disk`, under the data folder; `s3`, in a bucket of any S3-compatible"
            " store, which several machines need."
        ),
    )
    s3_bucket: str | None = Field(default=None, description="The bucket; it must exist.")
    s3_endpoint_url: str | None = Field(
        default=None, description="The address of the S3-compatible store; unless set, that of Amazon."
    )
    s3_region: str | None = Field(default=None, description="The bucket's region, where the store has any.")
    s3_prefix: str = Field(default="", description="What the names of all objects begin with, `kyc/` for example.")
    s3_access_key_id: SecretStr | None = Field(
        default=None, description="Who calls the store; unless set, boto3 looks where it always does."
    )
    s3_secret_access_key: SecretStr | None = Field(default=None, description="The secret of the above.")
    models_dir: Path = Field(
        default=HOME / "models", description="Folder with `manifest.toml`, `weights` and `calibration`."
    )
    policy_file: Path | None = Field(default=None, description="A policy of yours (YAML); without it, the default one.")
    authorities_file: Path | None = Field(
        default=None,
        description="The outside registers that are asked (YAML, see `docs/authorities.md`); without it, none is.",
    )
    ip_database: Path | None = Field(
        default=None,
        description="An MMDB file that says where network addresses are; without it, nothing is known of them.",
    )
    nominatim_url: str | None = Field(
        default=None,
        description=(
            "A Nominatim server of your own (`http://nominatim.internal:8080`), which is then sent the addresses that"
            " applicants state and cards show; without it, addresses are placed by their division, offline."
        ),
    )
    nominatim_timeout_s: float = Field(
        default=2.0, gt=0, description="Seconds: how long that server may take to find an address."
    )

    workers: int | None = Field(
        default=None,
        ge=0,
        description=(
            "Processes with models that `kyc serve` starts beside itself; unless set, one for each core, as far as the"
            " memory goes (2 GiB each). 0 where workers run by themselves (`kyc worker`)."
        ),
    )
    submissions_at_work: int = Field(default=1, ge=1, description="Submissions that one worker decides at a time.")
    submissions_awaited: int | None = Field(
        default=None,
        ge=1,
        description=(
            "Unfinished submissions from which on one that waits for its verdict (`Prefer: wait`) is refused; unless"
            " set, twice the workers."
        ),
    )
    submissions_queued: int = Field(
        default=500, ge=1, description="Unfinished submissions from which on any more is refused."
    )
    stage_timeout_s: float = Field(
        default=60.0, gt=0, description="Seconds: a stage that takes longer is set aside, and not assessed."
    )
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

    verification_expires_h: float = Field(
        default=72.0,
        gt=0,
        le=8760,
        description="Hours: how long a verification waits for input, from its creation and from each retake on.",
    )
    consent_required: bool = Field(
        default=True,
        description=(
            "Whether a live client's verification is decided only with the applicant's consent on record (`PUT"
            " .../consent`); `false` where the client keeps it elsewhere."
        ),
    )

    webhooks_to_private_addresses: bool = Field(
        default=False,
        description=(
            "Whether webhooks may lead to this machine and to private networks, over http too: to try them out. Off,"
            " a client cannot aim them at what only the service can reach."
        ),
    )

    phone_code_sender: Literal["none", "gateway", "file", "console"] = Field(
        default="none",
        description=(
            "How one-time codes reach a phone: `gateway` for real use; `file` and `console` (stderr) show them to"
            " whoever reads there, to try the service; `none` sends none."
        ),
    )
    phone_code_gateway_url: str | None = Field(
        default=None, description="Where codes are posted to, https (http only on this machine)."
    )
    phone_code_gateway_secret_file: Path | None = Field(
        default=None, description="The secret shared with the gateway: base64 of 24 to 64 bytes, mode 0600."
    )
    phone_code_gateway_ca_file: Path | None = Field(
        default=None, description="Certificates (PEM) that are trusted for the gateway; unless set, the public ones."
    )
    phone_code_gateway_timeout_s: float = Field(
        default=5.0, gt=0, le=10, description="Seconds: the longest that one of at most three calls may take."
    )
    phone_code_file: Path | None = Field(
        default=None, description="Where `file` writes to; unless set, `phone-codes.jsonl` in the data folder."
    )
    phone_code_countries: str = Field(
        default="CHN, HKG, MAC, TWN",
        description=(
            "Countries whose numbers are written to, ISO 3166-1 alpha-3, separated by commas; `*` for every one, which"
            " invites those who earn from messages to dear destinations."
        ),
    )
    phone_codes_per_number: str = Field(
        default="1/minute, 5/hour, 10/day", description="Codes to one number, in sliding windows."
    )
    phone_codes_per_verification: str = Field(
        default="3/minute, 10/hour, 20/day", description="Codes for one verification, those that failed too."
    )
    phone_codes_per_address: str = Field(
        default="10/minute, 60/hour, 200/day", description="Codes for one claimed network address (IPv6: its /64)."
    )
    phone_codes_per_client: str = Field(
        default="120/minute, 2000/hour, 20000/day", description="Codes for one client: the most that they can cost."
    )
    phone_codes_at_work: int = Field(default=8, ge=1, description="Codes on their way to the gateway at one time.")

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value

    @field_validator("phone_code_countries")
    @classmethod
    def _are_countries(cls, value: str) -> str:
        countries_of(value)
        return value

    @field_validator(
        "phone_codes_per_number", "phone_codes_per_verification", "phone_codes_per_address", "phone_codes_per_client"
    )
    @classmethod
    def _are_windows(cls, value: str) -> str:
        windows_of(value)
        return value

    @model_validator(mode="after")
    def _gateway_is_whole(self) -> Self:
        is_named = self.phone_code_gateway_url and self.phone_code_gateway_secret_file
        if self.phone_code_sender == "gateway" and not is_named:
            raise ValueError("KYC_PHONE_CODE_GATEWAY_URL and KYC_PHONE_CODE_GATEWAY_SECRET_FILE are needed")
        return self

    @property
    def worker_processes(self) -> int:
        """How many workers ``kyc serve`` starts."""
        return default_workers() if self.workers is None else self.workers

    @property
    def most_awaited(self) -> int:
        """Unfinished submissions from which on one that waits for its verdict is refused."""
        return self.submissions_awaited or 2 * max(1, self.worker_processes)

    @model_validator(mode="after")
    def _store_is_whole(self) -> Self:
        if self.blob_store == "s3" and not self.s3_bucket:
            raise ValueError("KYC_S3_BUCKET is needed")
        if (self.s3_access_key_id is None) != (self.s3_secret_access_key is None):
            raise ValueError("KYC_S3_ACCESS_KEY_ID and KYC_S3_SECRET_ACCESS_KEY go together")
        return self

    @model_validator(mode="after")
    def _one_master_key(self) -> Self:
        if sum(source is not None for source in (self.master_key, self.master_key_command, self.master_key_file)) > 1:
            raise ValueError("set one of KYC_MASTER_KEY, KYC_MASTER_KEY_COMMAND and KYC_MASTER_KEY_FILE")
        if self.master_key_previous is not None and self.master_key_previous_file is not None:
            raise ValueError("set one of KYC_MASTER_KEY_PREVIOUS and KYC_MASTER_KEY_PREVIOUS_FILE")
        return self

    @property
    def answered_hosts(self) -> frozenset[str] | None:
        """The host names that are answered, in lower case; ``None`` for any."""
        if self.allowed_hosts:
            return frozenset(name.lower() for name in self.allowed_hosts)
        own_name = f"[{self.host}]" if ":" in self.host else self.host.lower()
        return _LOOPBACK_NAMES | {own_name} if _is_loopback(self.host) else None

    @property
    def phone_code_limits(self) -> CodeLimits:
        """How often codes may be sent."""
        return CodeLimits(
            per_number=windows_of(self.phone_codes_per_number),
            per_verification=windows_of(self.phone_codes_per_verification),
            per_address=windows_of(self.phone_codes_per_address),
            per_client=windows_of(self.phone_codes_per_client),
        )

    @property
    def phone_code_path(self) -> Path:
        """Where codes are written to while trying the service."""
        return self.phone_code_file or self.data_dir / "phone-codes.jsonl"

    @property
    def postgres_dir(self) -> Path:
        """Where the embedded PostgreSQL lives."""
        return self.data_dir / "postgres"

    @property
    def blobs_dir(self) -> Path:
        """Where encrypted pictures lie."""
        return self.data_dir / "blobs"

    @property
    def has_key_file_alone(self) -> bool:
        """Whether the master key lies in a file, and no rotation is on."""
        others = (self.master_key, self.master_key_command, self.master_key_previous, self.master_key_previous_file)
        return all(other is None for other in others)

    @property
    def master_key_path(self) -> Path:
        """Where the master key lies."""
        return self.master_key_file or self.data_dir / "keys" / "master.key"


def default_workers() -> int:
    """One for each core that this process may use, as far as the memory goes; at least one."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(len(os.sched_getaffinity(0)), memory // _WORKER_BYTES))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
