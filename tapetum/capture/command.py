"""The same order as commands of kubectl, for clusters without PacketCaptures, and to fetch what these wrote.

Names may come from logs, so that each value is quoted for the shell.
"""

from shlex import quote

from tapetum.capture.order import CaptureOrder, PacketFilter
from tapetum.capture.resource import CaptureFiles, RunningCapture
from tapetum.domain.moments import SECOND, Micros
from tapetum.policy.recommend.selections import Selection

IMAGE = "nicolaka/netshoot"
_ATTACHING = 3
"""Seconds that kubectl gets to attach: what is written before may be lost, and with it the file's head."""
_NAMES = {
    "TCP": "tcp",
    "UDP": "udp",
    "SCTP": "sctp",
    "ICMP": "icmp",
    "ICMPv6": "icmp6",
    "UDPLite": "proto 136",
}


def debug_command(order: CaptureOrder, now: Micros) -> str:
    """Runs tcpdump beside one running pod of the workload, for as long as ordered, and writes a file here.

    An order that begins later is waited for.
    """
    namespace = quote(order.namespace)
    labels = _labels(order.selection)
    chosen = f" -l {quote(labels)}" if labels else ""
    seconds = -(-(order.end - order.start) // SECOND)
    wanted = expression(order.filters)
    sieve = f" {quote(wanted)}" if wanted else ""
    running = "--field-selector=status.phase=Running"
    taken = f"sleep {_ATTACHING}; exec timeout {seconds} tcpdump -i any -U -w -{sieve}"
    begin = -(-order.start // SECOND)
    wait = (
        f'wait=$(({begin} - $(date +%s))); [ "$wait" -le 0 ] || sleep "$wait"\n' if order.start > now else ""
    )
    return (
        f"{wait}"
        f"pod=$(kubectl get pod -n {namespace}{chosen} {running} -o name | head -n 1)\n"
        f'kubectl debug -n {namespace} "$pod" -i -q --profile=netadmin --image={IMAGE} -- \\\n'
        f"  sh -c {quote(taken)} > {quote(order.name)}.pcap"
    )


def expression(filters: tuple[PacketFilter, ...]) -> str:
    """As tcpdump reads it; empty where all is wanted."""
    parts = [_expression(each) for each in filters]
    if not all(parts):
        return ""
    return parts[0] if len(parts) == 1 else " or ".join(f"({each})" for each in parts)


def copy_command(capture: RunningCapture, files: CaptureFiles) -> str:
    """Fetches a node's files of a PacketCapture into a directory here."""
    place = f"{files.directory.strip('/')}/{capture.namespace}/{capture.name}/"
    pod = (
        "$(kubectl get pod -n calico-system -l k8s-app=calico-node "
        f"--field-selector=spec.nodeName={quote(files.node)} -o jsonpath='{{.items[0].metadata.name}}')"
    )
    return f'kubectl cp -n calico-system "{pod}":{quote(place)} {quote(f"{capture.name}-{files.node}")}'


def _labels(selection: Selection) -> str:
    some = [f"{key}={v[0]}" if len(v) == 1 else f"{key} in ({', '.join(v)})" for key, v in selection.terms]
    return ",".join((*some, *(f"!{key}" for key in selection.absent)))


def _expression(one: PacketFilter) -> str:
    protocol = "" if one.protocol is None else _NAMES.get(str(one.protocol), f"proto {one.protocol}")
    ports = [f"port {first}" if first == last else f"portrange {first}-{last}" for first, last in one.ports]
    some = f"({' or '.join(ports)})" if len(ports) > 1 else "".join(ports)
    return " and ".join(filter(None, (protocol, some)))
