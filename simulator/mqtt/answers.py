"""Answers of a broker that a client waits for."""

import asyncio


class RefusedError(ConnectionError):
    """The broker refused a connection, a subscription or a message."""

    def __init__(self, code: int) -> None:
        """Keep the code of its answer."""
        super().__init__(f"refused by the broker with code {code}")
        self.code = code


def end[T](future: asyncio.Future[T], result: T, refusal: int) -> None:
    """Set the result of a future; RefusedError for any code but 0."""
    if refusal:
        fail(future, RefusedError(refusal))
    elif not future.done():
        future.set_result(result)


def fail[T](future: asyncio.Future[T], error: ConnectionError | None = None) -> None:
    """Fail a future that is not done; its exception need not be retrieved."""
    if not future.done():
        future.set_exception(error or ConnectionError("connection closed"))
        future.exception()
