"""The second factor."""

import pyotp
import pytest

from node import clock
from node.errors import Invalid
from node.models import RecoveryCode, User
from node.services.access import two_factor
from tests.factories import Person, make_person

NOW = 1_800_000_000_000


def enrolled() -> tuple[int, pyotp.TOTP, list[str]]:
    user_id = make_person().user.id
    with clock.frozen(NOW):
        totp = pyotp.TOTP(two_factor.begin(user_id, "alice").secret)
        codes = two_factor.confirm(user_id, totp.at(NOW // 1000))
    return user_id, totp, codes


def test_it_counts_only_once_a_code_was_seen(unit: None) -> None:
    user_id = make_person().user.id
    enrolment = two_factor.begin(user_id, "alice")

    assert enrolment.uri.startswith("otpauth://totp/a.test:alice?secret=")
    assert not two_factor.is_enabled(User.get_by_id(user_id))
    with pytest.raises(Invalid):
        two_factor.confirm(user_id, "000000" if pyotp.TOTP(enrolment.secret).now() != "000000" else "000001")
    assert not two_factor.is_enabled(User.get_by_id(user_id))


def test_a_code_is_good_once(unit: None) -> None:
    user_id, totp, _ = enrolled()

    with clock.frozen(NOW + 30_000):
        code = totp.at(NOW // 1000 + 30)
        assert two_factor.verify(user_id, code)
        assert not two_factor.verify(user_id, code)


def test_the_code_of_the_enrolment_does_not_sign_in(unit: None) -> None:
    user_id, totp, _ = enrolled()

    with clock.frozen(NOW):
        assert not two_factor.verify(user_id, totp.at(NOW // 1000))


def test_clocks_may_differ_by_one_step_and_no_more(unit: None) -> None:
    user_id, totp, _ = enrolled()

    with clock.frozen(NOW + 300_000):
        assert not two_factor.verify(user_id, totp.at(NOW // 1000 + 300 - 60))
        assert not two_factor.verify(user_id, totp.at(NOW // 1000 + 300 + 60))
        assert two_factor.verify(user_id, totp.at(NOW // 1000 + 300 - 30))
        assert two_factor.verify(user_id, totp.at(NOW // 1000 + 300 + 30))


def test_a_recovery_code_opens_once_however_it_is_typed(unit: None) -> None:
    user_id, _, codes = enrolled()

    assert two_factor.verify(user_id, codes[0].upper())
    assert not two_factor.verify(user_id, codes[0])
    assert two_factor.verify(user_id, codes[1].replace("-", " "))
    assert two_factor.recovery_codes_left(user_id) == 8
    assert not RecoveryCode.select().where(RecoveryCode.code_hash.in_(codes)).exists()


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "------", "0" * 10_000])
def test_anything_else_opens_nothing(unit: None, code: str) -> None:
    user_id, _, _ = enrolled()

    with clock.frozen(NOW + 90_000):
        assert not two_factor.verify(user_id, code)


def test_removing_it_voids_the_recovery_codes(unit: None) -> None:
    user_id, _, codes = enrolled()

    two_factor.disable(user_id)

    assert not two_factor.is_enabled(User.get_by_id(user_id))
    assert not two_factor.verify(user_id, codes[0])


def test_an_enabled_one_is_not_replaced_in_passing(unit: None) -> None:
    user_id, _, _ = enrolled()

    with pytest.raises(Invalid):
        two_factor.begin(user_id, "alice")


def test_an_enrolment_that_was_begun_can_be_shown_again_until_it_is_confirmed(alice: Person, unit: None) -> None:
    assert two_factor.begun(alice.user.id, "alice") is None

    enrolment = two_factor.begin(alice.user.id, "alice")
    assert two_factor.begun(alice.user.id, "alice") == enrolment

    two_factor.confirm(alice.user.id, pyotp.TOTP(enrolment.secret).now())
    assert two_factor.begun(alice.user.id, "alice") is None
