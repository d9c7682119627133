"""What subscriptions follow: alerts, flow records, and changes of the service graph."""
