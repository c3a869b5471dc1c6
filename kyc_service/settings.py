"""All settings, each with its unit and a default that works on one machine.

Set them as environment variables with the prefix ``KYC_`` (``KYC_PORT=8080``) or in a
file ``.env`` beside the working directory. Only wiring reads them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read once at start."""

    model_config = SettingsConfigDict(
        env_prefix="KYC_", env_file=".env", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    data_dir: Path = Field(default=Path("kyc-data"), description="Everything the service keeps lies under it.")
    database_url: SecretStr | None = Field(
        default=None, description="A PostgreSQL of yours; without it, the service runs its own under data_dir."
    )
    database_pool_size: int = Field(default=10, ge=2)
    master_key_file: Path | None = Field(
        default=None, description="32 bytes, mode 0600; keep it apart from the database. Default: under data_dir."
    )
    models_dir: Path = Path("models")
    policy_file: Path | None = Field(default=None, description="A policy of yours; without it, the default one.")

    submissions_at_work: int = Field(default=2, ge=1, description="Submissions decided at the same time.")
    submissions_waiting: int = Field(default=8, ge=0, description="Submissions that may wait for a place.")
    uploads_at_work: int = Field(default=2, ge=1, description="Pictures decoded at the same time on upload.")
    uploads_waiting: int = Field(default=16, ge=0)
    uploads_in_memory: int = Field(default=12, ge=1, description="Upload requests held in memory together.")
    retry_after_s: int = Field(default=5, ge=1, description="What a client that was sent away is told to wait.")
    max_capture_bytes: int = Field(default=15_000_000, ge=1)
    upload_timeout_s: float = Field(default=60.0, gt=0)

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
