"""Figures about the gateway for operators; none of them names a person."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The registry of one gateway and what it counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.requests = Histogram(
            "sambatan_http_request_seconds",
            "Time from the arrival of a request to its answer.",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.outcomes = Counter(
            "sambatan_gateway_outcomes_total",
            "What became of commands and queries: answered, pending or unavailable.",
            ("kind", "outcome"),
            registry=self.registry,
        )
        self.closed_accounts_age = Gauge(
            "sambatan_gateway_closed_accounts_age_seconds",
            "Age of the list of closed accounts that access tokens are checked against.",
            registry=self.registry,
        )
