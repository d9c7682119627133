"""What each receiver is told of an alert: golden, and of hostile texts."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.alerts import Alert
from tapetum.domain.receivers import Alertmanager, Jira, Slack, Webhook
from tapetum.service.delivery import alertmanager, cef, jira, slack, webhook
from tapetum.service.delivery.message import Message, Post, message_of, one_line
from tests.api.world import some_alert
from tests.support.factory import HOUR

AT = 1795435199_000_000
ALERT = replace(
    some_alert(1, severity=80),
    time=AT,
    title="Bad | name = <!channel> \\ {noformat}",
    description="First.\nSecond & last.",
    technique="T1046",
    mitigations=("Look at it.",),
)
MESSAGE = message_of("t1", ALERT, "https://page.example/")
KEY = "t1-alert-east-shop-1"
LINK = "https://page.example/alerts?alert=WyJhbGVydCIsImFsZXJ0LWVhc3Qtc2hvcC0xIl0"
WEBHOOK = Webhook(url="https://a.example/x", header="X-Key", secret="s3cret")
SLACK = Slack(url="https://hooks.example/T/B/x")
JIRA = Jira(url="https://jira.example/", project="SOC", user="me@a.example", secret="s3cret")
ALERTMANAGER = Alertmanager(url="https://am.example", secret="s3cret")
hostile = st.text(
    st.sampled_from("ab|=\\<>&{}[]\n\r\t\"' \u2028\x00\x1b\U0001f63a*_`~!@") | st.characters(), max_size=400
)


def told(post: Post) -> Any:
    return json.loads(post.body)


def test_a_webhook_is_told_all_in_json() -> None:
    post = webhook.post_of(WEBHOOK, MESSAGE)
    assert (post.url, post.headers) == ("https://a.example/x", {"X-Key": "s3cret"})
    assert told(post) == {
        "version": 1,
        "key": KEY,
        "test": False,
        "link": LINK,
        "alert": {
            "id": "alert-east-shop-1",
            "time": "2026-11-23T11:59:59.000Z",
            "kind": "detector",
            "rule": "test",
            "title": ALERT.title,
            "description": ALERT.description,
            "severity": 80,
            "cluster": "east",
            "source": {"kind": "WORKLOAD", "namespace": "shop", "name": "web-*"},
            "target": {"kind": "WORKLOAD", "namespace": "shop", "name": "db1-*"},
            "protocol": "tcp",
            "port": 5432,
            "technique": "T1046",
            "tactic": None,
            "category": None,
            "status": "open",
            "mitigations": ["Look at it."],
            "evidence": ["AAAAAAAAAAAAAAAA"],
            "evidenceKind": "flows",
        },
    }


def test_slack_is_told_in_blocks_without_its_markup() -> None:
    post = slack.post_of(SLACK, MESSAGE)
    assert post.url == SLACK.url
    body = told(post)
    assert body["text"] == "Bad | name = &lt;!channel&gt; \\ {noformat} (east)"
    plain = {"type": "plain_text", "emoji": False}
    assert body["blocks"] == [
        {"type": "header", "text": {**plain, "text": ALERT.title}},
        {"type": "section", "text": {**plain, "text": ALERT.description}},
        {
            "type": "section",
            "fields": [
                {**plain, "text": text}
                for text in (
                    "Severity: 80", "Cluster: east", "Source: shop/web-*", "Target: shop/db1-*",
                    "Port: tcp 5432", "Rule: test", "Technique: T1046",
                )
            ],
        },
        {
            "type": "context",
            "elements": [
                {"type": "mrkdwn", "text": f"<{LINK}|Open in Tapetum>"},
                {**plain, "text": KEY},
            ],
        },
    ]  # fmt: skip


def test_jira_is_asked_for_an_issue() -> None:
    post = jira.post_of(JIRA, MESSAGE)
    assert post.url == "https://jira.example/rest/api/2/issue"
    assert post.headers == {"Authorization": "Basic bWVAYS5leGFtcGxlOnMzY3JldA=="}
    assert told(post) == {
        "fields": {
            "project": {"key": "SOC"},
            "issuetype": {"name": "Task"},
            "summary": ALERT.title,
            "description": "{noformat}\nFirst.\nSecond & last.\n\nSeverity: 80\n"
            "Cluster: east\nSource: shop/web-*\n"
            "Target: shop/db1-*\nPort: tcp 5432\nRule: test\nTechnique: T1046\n\nLook at it.\n{noformat}\n\n"
            f"[Open in Tapetum|{LINK}]",
            "labels": ["tapetum", f"tapetum-{KEY}"],
        }
    }


def test_alertmanager_is_told_labels_and_an_end_to_come() -> None:
    post = alertmanager.post_of(ALERTMANAGER, MESSAGE, AT + HOUR)
    assert post.url == "https://am.example/api/v2/alerts"
    assert post.headers == {"Authorization": "Bearer s3cret"}
    assert told(post) == [
        {
            "labels": {
                "alertname": "test",
                "key": KEY,
                "kind": "detector",
                "severity": "high",
                "cluster": "east",
                "source": "shop/web-*",
                "target": "shop/db1-*",
                "technique": "T1046",
            },
            "annotations": {"summary": ALERT.title, "description": ALERT.description, "severity": "80"},
            "startsAt": "2026-11-23T11:59:59.000Z",
            "endsAt": "2026-11-23T13:59:59.000Z",
            "generatorURL": LINK,
        }
    ]


def test_syslog_is_told_a_line_of_cef() -> None:
    assert cef.line_of(MESSAGE, "1.0").decode() == (
        "<107>1 2026-11-23T11:59:59.000Z - tapetum - alert - "
        "CEF:0|Tapetum|Tapetum|1.0|detector|Bad \\| name = <!channel> \\\\ {noformat}|8|"
        f"rt=1795435199000 externalId={KEY} cat=detector "
        "shost=shop/web-* dhost=shop/db1-* dpt=5432 proto=tcp "
        "cs1Label=cluster cs1=east cs2Label=rule cs2=test cs3Label=technique cs3=T1046 "
        f"msg=First. Second & last. request={LINK.replace('=', chr(92) + '=')}"
    )


def test_a_test_is_told_to_be_one_everywhere() -> None:
    message = message_of("t1", ALERT, "https://page.example", test=True)
    assert message.link is None
    assert told(webhook.post_of(WEBHOOK, message))["test"] is True
    assert told(slack.post_of(SLACK, message))["blocks"][0]["text"]["text"].startswith("[test] ")
    assert told(jira.post_of(JIRA, message))["fields"]["summary"].startswith("[test] ")
    (one,) = told(alertmanager.post_of(ALERTMANAGER, message, AT))
    assert one["labels"]["test"] == "true"
    assert "|[test] Bad" in cef.line_of(message, "1").decode()


def hostile_alert(text: str) -> Alert:
    return replace(ALERT, title=text, description=text, rule=text, mitigations=(text,), protocol=text)


def read_cef(line: str) -> tuple[list[str], dict[str, str]]:
    """As a collector reads it: the parts of the head, and the extension."""
    parts = re.findall(r"((?:[^\\|]|\\.)*)\|", line)
    rest = re.fullmatch(r"(?:(?:[^\\|]|\\.)*\|){7}(.*)", line)
    assert rest is not None
    found = re.findall(r"(?:^| )(\w+)=((?:[^\\=]|\\.)*?)(?= \w+=|$)", rest[1])
    plain = {name: re.sub(r"\\(.)", r"\1", value) for name, value in found}
    assert len(plain) == len(found), "no text made a key"
    return [re.sub(r"\\(.)", r"\1", part) for part in parts[:7]], plain


@given(hostile)
def test_no_text_of_a_record_leaves_its_place(text: str) -> None:
    message = Message(KEY, hostile_alert(text), LINK)
    line = cef.line_of(message, "1").decode()
    assert line.isprintable()
    assert len(line.encode()) < 16_384
    head, extension = read_cef(line)
    assert (len(head), head[5]) == (7, one_line(text, 120))
    assert extension.get("msg", "") == one_line(text, 1000)
    assert extension.get("proto", "") == one_line(text, 1000)
    assert (extension["externalId"], extension["request"]) == (KEY, LINK)
    issue = told(jira.post_of(JIRA, message))["fields"]
    assert issue["description"].count("{noformat}") == 2
    assert len(issue["summary"]) <= 255
    assert "\n" not in issue["summary"]
    for block in told(slack.post_of(SLACK, message))["blocks"]:
        texts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        for one in filter(None, texts):
            assert one["type"] == "plain_text" or one["text"] == f"<{LINK}|Open in Tapetum>"
            assert len(one["text"]) <= 3000
    assert not re.search(r"[<>]", told(slack.post_of(SLACK, message))["text"])


@pytest.mark.parametrize("size", [10, 100_000])
def test_whatever_is_long_is_cut(size: int) -> None:
    message = Message(KEY, hostile_alert("<" * size), LINK)
    for post in (
        webhook.post_of(WEBHOOK, message),
        slack.post_of(SLACK, message),
        jira.post_of(JIRA, message),
        alertmanager.post_of(ALERTMANAGER, message, AT),
    ):
        assert len(post.body) < 40_000
