"""The only place that builds things: from settings to a running service, and back down."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import SystemRandom
from typing import Final, assert_never

from kyc_service.api.state import ApiState, UploadLimits
from kyc_service.authorities.configured import read_panel
from kyc_service.authorities.panel import NO_PANEL, Panel
from kyc_service.decision.policy import Policy
from kyc_service.decision.verdict import UnknownTier
from kyc_service.documents.engines import DocumentEngines, load_document_engines
from kyc_service.domain.claims import Claims
from kyc_service.domain.facts import PhoneFact
from kyc_service.domain.verification import UseCase
from kyc_service.errors import InvalidInput
from kyc_service.imaging.clip import ClipFile, ClipLimits, decode_clip
from kyc_service.imaging.decode import decode
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.picture import Picture
from kyc_service.inference.load import load_face_engines
from kyc_service.inference.manifest import Task, read_manifest
from kyc_service.inference.manifest import verify as verify_models
from kyc_service.inference.threads import ThreadSettings
from kyc_service.inference.threads import configure as configure_threads
from kyc_service.liveness.challenge.draw import draw
from kyc_service.liveness.engines import load_liveness_engines
from kyc_service.notifications.code_limits import countries_of
from kyc_service.notifications.code_senders import ConsoleSender, FileSender, GatewaySender
from kyc_service.notifications.phone_code import PhoneCodeSender
from kyc_service.observability.logs import get_logger
from kyc_service.observability.metrics import Metrics
from kyc_service.outbound.failures import UrlNotAllowed
from kyc_service.outbound.public_http import PublicHttp
from kyc_service.outbound.signature import read_secret
from kyc_service.outbound.signed_http import CallLimits, SignedHttp
from kyc_service.outbound.targets import Targets
from kyc_service.places import NominatimGeocoder, PlaceBook
from kyc_service.policies.in_use import PoliciesOfDatabase
from kyc_service.policies.installation import Installation
from kyc_service.sandbox.fixed import sandboxed
from kyc_service.sandbox.samples import load_samples
from kyc_service.settings import Settings
from kyc_service.storage.blobs import BlobStore, FileBlobStore, S3BlobStore, S3Place
from kyc_service.storage.database import Database
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.master_key import (
    KeySource,
    check_master_key,
    describe_master_key,
    open_keys,
    warning_beside_data,
)
from kyc_service.storage.opening import opened_database
from kyc_service.storage.signals import DecidedSignals
from kyc_service.verification.admission import Admission
from kyc_service.verification.capacity import Capacity
from kyc_service.verification.deciding import Decider
from kyc_service.verification.expiry import expire_verifications
from kyc_service.verification.jobs import Upkeep, Worker, worker_of
from kyc_service.verification.known_traces import KnownTraces
from kyc_service.verification.phone_code_parts import LookUpPhone, PhoneCodeParts
from kyc_service.verification.pipeline import Engines, Pipeline
from kyc_service.verification.policies_in_use import PolicyProvider, constantly
from kyc_service.verification.service import CheckClip, CheckPicture, Tiers, VerificationPipeline, VerificationService
from kyc_service.verification.webhook_delivery import WebhookParts, deliver_webhook, sweep_webhooks

# To know that a picture can be decoded, a reduced one will do: it takes a fraction of time and memory.
_CHECKED_LONG_SIDE_PX: Final = 512
_SWEPT_AT_ONE_TIME: Final = 500
_OVERRAN: Final = 70
_LOG: Final = get_logger(__name__)


class PlacesUnusable(InvalidInput):
    """The database of network addresses, or the geocoder's address, cannot be used."""

    code = "places_unusable"


@dataclass(frozen=True, slots=True)
class Rules:
    """What is known of the decision without any model: the policies in use, their tiers, and who describes faces."""

    tiers: Tiers
    face_model_id: str


@dataclass(frozen=True, slots=True)
class InOrder:
    """What a check of the installation found in order; ``warning`` is what is better changed all the same."""

    said: str
    warning: str | None = None


LoadRules = Callable[[Settings, Database], Rules]
LoadPipeline = Callable[[Settings, Database], AbstractContextManager[VerificationPipeline]]


