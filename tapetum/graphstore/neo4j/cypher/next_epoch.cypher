// Replicas load anew what they had loaded before.
MATCH (s:Sequence {name: 'graph'})
SET s.epoch = s.epoch + 1
