"""Metrics in Prometheus' text form. Labels are names of routes, stages, verdicts and codes: never a person's."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_REQUEST_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_STAGE_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 2.0, 5.0, 10.0)


class Metrics:
    """One registry for one service, so that several can live in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "kyc_http_request_duration_seconds",
            "Time to answer a request.",
            ("method", "route", "status"),
            buckets=_REQUEST_BUCKETS_S,
            registry=self._registry,
        )
        self._verdicts = Counter("kyc_verdicts", "Verdicts reached.", ("verdict", "use_case"), registry=self._registry)
        self._stages = Histogram(
            "kyc_stage_duration_seconds",
            "Time a stage of the pipeline took.",
            ("stage",),
            buckets=_STAGE_BUCKETS_S,
            registry=self._registry,
        )
        self._failures = Counter(
            "kyc_submission_failures", "Submissions that ended without a verdict.", registry=self._registry
        )
        self._shadows = Counter(
            "kyc_shadow_verdicts",
            "What the shadow policy said (no_answer where it could not) beside the verdict of the active one.",
            ("active", "shadow"),
            registry=self._registry,
        )

        self._phone_codes = Counter(
            "kyc_phone_codes", "One-time codes, by what came of sending.", ("delivery",), registry=self._registry
        )
        self._phone_code_tries = Counter(
            "kyc_phone_code_tries", "Codes that applicants typed.", ("result",), registry=self._registry
        )

        self._webhooks = Counter(
            "kyc_webhook_tries", "Webhook messages posted, by what came of it.", ("outcome",), registry=self._registry
        )

    def request_answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request under its route's template."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def verdict_reached(self, verdict: str, use_case: str, stages_ms: Mapping[str, float]) -> None:
        """Count one verdict, and the milliseconds of each stage behind it."""
        self._verdicts.labels(verdict, use_case).inc()
        for stage, milliseconds in stages_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def shadow_answered(self, active: str, shadow: str) -> None:
        """Count one pair of verdicts: the active policy's, and the shadow's beside it."""
        self._shadows.labels(active, shadow).inc()

    def submission_failed(self) -> None:
        """Count one submission that ended without a verdict."""
        self._failures.inc()

    def phone_code_delivered(self, delivery: str) -> None:
        """Count one code as sent, uncertain or failed."""
        self._phone_codes.labels(delivery).inc()

    def phone_code_tried(self, result: str) -> None:
        """Count one typed code as confirmed or wrong."""
        self._phone_code_tries.labels(result).inc()

    def webhook_tried(self, outcome: str) -> None:
        """Count one try to deliver a message as delivered, postponed or failed."""
        self._webhooks.labels(outcome).inc()

    def watch(self, name: str, text: str, read: Callable[[], float]) -> None:
        """Show a number that is read whenever the metrics are."""
        Gauge(name, text, registry=self._registry).set_function(read)

    def render(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)