class LoadedPipeline:
    """A pipeline with its threads; close it, or use it as a context."""

    def __init__(self, pipeline: Pipeline, policy: Policy, face_model_id: str, branches: ThreadPoolExecutor) -> None:
        self.pipeline = pipeline
        self.policy = policy
        self.face_model_id = face_model_id
        self._branches = branches

    def __enter__(self) -> Pipeline:
        return self.pipeline

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the threads."""
        self._branches.shutdown()


def loaded_pipeline(
    settings: Settings,
    *,
    warm: bool = True,
    tier: tuple[UseCase, str] | None = None,
    policies: PolicyProvider | None = None,
    asks_outside: bool = True,
) -> LoadedPipeline:
    """Models checked and loaded, policy resolved, places read: ready to verify.

    ``warm`` spends seconds now so that the first verification is as quick as the others;
    a process that verifies once is done sooner without. ``tier`` is the one that will be asked for, where
    only one will be: a policy that has it not is refused before any model is loaded. Without
    ``policies`` the installation's own decides every time. Unless ``asks_outside``, no register and no
    geocoder is asked: who verifies samples tells nobody of them.

    Raises:
        AuthoritiesInvalid: the file of outside registers cannot be used.
        PlacesUnusable: the address database or the geocoder's address cannot be used.
        ModelMissing: a model file is not there.
        ModelHashMismatch: a model file is not the one the manifest names.
        PolicyInvalid: the policy cannot be used.
        UnknownTier: the policy does not have ``tier``.
    """
    root, threads = settings.models_dir, ThreadSettings(parallel_inferences=settings.submissions_at_work)
    configure_threads(threads)
    manifest = read_manifest(root)
    verify_models(manifest, root)
    policy = _installation(settings).own()
    if tier is not None and tier not in policy.tiers:
        raise UnknownTier.among(policy.tiers, tier[0])
    places = _places(settings, asks_outside=asks_outside)
    panel = _panel(settings) if asks_outside else NO_PANEL
    documents = load_document_engines(manifest, root, threads, warm=warm)
    liveness = load_liveness_engines(root)
    engines = Engines(
        documents=documents,
        faces=load_face_engines(manifest, root, threads),
        liveness=liveness,
        places=places,
        models={model_id: manifest.models[model_id].sha256 for model_id in sorted(set(manifest.use.values()))}
        | documents.authenticity.hashes
        | liveness.hashes,
        authorities=panel,
    )
    branches = ThreadPoolExecutor(settings.submissions_at_work, thread_name_prefix="branch")
    limits = DecodeLimits(max_bytes=settings.max_capture_bytes)
    pipeline = Pipeline(engines, policies or constantly(policy), branches, limits)
    return LoadedPipeline(pipeline, policy, engines.faces.embedder.model_id, branches)


def loaded_document_engines(settings: Settings) -> DocumentEngines:
    """What the document stage alone needs, checked, loaded and warm.

    Raises:
        ModelMissing: a model file is not there.
        ModelHashMismatch: a model file is not the one the manifest names.
    """
    root, threads = settings.models_dir, ThreadSettings(parallel_inferences=settings.submissions_at_work)
    configure_threads(threads)
    manifest = read_manifest(root)
    verify_models(manifest, root)
    return load_document_engines(manifest, root, threads, warm=True)


def load_rules(settings: Settings, database: Database) -> Rules:
    """The rules of the policies that ``database`` says are in use; no model is loaded."""
    installation = _installation(settings)
    policies = PoliciesOfDatabase(database, installation.own(), installation.resolve)
    manifest = read_manifest(settings.models_dir)
    return Rules(lambda: frozenset(policies().active.tiers), manifest.use[Task.FACE_EMBEDDING])


@contextmanager
def load_pipeline(settings: Settings, database: Database) -> Iterator[VerificationPipeline]:
    """The real pipeline, by the policies that ``database`` says are in use; its threads end when the block ends."""
    installation = _installation(settings)
    policies = PoliciesOfDatabase(database, installation.own(), installation.resolve)
    with closing(loaded_pipeline(settings, policies=policies)) as loaded:
        yield loaded.pipeline


def _installation(settings: Settings) -> Installation:
    return Installation.of(settings.models_dir, settings.policy_file)


def check_models(settings: Settings) -> InOrder:
    """Hash every model file."""
    manifest = read_manifest(settings.models_dir)
    verify_models(manifest, settings.models_dir)
    return InOrder(f"{len(manifest.models)} files in {settings.models_dir.absolute()}, every hash right")


def check_policy(settings: Settings) -> InOrder:
    """Resolve the policy."""
    policy = _installation(settings).own()
    return InOrder(f"{policy.name} {policy.version}, {len(policy.scores)} score rules, sha256 {policy.sha256[:12]}")


def check_places(settings: Settings) -> InOrder:
    """Read the place data, the operator's address database among them, and the file of registers."""
    _places(settings)
    panel = _panel(settings)
    said = ["numbers, borders and regions are at hand, offline"]
    said.append("network addresses too" if settings.ip_database else "network addresses are not")
    said.append(f"registers: {', '.join(sorted(panel.channels)) or 'none'}")
    return InOrder("; ".join(said))


