"""Names of fields that a form has several times, once for each post of a thread."""


def numbered(field: str, number: int) -> str:
    """`text`, `text_2`, `text_3`, …"""
    return field if number == 1 else f"{field}_{number}"
