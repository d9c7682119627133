// Nodes are typed; whatever can talk is an Endpoint too, under the code that traversals use.
CREATE CONSTRAINT endpoint_code IF NOT EXISTS FOR (n:Endpoint) REQUIRE n.code IS UNIQUE;
CREATE CONSTRAINT cluster_name IF NOT EXISTS FOR (n:Cluster) REQUIRE n.name IS UNIQUE;
// `key` is the natural key (cluster, namespace, name) in one text that any name fits into.
CREATE CONSTRAINT namespace_key IF NOT EXISTS FOR (n:Namespace) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT workload_key IF NOT EXISTS FOR (n:Workload) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT service_key IF NOT EXISTS FOR (n:Service) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT host_key IF NOT EXISTS FOR (n:Host) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT network_set_key IF NOT EXISTS FOR (n:NetworkSet) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT network_key IF NOT EXISTS FOR (n:Network) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT fqdn_key IF NOT EXISTS FOR (n:Fqdn) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT tier_key IF NOT EXISTS FOR (n:Tier) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT policy_key IF NOT EXISTS FOR (n:Policy) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT talks_code IF NOT EXISTS FOR ()-[t:TALKS]-() REQUIRE t.code IS UNIQUE;
