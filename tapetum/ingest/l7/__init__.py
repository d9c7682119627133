"""L7 records: Calico's log, access logs of Envoy and of Istio's ztunnel."""