def _places(settings: Settings, *, asks_outside: bool = True) -> PlaceBook:
    database, url = settings.ip_database, settings.nominatim_url if asks_outside else None
    if database is not None and not database.is_file():
        raise PlacesUnusable(f"KYC_IP_DATABASE names no file: {database}")
    try:
        geocoder = None if url is None else NominatimGeocoder(url, timeout_s=settings.nominatim_timeout_s)
        return PlaceBook(ip_database=database, geocoder=geocoder)
    except ValueError as cause:
        raise PlacesUnusable(f"KYC_IP_DATABASE or KYC_NOMINATIM_URL cannot be used: {cause}") from cause


def _panel(settings: Settings) -> Panel:
    return NO_PANEL if settings.authorities_file is None else read_panel(settings.authorities_file)


def check_database(settings: Settings) -> InOrder:
    """Start or reach the database, and see whether the master key opens what it holds."""
    path = settings.master_key_path
    with open_database(settings) as database:
        database.ping()
        if settings.has_key_file_alone:
            key = describe_master_key(path, database, may_create=settings.master_key_file is None)
            warning = warning_beside_data(path, settings.data_dir)
        else:
            master_key_of(settings, database)
            key, warning = "the master key fits", None
    database_said = "yours, reachable" if settings.database_url else "embedded, starts and answers"
    return InOrder(f"{database_said}; {key}", warning)


@contextmanager
def open_api(settings: Settings, load_rules: LoadRules = load_rules) -> Iterator[ApiState]:
    """Everything the HTTP API works with, closed in reverse order when the block ends. It holds no models."""
    with open_database(settings) as database:
        rules = load_rules(settings, database)
        service = _service(settings, rules, database)
        yield ApiState(
            service=service,
            signals=DecidedSignals(database.url),
            uploads=UploadLimits(
                max_capture_bytes=settings.max_capture_bytes,
                max_clip_bytes=settings.max_clip_bytes,
                max_at_once=settings.uploads_in_memory,
                timeout_s=settings.upload_timeout_s,
                grace_s=settings.upload_grace_s,
                min_bytes_per_s=settings.upload_min_bytes_per_s,
                retry_after_s=settings.retry_after_s,
            ),
            readiness={
                "database": database.ping,
                "blobs": service.blobs.check,
                "policy": lambda: _ask(rules.tiers),
                "master_key": lambda: check_master_key(service.master_key, database),
            },
        )


@contextmanager
def open_worker(
    settings: Settings, load_rules: LoadRules = load_rules, load_pipeline: LoadPipeline = load_pipeline
) -> Iterator[Worker]:
    """Everything a worker works with, its models loaded and warm."""
    with ExitStack() as closing:
        database = closing.enter_context(open_database(settings))
        service = _service(settings, load_rules(settings, database), database)
        pipeline = closing.enter_context(load_pipeline(settings, database))
        samples = load_samples()
        decider = Decider(
            service,
            pipeline,
            of_sandbox=lambda submission: sandboxed(submission, samples),
            stage_timeout_s=settings.stage_timeout_s,
            # Nothing is tidied up: a native call hangs in this process.
            on_overrun=lambda: os._exit(_OVERRAN),
        )
        yield worker_of(decider, upkeep_of(service), settings.submissions_at_work)


def upkeep_of(service: VerificationService) -> Upkeep:
    """What workers do besides deciding."""
    post = PublicHttp(service.webhook_targets)
    parts = WebhookParts(service.database, service.master_key, post, service.now, service.metrics)
    return Upkeep(
        deliver_webhook=lambda delivery_id: deliver_webhook(parts, delivery_id),
        sweep_webhooks=lambda: sweep_webhooks(parts, _SWEPT_AT_ONE_TIME),
        expire_verifications=lambda: expire_verifications(service),
    )


