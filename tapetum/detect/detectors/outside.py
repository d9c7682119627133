"""What lies outside the clusters and their private networks.

A network set is judged by the address that a record has; without one it counts as outside.
"""

from tapetum.kql import parse

_PRIVATE = '("10.0.0.0/8" or "172.16.0.0/12" or "192.168.0.0/16" or "100.64.0.0/10" or "fc00::/7")'
# A forwarding host tells of what the source tells of too.
OUTSIDE = parse(
    "(dest_type: (net or ns) or dest_domain: *) and not dest_type: wep and not dest_network: pvt"
    f" and not dest_ip: {_PRIVATE} and not reporter: fwd"
)
ALLOWED = parse("action: allow")
