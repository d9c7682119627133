// Not what replicas may still follow.
MATCH (s:Sequence {name: 'graph'})
MATCH (b:Block) WHERE b.unit = $unit AND b.bucket < $first AND (b.upto IS NOT NULL OR b.number <= s.settled)
WITH b LIMIT $most
DELETE b
RETURN count(*)
