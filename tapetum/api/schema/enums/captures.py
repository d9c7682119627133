"""Of packet captures."""

from tapetum.api.schema.enums.showing import shown
from tapetum.capture.matching import Basis as CaptureBasis
from tapetum.capture.resource import CaptureState

shown(
    CaptureState,
    "PacketCaptureState",
    "How a packet capture stands.",
    {
        "PENDING": "No node has said anything yet.",
        "SCHEDULED": "It has not begun.",
        "WAITING": "It waits for packets.",
        "CAPTURING": "It writes packets.",
        "FINISHED": "It has ended.",
        "ERROR": "A node cannot capture.",
    },
)
shown(
    CaptureBasis,
    "CaptureBasis",
    "By what a captured conversation and its flow records were brought together.",
    {
        "ADDRESS": "Both addresses are in the records.",
        "WORKLOAD": "The records leave an address out, and manifests say which workload or service has it.",
    },
)
