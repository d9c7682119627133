"""The Bus and Queue ports and their adapters: live fan-out, and the hand-over of deliveries to workers."""
