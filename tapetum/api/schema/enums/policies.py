"""Of manifests, findings about rules, and recommended policies."""

from tapetum.api.schema.enums.showing import shown
from tapetum.domain.manifests import HowChanged, Origin
from tapetum.policy.analysis import Basis, FindingKind
from tapetum.policy.recommend import Style
from tapetum.policy.recommend.edges import Why

shown(
    Origin,
    "ManifestOrigin",
    "What told of a manifest.",
    {
        "IMPORT": "Somebody imported it.",
        "WATCH": "A watch on the cluster's API.",
        "AUDIT": "The cluster's audit log.",
    },
)
shown(
    HowChanged,
    "HowChanged",
    "What became of an object.",
    {
        "CREATED": "It was made, as the audit log tells.",
        "EDITED": "It was changed.",
        "DELETED": "It was removed.",
        "FIRST_KNOWN": "An import or a watch brought it in; it may have been there before.",
    },
)
shown(
    FindingKind,
    "RuleFindingKind",
    "Why a rule does nothing.",
    {
        "SHADOWED": "No connection reaches it: others before it decide all that it matches.",
        "REDUNDANT": "Without it, and nothing else changed, every connection is decided as with it.",
        "NO_MATCH": "It names no endpoint that its policy selects, or no peer that there is.",
    },
)
shown(
    Basis,
    "FindingBasis",
    "For whom a finding holds.",
    {
        "ANY": "For any endpoints that there may be.",
        "CLUSTER": "For the endpoints of the cluster as they were at the end of the range.",
    },
)
shown(
    Style,
    "PolicyStyle",
    "Which kind of policies is written.",
    {
        "CALICO": "NetworkPolicy of Calico.",
        "STAGED": "StagedNetworkPolicy of Calico: logged, and not enforced.",
        "KUBERNETES": "NetworkPolicy of Kubernetes.",
    },
)
shown(
    Why,
    "UnlearntWhy",
    "Why an allowed edge was not learnt.",
    {
        "UNWANTED": "A filter says that it is unwanted.",
        "ALERT": "An alert shows it that nobody has dismissed.",
        "FEW_CONNECTIONS": "It had fewer connections than are evidence enough.",
        "FEW_DAYS": "It was seen on fewer days than are evidence enough.",
        "UNNAMED": "Records do not tell who one of its ends is.",
    },
)
