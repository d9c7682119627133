// Every transaction that adds batches waits here for the one before it; held until it ends.
MERGE (s:Sequence {name: 'graph'})
  ON CREATE SET s.keys = 0, s.blocks = 0, s.settled = 0, s.epoch = 0, s.turn = 0
SET s.turn = s.turn + 1
