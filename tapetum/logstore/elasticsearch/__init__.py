"""The LogStore on Elasticsearch: an index for each kind, cluster and day; one journal of deliveries."""

from tapetum.logstore.elasticsearch.attempt import Attempt
from tapetum.logstore.elasticsearch.journal import Intent
from tapetum.logstore.elasticsearch.store import ElasticsearchLogStore
from tapetum.logstore.elasticsearch.templates import Indexing

__all__ = ["Attempt", "ElasticsearchLogStore", "Indexing", "Intent"]
