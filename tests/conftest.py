"""What several test files share."""

import asyncio

import pytest

from quickstudy.errors import QuickstudyError
from quickstudy.team.catalogue import Model, find
from quickstudy.team.pull import pull


@pytest.fixture(scope="session")
def model() -> Model:
    """The smallest embedded model in the user's own cache, fetched if it is not there."""
    model = find("qwen2.5-coder-0.5b")
    try:
        asyncio.run(pull(model, lambda phase, done, total: None))
    except QuickstudyError as error:
        pytest.skip(str(error))
    return model
