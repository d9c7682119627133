// Replicas load anew what they had loaded before, and follow from here.
MATCH (s:Sequence {name: 'graph'})
SET s.epoch = s.epoch + 1, s.settled = s.blocks
