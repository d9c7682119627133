"""Tapetum: what talks to what in Kubernetes clusters, and which policy let it or stopped it."""
