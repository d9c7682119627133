"""Suggestions at a cursor, marked | in the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.kql import KqlError, catalogue, compile_predicate, parse
from tapetum.kql.completion import Completes, complete


def applied(marked: str) -> list[str]:
    """The text after each suggestion; for values, what to ask the store for."""
    cursor = marked.index("|")
    text = marked.replace("|", "", 1)
    return [
        f"{found.field}={found.prefix}@{found.start}:{found.end}"
        if found.kind is Completes.VALUES
        else text[: found.start] + found.text + text[found.end :]
        for found in complete(text, cursor, "flows")
    ]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("dest_dom|", ["dest_domains", "dest_domain"]),
        ("DEST_DOM|xyz: a", ["dest_domains: a", "dest_domain: a"]),
        ("action:deny and dest_p|", ["action:deny and dest_port"]),
        ("not (dest_p|", ["not (dest_port"]),
        ("dest_port|", ["dest_port", *(f"dest_port{sign}" for sign in (":", ":*", ">=", "<=", ">", "<"))]),
        ("proto |", ["proto :", "proto :*", "proto and", "proto or"]),
        ("policy_hits|", [*(name for name in catalogue("flows").fields if name.startswith("policy_hits")),
                          "policy_hits:{", "policy_hits:*"]),
        ("policies:{enf|", ["policies:{enforced_policies"]),
        ("policies:{all_policies:a and enf|", ["policies:{all_policies:a and enforced_policies"]),
        ("action:|", ["action=@7:7"]),
        ("action:de|ny and x", ["action=de@7:11"]),
        ("action:(allow or de|", ["action=de@17:19"]),
        ("action:(allow or not |", ["action=@21:21"]),
        ('source_name:"a b|c" and x', ["source_name=a b@12:18"]),
        (r"process_args:a\:b|", ["process_args=a:b@13:17"]),
        ("policies:{all_policies:te|", ["policies.all_policies=te@23:25"]),
        ("dest_port >= 4|", ["dest_port=4@13:14"]),
        ("policy_hits:{staged:t|", ["policy_hits:{staged:true"]),
        ("action:deny |", ["action:deny and", "action:deny or"]),
        ("action:deny an|", ["action=deny an@7:14", "action:deny and"]),
        ("(action:deny |", ["(action:deny and", "(action:deny or", "(action:deny )"]),
        ("policy_hits:{tier:a |", [f"policy_hits:{{tier:a {word}" for word in ("and", "or", "}")]),
        ("unknown:a|", []),
        ("proto an|", ["proto and"]),
        ("proto and|", ["proto and"]),
        ('dest_port"|', []),
        ('action:"a o|', ["action=a o@7:11"]),
        ("unknown:a o|n", ["unknown:a or"]),
        ("action:a) |", []),
        ("a:b:c|", []),
        ("start_time > |", []),
        ("no|", ["not"]),
        ("policies:{NO|", ["policies:{not"]),
        ("num_flows_s|tarted or x", ["num_flows_started or x"]),
        ("action:(n|", ["action=n@8:9", "action:(not"]),
        ("action: n|", ["action=n@8:9"]),
    ],
)  # fmt: skip
def test_completes(marked: str, expected: list[str]) -> None:
    assert applied(marked) == expected


def test_every_field_is_offered_where_one_may_stand_and_can_be_asked_for() -> None:
    for kind in ("flows", "alerts"):
        offered = [found for found in complete("", 0, kind) if found.kind is Completes.FIELD]
        assert [found.text for found in offered] == list(catalogue(kind).fields)
        for found in offered:
            assert found.description
            compile_predicate(parse(f"{found.text}:*"), kind, 0)


def test_not_stands_between_the_fields_that_begin_like_it_and_those_that_only_hold_it() -> None:
    offered = [found.text for found in complete("n", 1, "flows")]
    at = offered.index("not")
    assert all(name.startswith("n") for name in offered[:at])
    assert not any(name.startswith("n") for name in offered[at + 1 :])


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([*'ab:(){}"*\\<> ', "and ", "or ", "not ", "action:", "policies:{", "dest_port"])
    ).map("".join),
    st.data(),
)
def test_any_text_and_cursor_give_suggestions_or_none(text: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(text)))
    for found in complete(text, cursor, "flows"):
        assert 0 <= found.start <= cursor <= found.end <= len(text)


@settings(deadline=None)
@given(st.sampled_from(["action:deny|", "(dest_port > 5|", "policies:{all_policies:x|", "not action:a|"]))
def test_following_the_suggestions_ends_in_a_query(marked: str) -> None:
    text = marked.replace("|", " ")
    for _ in range(3):
        closing = [found.text for found in complete(text, len(text), "flows") if found.text in (")", "}")]
        if not closing:
            break
        text += closing[0]
    try:
        parse(text)
    except KqlError as error:
        pytest.fail(f"{text!r} cannot be read: {error}")
