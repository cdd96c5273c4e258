"""Figures a process shows at ``/metrics``, and its health."""

from prometheus_client import Counter, Gauge, Histogram

HANDLED = Counter(
    "sambatan_messages_handled_total", "Messages by queue and outcome", ["queue", "outcome"]
)
HANDLING = Histogram(
    "sambatan_message_seconds",
    "Seconds from delivery to acknowledgement",
    ["queue"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
OUTBOX_WAITING = Gauge(
    "sambatan_outbox_events_waiting", "Events that wait in this process to be published"
)
SWEPT = Counter("sambatan_outbox_events_swept_total", "Events published by the sweep")
CONSUMERS_READY = Gauge("sambatan_consumers_ready", "1 while every consumer stands")
