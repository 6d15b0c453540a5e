"""What other processes of the node decided: their control events make this one forget what it remembers."""

from node import streams
from node.services.access import attempts, signed_in
from node.services.community import maintenance, pictures, settings
from node.services.discovery import trend_review
from node.services.filters import rules as filter_rules
from node.services.moderation import closed_networks
from node.services.servers import allowed_domains, domains, relays
from node.streams import Event

TOPIC = attempts.TOPIC


def act_on(event: Event) -> None:
    if event.kind == "settings_changed":
        settings.kept.forget()
    elif event.kind == "relays_changed":
        relays.kept.forget()
    elif event.kind == "trends_decided":
        trend_review.forget()
    elif event.kind == "domains_changed":
        domains.kept.forget()
        allowed_domains.kept.forget()
    elif event.kind == maintenance.CHANGED:
        maintenance.kept.forget()
    elif event.kind == pictures.CHANGED:
        pictures.kept.forget()
    elif event.kind == closed_networks.CHANGED:
        closed_networks.kept.forget()
    elif event.kind == filter_rules.CHANGED:
        filter_rules.forget(event.id)
    elif event.kind == attempts.FAILED:
        attempts.count(event.detail)
    elif event.kind == attempts.FORGIVEN:
        attempts.forgive(event.detail)
    else:
        signed_in.forget(event.kind, event.id)


def forget_all() -> None:
    """Events were missed: nothing remembered can be relied on."""
    settings.kept.forget()
    domains.kept.forget()
    allowed_domains.kept.forget()
    relays.kept.forget()
    maintenance.kept.forget()
    pictures.kept.forget()
    closed_networks.kept.forget()
    trend_review.forget()
    filter_rules.forget_all()
    signed_in.forget_all()


async def listen() -> None:
    """As long as the process runs; started by whoever starts the process."""
    while True:
        with streams.subscribe((TOPIC,)) as events:
            try:
                async for event in events:
                    act_on(event)
            except streams.Overflow:
                forget_all()
