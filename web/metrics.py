"""Figures for Prometheus. Counting is a dictionary's work; the rest is done when somebody asks."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from federation import ignored
from node import store
from node.models import Delivery, Destination, Job

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))

_requests: dict[tuple[str, int], int] = {}
_seconds: dict[str, float] = {}


def count(method: str, status: int, seconds: float) -> None:
    """One request was answered."""
    if method not in _METHODS:  # a client may invent any number of them
        method = "other"
    key = (method, status)
    _requests[key] = _requests.get(key, 0) + 1
    _seconds[method] = _seconds.get(method, 0.0) + seconds


async def text() -> bytes:
    """Everything, in Prometheus' text format."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(_Figures(await store.read(_queues)))
    return generate_latest(registry)


def _queues() -> dict[str, int]:
    return {
        "linnet_jobs": Job.select().count(),
        "linnet_deliveries": Delivery.select().count(),
        "linnet_destinations": Destination.select().count(),
    }


class _Figures(Collector):
    def __init__(self, queues: dict[str, int]) -> None:
        self._queues = queues

    def collect(self) -> Iterable[Metric]:
        requests = CounterMetricFamily("linnet_http_requests", "Requests answered", labels=("method", "status"))
        for (method, status), number in sorted(_requests.items()):
            requests.add_metric((method, str(status)), number)
        yield requests
        seconds = CounterMetricFamily("linnet_http_seconds", "Time until requests were answered", labels=("method",))
        for method, spent in sorted(_seconds.items()):
            seconds.add_metric((method,), spent)
        yield seconds
        dropped = CounterMetricFamily("linnet_ignored", "What came to nothing, and why", labels=("what", "why"))
        for (what, why), number in sorted(ignored.counts().items()):
            dropped.add_metric((what, why), number)
        yield dropped
        for name, number in self._queues.items():
            yield GaugeMetricFamily(name, "Rows waiting", value=number)
