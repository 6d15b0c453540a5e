"""What time makes useless."""

import pytest

from node import clock, site
from node.models import Application, OneTimeLink, Session, Tombstone, User
from node.services.access import oauth, password, sessions
from node.services.access.oauth import OUT_OF_BAND
from node.services.community import housekeeping, settings
from node.services.relationships import mutes
from node.services.statuses import tombstones
from tests.factories import make_person


def test_what_ran_out_goes_and_what_is_good_stays(unit: None) -> None:
    alice, bob = make_person(), make_person()
    sessions.open(alice.user, alice.account, "192.0.2.1", "")
    User.update(sign_up_ip="192.0.2.1").execute()
    password.reset_link(alice.user.id)
    mutes.mute(alice.account.id, bob.account.id, duration_seconds=60)
    oauth.register_app("In vain", [OUT_OF_BAND])
    oauth.token_for(alice.user, alice.account, "In use", "read")

    assert set(housekeeping.tidy().values()) == {0}

    with clock.frozen(clock.now_ms() + 40 * clock.DAY):
        settings.change({"address_days": 30}, None)
        assert housekeeping.tidy() == {
            "one_time_links": 1,
            "authorization_codes": 0,
            "apps": 1,
            "sessions": 0,
            "mutes": 1,
            "sign_up_blocks": 0,
            "addresses": 3,
        }

    assert [app.name for app in Application.select()] == ["In use"]
    assert Session.get().ip == ""
    assert not OneTimeLink.select().exists()


def test_of_what_others_deleted_the_oldest_is_forgotten_and_of_ours_nothing(
    unit: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = "https://remote.test/users/carol"
    now = clock.now_ms()
    for number, account_uri in enumerate([theirs, theirs, theirs, f"{site.base_url}/ap/users/1"]):
        with clock.frozen(now + number):
            tombstones.bury(f"{account_uri}/notes/{number}", account_uri)
    with clock.frozen(now + 50 * clock.DAY):
        tombstones.bury(f"{theirs}/notes/new", theirs)
        assert tombstones.forget_old() == 0

    monkeypatch.setattr(tombstones, "_AT_ONCE", 2)
    with clock.frozen(now + 91 * clock.DAY):
        assert [tombstones.forget_old() for _ in range(3)] == [2, 1, 0]

    assert {row.uri.rpartition("/")[2] for row in Tombstone.select()} == {"3", "new"}
