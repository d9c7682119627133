// The blocks of a batch, its id with what it brought, and the next numbers.
MATCH (s:Sequence {name: 'graph'})
SET s.settled = s.blocks, s.keys = $keys, s.blocks = $last, s.alerts = $alerts, s.policies = $policies
CREATE (:Batch {id: $batch, at: $at, applied: $applied})
WITH s
UNWIND $blocks AS block
CREATE (b:Block)
SET b = block
