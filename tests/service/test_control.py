"""What a running `up` does for other commands, for whoever shows its secret, and for nobody else."""

import json
import stat

import pytest

from tests.support.served import Served

pytestmark = pytest.mark.server


def test_the_secret_of_its_note_is_for_its_user_alone(served: Served) -> None:
    note = served.data / "owner.json"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    for headers in ({}, {"x-tapetum-owner": ""}, {"x-tapetum-owner": "wrong"}):
        for path in ("submit", "verify", "tokens", "tokens/add", "tokens/revoke"):
            answer = served.http.post(f"/control/{path}", headers=headers)
            assert answer.status_code == 403, path


def test_what_control_is_asked_wrongly_is_refused_in_a_sentence(served: Served) -> None:
    secret = json.loads((served.data / "owner.json").read_bytes())["secret"]
    headers = {"x-tapetum-owner": secret}
    for path, body in (
        ("submit", b""), ("submit?form=xml&cluster=a&source=b", b"{}"), ("submit?form=calico", b"{}"),
        ("submit?form=calico&cluster=a/b&source=c", b"{}"), ("tokens/add", b"{}"), ("tokens/revoke", b"\xff"),
    ):  # fmt: skip
        answer = served.http.post(f"/control/{path}", headers=headers, content=body)
        assert answer.status_code == 400, (path, answer.text)
        assert list(answer.json()) == ["error"]
