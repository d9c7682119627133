"""A turn among processes, and what is said where Redis does not let us in."""

import pytest
from redis import Redis

from tapetum.bus.redis import RedisQueue
from tapetum.bus.redis.turn import turn
from tapetum.domain.errors import UnavailableError
from tests import engines

pytestmark = pytest.mark.engine("redis")


def refused_url() -> str:
    return engines.redis().url.replace("redis://", "redis://somebody:s3cret@")


def test_a_turn_is_one_at_a_time_and_left_behind() -> None:
    url = engines.redis().url
    with Redis.from_url(url) as client:
        with turn(url, "test"):
            assert client.exists("tapetum:turn:test")
        assert not client.exists("tapetum:turn:test")


def test_a_wrong_password_is_said_and_not_repeated() -> None:
    with (
        pytest.raises(UnavailableError, match="refuses the user or the password") as refused,
        turn(refused_url(), "test"),
    ):
        pass
    assert "s3cret" not in refused.value.message


async def test_a_wrong_password_for_the_queue() -> None:
    async with RedisQueue(refused_url()) as queue:
        with pytest.raises(UnavailableError, match="correct TAPETUM_REDIS_URL") as refused:
            await queue.missing(["a"])
    assert "s3cret" not in refused.value.message
