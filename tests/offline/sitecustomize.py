"""Refuses every connection that leaves this computer.

Python imports a module of this name at start-up. With this folder on PYTHONPATH the rule therefore
holds in every child process as well: in the notebooks' kernels and in the tests' subprocesses. It
is an audit hook and cannot be undone.
"""

import sys

ADDRESS_EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
NAME_EVENTS = ("socket.getaddrinfo", "socket.gethostbyname")


def refuse_to_leave(event: str, arguments: tuple) -> None:
    if event in ADDRESS_EVENTS:
        address = arguments[1]
        # a local socket has a path, not a pair
        host = address[0] if isinstance(address, tuple) else None
    elif event in NAME_EVENTS:
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host and host not in ("localhost", "::1") and not host.startswith("127."):
        # Not an OSError: a library that tries a download and carries on without it would swallow
        # that.
        raise RuntimeError(f"the tests run offline: {event} to {host!r} was refused")


sys.addaudithook(refuse_to_leave)
