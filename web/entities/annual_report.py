"""AnnualReport, in its second form: what Mastodon 4.6 counts."""

from typing import Any

from node.models import AnnualReport

_SCHEMA = 2


def annual_report_entity(report: AnnualReport, status_ids: set[int]) -> dict[str, Any]:
    """`status_ids` are there still. Its one entry of a series is the whole year, and two of three rankings are none."""
    top = report.top_status_id
    return {
        "year": report.year,
        "data": {
            "archetype": report.archetype,
            "time_series": [{"month": 12, "statuses": report.statuses, "followers": report.followers}],
            "top_hashtags": [{"name": report.tag, "count": report.tag_uses}] if report.tag else [],
            "top_statuses": {
                "by_reblogs": str(top) if top in status_ids else None,
                "by_replies": None,
                "by_favourites": None,
            },
        },
        "schema_version": _SCHEMA,
        "share_url": None,
        "account_id": str(report.account_id),
    }
