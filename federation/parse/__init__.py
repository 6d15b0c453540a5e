"""What other servers send, read with distrust: JSON in, frozen dataclasses or `BadActivity` out (docs/conformance.md).

Nothing in here touches the network or the database, and past it nobody looks into strangers' JSON. Text that holds
HTML is handed on as it came: node/text/sanitize.py is applied by whoever stores it.
"""
