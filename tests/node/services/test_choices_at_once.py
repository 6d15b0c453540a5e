"""Of what there is one for each account, one of two choices in the same moment stands, and neither is an error."""

import asyncio
from functools import partial

from node import store
from node.config import Config
from node.models import AutoDeletion, MailNotice, NotificationKind, PushSubscription
from node.services.notifications import mail_notices, push
from node.services.notifications.push import Wish
from node.services.statuses import auto_deletion
from node.services.statuses.auto_deletion import Rule
from tests.factories import in_unit, make_person
from tests.node.services.test_push import token_of
from tests.pushed import Phone

_AT_ONCE = 12


async def test_choices_of_one_moment_become_one(on_disk: Config) -> None:
    alice = make_person()
    with in_unit():
        token = token_of(alice)
    phone, account_id = Phone(), alice.account.id
    wish = Wish(endpoint="https://push.test/1", p256dh=phone.p256dh, auth=phone.auth)

    await asyncio.gather(
        *(
            store.write(choice)
            for choice in (
                partial(auto_deletion.choose, account_id, Rule(), enabled=True),
                partial(mail_notices.choose, alice.user.id, account_id, {NotificationKind.FOLLOW}),
                partial(push.subscribe, token.id, account_id, wish),
            )
            for _ in range(_AT_ONCE)
        )
    )

    assert [model.select().count() for model in (AutoDeletion, MailNotice, PushSubscription)] == [1, 1, 1]
