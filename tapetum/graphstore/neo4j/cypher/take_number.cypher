// Whoever numbers alerts waits here for the one before it, and never for those that add batches.
MERGE (s:Sequence {name: 'alerts'})
  ON CREATE SET s.last = 0, s.turn = 0
SET s.turn = s.turn + 1
