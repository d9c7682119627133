// The blocks of some batches, the id of each with what it brought, and the next numbers.
MATCH (s:Sequence {name: 'graph'})
SET s.settled = s.blocks, s.keys = $keys, s.blocks = $last, s.policies = $policies
WITH s
UNWIND $batches AS batch
CREATE (:Batch {id: batch[0], at: $at, applied: batch[1]})
WITH DISTINCT s
UNWIND $blocks AS block
CREATE (b:Block)
SET b = block
