"""What lies outside the clusters and their private networks.

A network set is judged by the address that a record has; without one it counts as outside.
"""

from tapetum.kql import parse

# A forwarding host tells of what the source tells of too.
OUTSIDE = parse(
    "(dest_type: (net or ns) or dest_domain: *) and not dest_type: wep and not dest_network: pvt"
    " and not reporter: fwd"
)
ALLOWED = parse("action: allow")
