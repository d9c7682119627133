"""Addresses of the engines: those that drivers take, and a sentence without the password for the others."""

import pytest

from tapetum.service.engine_urls import checked

NEO4J, ELASTICSEARCH, REDIS = "neo4j_url", "elasticsearch_url", "redis_url"


@pytest.mark.parametrize(
    ("setting", "url"),
    [
        (NEO4J, "bolt://127.0.0.1:7687"),
        (NEO4J, "bolt://neo4j"),
        (NEO4J, "bolt+s://[::1]:7687"),
        (NEO4J, "neo4j+ssc://graph.example:7687/"),
        (ELASTICSEARCH, "http://127.0.0.1:9200"),
        (ELASTICSEARCH, "https://elastic:a%40b@search.example:443/behind/a/proxy"),
        (REDIS, "redis://127.0.0.1:6379/0"),
        (REDIS, "redis://:secret@redis"),
        (REDIS, "rediss://user:secret@redis.example:6380/3?ssl_cert_reqs=none&ssl_ca_certs=/a.pem"),
    ],
)
def test_what_drivers_take(setting: str, url: str) -> None:
    assert checked(setting, url) == url


WRONG = {
    NEO4J: [
        "", "http://s3cret:7687", "bolt://", "bolt://:7687", "bolt://h:abc", "bolt://h:70000",
        "bolt://h h:7687", "bolt://u:s3cret@h:7687", "bolt://h:7687/s3cret", "bolt://h:7687?s3cret=1",
        "bolt://h:7687#s3cret",
    ],
    ELASTICSEARCH: [
        "", "http://h", "http://:9200", "http://h:70000", "http://h:9200\n", "ftp://h:9200", "http://u:s3cret@[::1",
        "http://u:s3/cret@h:9200", "http://u:s3#cret@h:9200", "http://h:9200?s3cret=1",
    ],
    REDIS: [
        "", "redis://", "redis://:s3cret@h:70000", "redis://h:6379/s3cret", "redis://h?s3cret=1", "redis://h#s3cret",
        "redis://h?ssl_cert_reqs=none", "rediss://h?s3cret=1", "http://h:6379", "redis://:s3/cret@h",
    ],
}  # fmt: skip
WAYS_OUT = {
    NEO4J: "bolt://HOST:7687",
    ELASTICSEARCH: "http://USER:PASSWORD@HOST:9200",
    REDIS: "redis://USER:PASSWORD@HOST:6379/0",
}


@pytest.mark.parametrize(("setting", "url"), [(setting, url) for setting in WRONG for url in WRONG[setting]])
def test_what_they_would_stumble_over(setting: str, url: str) -> None:
    with pytest.raises(ValueError, match="write it") as refused:
        checked(setting, url)
    assert WAYS_OUT[setting] in str(refused.value)
    assert "cret" not in str(refused.value)
