"""Canonical form of host names, for comparisons.

DNS names are case-insensitive and may end in a dot (RFC 4343, RFC 1034 3.1).
"""


def host_of(text: str) -> str:
    """Return the host of an address that was pasted, or what was entered instead."""
    before, _, after = text.strip().partition("://")
    return (after or before).rstrip("/").lower().removesuffix(".")


def canonical_host(host: str) -> str:
    """Return a host name in lower case, as ASCII (IDNA), without a trailing dot.

    A text that is not a host name is only converted to lower case.
    """
    name = host.strip().lower().removesuffix(".")
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name
