"""What handlers read in passing is read before they run."""

from node import store
from node.services.caching import at_hand
from node.services.community import settings
from node.services.servers import domains


def test_what_was_made_ready_is_read_from_memory(db: None) -> None:
    with store.transaction():
        at_hand.make_ready()

    assert at_hand.is_ready()


def test_what_another_process_changed_is_read_again(db: None) -> None:
    with store.transaction():
        at_hand.make_ready()

    settings.kept.forget()
    after_settings = at_hand.is_ready()
    with store.transaction():
        at_hand.make_ready()
    domains.kept.forget()

    assert after_settings is False
    assert at_hand.is_ready() is False
