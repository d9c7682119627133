"""Of the security posture."""

from tapetum.api.schema.enums.showing import shown
from tapetum.api.use.posture_actions import PosturePage
from tapetum.posture import Component

shown(
    Component,
    "PostureComponentKind",
    "A part of the score of the security posture.",
    {
        "ISOLATION": "Policies deny by default, in both directions, what they do not allow.",
        "EGRESS": "What leaves for addresses outside of the cluster does so under a policy.",
        "EXPOSURE": "Nothing is let in from public networks.",
        "CLEARTEXT": "No connection at a port that usually carries cleartext.",
        "GAPS": "It is denied nothing, and staged policies would deny nothing that is allowed.",
        "IMAGES": "Its images have no critical or high flaws, as far as scans that were brought in tell.",
    },
)
shown(
    PosturePage,
    "PosturePage",
    "Where in the page an action begins.",
    {
        "RECOMMENDED_POLICIES": "Recommended policies, of the action's namespace.",
        "POLICIES": "The board of policies, which says how manifests are brought in.",
        "LOGS": "The logs, with the action's filter.",
    },
)
