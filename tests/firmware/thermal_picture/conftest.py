"""Fixtures of the tests of the encoders."""

from collections.abc import Iterator

import pytest

from .c_encoder import COMPILER, CEncoder


@pytest.fixture(scope="session")
def c_encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CEncoder]:
    """Return the encoder in C."""
    if COMPILER is None:
        pytest.skip("there is no C compiler")
    with CEncoder(tmp_path_factory.mktemp("c_encoder")) as encoder:
        yield encoder