def _ask(tiers: Tiers) -> None:
    """Raise what stands in the way of a decision, if anything does."""
    tiers()


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """The configured database, or the embedded one, with its schema up to date."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = None if settings.database_url is None else settings.database_url.get_secret_value()
    with opened_database(url, settings.postgres_dir, settings.database_pool_size) as database:
        yield database


def _service(settings: Settings, rules: Rules, database: Database) -> VerificationService:
    metrics = Metrics()
    metrics.watch("kyc_submissions_unfinished", "Submissions without a verdict yet.", lambda: _unfinished(database))
    return VerificationService(
        database=database,
        blobs=blob_store_of(settings),
        master_key=master_key_of(settings, database),
        check_picture=_picture_check(DecodeLimits(max_bytes=settings.max_capture_bytes)),
        check_clip=_clip_check(ClipLimits(max_bytes=settings.max_clip_bytes)),
        draw_challenge=lambda kind, at: draw(kind, at, SystemRandom()),
        known=KnownTraces.of(rules.face_model_id),
        tiers=rules.tiers,
        admission=Admission(settings.most_awaited, settings.submissions_queued, settings.retry_after_s),
        uploads=Capacity(
            at_work=settings.uploads_at_work,
            waiting=settings.uploads_waiting,
            retry_after_s=settings.retry_after_s,
            max_wait_s=settings.max_wait_s,
        ),
        metrics=metrics,
        now=lambda: datetime.now(UTC),
        phone_codes=_phone_codes(settings, metrics),
        expires_after=timedelta(hours=settings.verification_expires_h),
        consent_required=settings.consent_required,
        webhook_targets=Targets(to_private_addresses=settings.webhooks_to_private_addresses),
    )


def master_key_of(settings: Settings, database: Database) -> MasterKey:
    """The master key that the settings name, seen to fit ``database``."""
    given, before = settings.master_key, settings.master_key_previous
    source = KeySource(
        settings.master_key_path,
        may_create=settings.master_key_file is None,
        given=None if given is None else given.get_secret_value(),
        command=settings.master_key_command,
    )
    previous = None
    if before is not None or settings.master_key_previous_file is not None:
        path = settings.master_key_previous_file or settings.master_key_path
        previous = KeySource(path, given=None if before is None else before.get_secret_value())
    return open_keys(source, previous, database)


def blob_store_of(settings: Settings) -> BlobStore:
    """Where encrypted pictures are kept; what killed processes left half written is swept away."""
    if settings.blob_store == "disk":
        on_disk = FileBlobStore(settings.blobs_dir)
        on_disk.sweep()
        return on_disk
    key_id, secret = settings.s3_access_key_id, settings.s3_secret_access_key
    return S3BlobStore.at(
        S3Place(
            bucket=settings.s3_bucket or "",
            endpoint_url=settings.s3_endpoint_url,
            region=settings.s3_region,
            prefix=settings.s3_prefix,
            access_key_id=None if key_id is None else key_id.get_secret_value(),
            secret_access_key=None if secret is None else secret.get_secret_value(),
        )
    )


def check_blobs(settings: Settings) -> InOrder:
    """Reach the store of pictures."""
    blob_store_of(settings).check()
    where = settings.blobs_dir.absolute() if settings.blob_store == "disk" else f"bucket {settings.s3_bucket}"
    return InOrder(f"{where} (KYC_BLOB_STORE={settings.blob_store})")


def _unfinished(database: Database) -> int:
    with database.transaction() as tx:
        return tx.submissions.unfinished()


def _phone_codes(settings: Settings, metrics: Metrics) -> PhoneCodeParts:
    sending = Capacity(at_work=settings.phone_codes_at_work, waiting=0, retry_after_s=settings.retry_after_s)
    metrics.watch("kyc_phone_codes_at_work", "One-time codes being sent.", lambda: sending.at_work)
    return PhoneCodeParts(
        sender=code_sender(settings),
        look_up=phone_look_up(PlaceBook()),
        sending=sending,
        limits=settings.phone_code_limits,
        countries=countries_of(settings.phone_code_countries),
    )


def code_sender(settings: Settings) -> PhoneCodeSender | None:
    """The way codes take to a phone; ``None`` where none is switched on.

    Raises:
        UrlNotAllowed: the gateway's address is neither https nor on this machine.
        SigningSecretUnusable: the gateway's secret cannot be used.
        CertificatesUnusable: the file of trusted certificates cannot be read.
    """
    match settings.phone_code_sender:
        case "none":
            return None
        case "gateway":
            return _gateway_sender(settings)
        case "file":
            _LOG.warning("phone_codes_shown", where="file")
            return FileSender(settings.phone_code_path)
        case "console":
            _LOG.warning("phone_codes_shown", where="console")
            return ConsoleSender()
        case _ as other:
            assert_never(other)


def _gateway_sender(settings: Settings) -> PhoneCodeSender:
    url, secret_file = settings.phone_code_gateway_url, settings.phone_code_gateway_secret_file
    if url is None or secret_file is None:
        raise UrlNotAllowed
    limit_s = settings.phone_code_gateway_timeout_s
    limits = CallLimits(connect_timeout_s=limit_s, read_timeout_s=limit_s, total_timeout_s=limit_s)
    return GatewaySender(
        SignedHttp(url, read_secret(secret_file), limits=limits, ca_file=settings.phone_code_gateway_ca_file)
    )


def phone_look_up(places: PlaceBook) -> LookUpPhone:
    """The numbering plans, asked as the pipeline asks them: the same text is the same number to both."""

    def look_up(claims: Claims) -> PhoneFact | None:
        only = Claims(phone_number=claims.phone_number, issuing_country=claims.issuing_country)
        return places.look_up(only, None, datetime.now(UTC)).phone

    return look_up


def _clip_check(limits: ClipLimits) -> CheckClip:
    def check(data: bytes) -> ClipFile:
        return decode_clip(data, limits)

    return check


def _picture_check(limits: DecodeLimits) -> CheckPicture:
    def check(data: bytes) -> Picture:
        return decode(data, limits, target_long_side_px=_CHECKED_LONG_SIDE_PX)

    return check
