"""The forms in which flow logs arrive."""

from enum import StrEnum


class Form(StrEnum):
    CALICO = "calico"  # flow log lines of Calico Enterprise and Cloud
    GOLDMANE = "goldmane"  # Goldmane's emitter, its gRPC answers as JSON, whisker-backend's REST and SSE
    HUBBLE = "hubble"  # Hubble exports, `hubble observe -o jsonpb`
    NETOBSERV = "netobserv"  # flat records of NetObserv's flowlogs-pipeline
