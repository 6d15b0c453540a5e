"""What commonly goes wrong, as the staff reads it."""

from pathlib import Path

from node import clock
from node.models import Destination, Job
from node.services.community import health, rules, settings


def states(data_dir: Path) -> dict[str, str]:
    return {check.name: check.state for check in health.checks(data_dir)}


def test_a_new_node_lacks_rules_and_a_contact_and_nothing_else(unit: None, tmp_path: Path) -> None:
    found = states(tmp_path)

    assert (found["Rules"], found["Contact"]) == ("warn", "warn")
    assert (found["Background work"], found["Deliveries"], found["Database"]) == ("ok", "ok", "ok")

    rules.add("Be kind", "", None)
    settings.change({"contact_email": "hello@a.test"}, None)
    assert (states(tmp_path)["Rules"], states(tmp_path)["Contact"]) == ("ok", "ok")


def test_work_that_was_given_up_and_deliveries_that_are_late_are_told(unit: None, tmp_path: Path) -> None:
    now = clock.now_ms()
    Job.create(kind="send_mail", due_at=now, failed_at=now)
    Destination.create(host="far.test", due_at=now - 2 * clock.HOUR)

    found = states(tmp_path)

    assert (found["Background work"], found["Deliveries"]) == ("warn", "bad")


def test_a_folder_that_is_not_there_is_no_reason_to_fail(unit: None, tmp_path: Path) -> None:
    assert states(tmp_path / "nowhere")["Space for files"] == "warn"
