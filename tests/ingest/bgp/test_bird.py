"""Lines of BIRD as it prints them: peers, states, errors, and what is about none of these."""

import pytest

from tapetum.ingest.bgp.bird import spoken


@pytest.mark.parametrize(
    ("said", "event", "state", "reason"),
    [
        ("State changed to start", "state", "start", None),
        ("State changed to feed", "state", "feed", None),
        ("State changed to up", "state", "up", None),
        ("State changed to flush", "state", "flush", None),
        ("State changed to stop", "state", "stop", None),
        ("State changed to down", "state", "down", None),
        ("BGP session established", "state", "Established", None),
        ("BGP session closed", "state", "Idle", None),
        ("Connect delayed by 5 seconds", "state", "Active", None),
        ("Connecting to 10.0.0.2 from local address 10.0.0.1", "state", "Connect", None),
        ("Connected", "state", "OpenSent", None),
        ("Sending OPEN(ver=4,as=64511,hold=240,id=0a790014)", "state", "OpenSent", None),
        ("Got OPEN(as=64511,hold=240,id=0a792b5f)", "state", "OpenConfirm", None),
        ("Incoming connection from 10.0.0.2 (port 52542) accepted", "state", "OpenSent", None),
        ("Incoming connection from 10.0.0.2 (port 52542) rejected", "other", None, None),
        ("Down", "state", "down", None),
        ("Error: Hold timer expired", "error", None, "Hold timer expired"),
        ("Error: Bad peer AS: 64512", "error", None, "Bad peer AS: 64512"),
        ("Received: Administrative shutdown", "error", None, "Administrative shutdown"),
        ("Received: Connection collision resolution", "error", None, "Connection collision resolution"),
        ("Connection lost (Connection refused)", "error", "Idle", "Connection refused"),
        ("Socket error: bind: Address in use", "error", None, "bind: Address in use"),
        ("Connection closed", "error", "Idle", "Connection closed"),
        ("Neighbor lost", "error", None, "Neighbor lost"),
        ("Interface down", "error", None, "Interface down"),
        ("BFD session down", "error", None, "BFD session down"),
        ("Invalid remote address 10.0.0.1", "error", None, "Invalid remote address 10.0.0.1"),
        ("Initializing", "configured", None, None),
        ("Starting", "configured", None, None),
        ("Shutting down", "configured", None, None),
        ("Shutdown requested", "configured", None, None),
        ("Reconfigured", "configured", None, None),
        ("Route limit exceeded, shutting down", "routes", None, "Route limit exceeded"),
        ("Invalid route 10.1.0.0/26 withdrawn", "routes", None, "Invalid route 10.1.0.0/26 withdrawn"),
        ("Got UPDATE", "routes", None, None),
        ("Sending END-OF-RIB", "routes", None, None),
        ("Connected to table master", "other", None, None),
        ("Got KEEPALIVE", "other", None, None),
        ("something that no version says", "other", None, None),
    ],
)
def test_what_is_said_of_a_session(said: str, event: str, state: str | None, reason: str | None) -> None:
    for before in ("bird: ", "", "<TRACE> ", "bird: <INFO> "):
        found = spoken(f"{before}Mesh_10_0_0_2: {said}")
        assert (found.event.value, found.state, found.reason) == (event, state, reason)
        assert (found.peer, found.peer_ip, found.ip_version) == ("Mesh_10_0_0_2", "10.0.0.2", "IPv4")
        assert found.marked


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Mesh_10_121_43_95", "10.121.43.95"),
        ("Node_172_17_0_5_port_500", "172.17.0.5"),
        ("Global_192_0_2_1", "192.0.2.1"),
        ("Local_Workload_10_1_2_3", "10.1.2.3"),
        ("Mesh_fd00_10_96__8", "fd00:10:96::8"),
        ("Node_2001_db8__1_port_179", "2001:db8::1"),
        ("Global___1", "::1"),
        ("Mesh_2001_0db8_0000_0000_0000_0000_0000_0001", "2001:db8::1"),
        ("Mesh_with_node_1", None),
        ("Mesh_300_0_0_1", None),
        ("bgp1", None),
        ("uplink_10_0_0_1", None),
    ],
)
def test_addresses_in_names(name: str, address: str | None) -> None:
    found = spoken(f"{name}: State changed to up")
    assert (found.peer, found.peer_ip, found.state) == (name, address, "up")


@pytest.mark.parametrize(
    ("line", "peer", "event"),
    [
        ("Adding protocol Mesh_10_0_0_2", "Mesh_10_0_0_2", "configured"),
        ("Removing protocol bgp1", "bgp1", "configured"),
        ("Restarting protocol Node_10_0_0_2", "Node_10_0_0_2", "configured"),
        ("Adding protocol kernel1", None, "configured"),
        ("Reconfiguration requested by SIGHUP", None, "configured"),
        ("Reconfigured", None, "configured"),
        ("Protocol Mesh_10_0_0_2 hits route import limit (10), action: disable", "Mesh_10_0_0_2", "routes"),
        ("Mesh_10_0_0_2 > added [best] 192.168.1.64/26 via 10.121.0.1 on eth0", "Mesh_10_0_0_2", "routes"),
        ("Mesh_10_0_0_2.ipv4 < rejected by protocol 192.168.1.64/26 unicast", "Mesh_10_0_0_2", "routes"),
        ("Mesh_10_0_0_2.ipv4: State changed to up", "Mesh_10_0_0_2", "state"),
        ("device1: Scanning interfaces", None, "other"),
        ("direct1: State changed to up", None, "other"),
        ("BGP: Unexpected connect from unknown address 10.0.0.9 (port 41000)", None, "other"),
        ("Netlink: File exists", None, "other"),
        ("Started", None, "configured"),
    ],
)
def test_lines_about_other_things(line: str, peer: str | None, event: str) -> None:
    found = spoken(f"bird: {line}")
    assert (found.peer, found.event.value) == (peer, event)


def test_the_reason_of_a_limit() -> None:
    found = spoken("Protocol Mesh_10_0_0_2 hits route import limit (10), action: disable")
    assert found.reason == "route import limit (10), action: disable"


@pytest.mark.parametrize(
    "level", ["???", "DBG", "TRACE", "INFO", "RMT", "WARN", "ERR", "AUTH", "FATAL", "BUG"]
)
def test_every_level_that_bird_writes(level: str) -> None:
    found = spoken(f"<{level}> Mesh_10_0_0_1: Error: Hold timer expired")
    assert (found.marked, found.peer_ip, found.event.value) == (True, "10.0.0.1", "error")


@pytest.mark.parametrize("text", ["hello", "level=info msg=started", "root: State changed", ""])
def test_text_of_others_bears_no_mark(text: str) -> None:
    assert not spoken(text).marked
