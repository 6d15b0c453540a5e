"""Conversations with the people in them and their last status."""

from collections.abc import Sequence

import msgspec

from node.models import Conversation
from node.services.accounts import view as account_view
from node.services.accounts.view import AccountView
from node.services.conversations import rows as conversations
from node.services.statuses import loading
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView


class ConversationView(msgspec.Struct, eq=False):
    conversation: Conversation
    people: list[AccountView]  # without the reader, unless nobody else takes part
    last_status: StatusView | None


def load(account_id: int, rows: Sequence[Conversation]) -> list[ConversationView]:
    people = {row.id: conversations.participant_ids(row) or [account_id] for row in rows}
    everybody = dict.fromkeys(one for ids in people.values() for one in ids)
    accounts = {view.account.id: view for view in account_view.load(list(everybody))}
    last = [row.last_status_id for row in rows if row.last_status_id is not None]
    statuses = status_view.by_id(loading.visible_ids(account_id, last), account_id)
    return [
        ConversationView(
            row,
            [accounts[one] for one in people[row.id] if one in accounts],
            None if row.last_status_id is None else statuses.get(row.last_status_id),
        )
        for row in rows
    ]
