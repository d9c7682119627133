"""What lies outside the clusters and their private networks."""

from tapetum.kql import parse

OUTSIDE = parse("(dest_type: (net or ns) or dest_domain: *) and not dest_network: pvt and not dest_type: wep")
ALLOWED = parse("action: allow")
