// What the next numbers are, read once the turn is ours, and what this batch brought before.
MATCH (s:Sequence {name: 'graph'})
OPTIONAL MATCH (b:Batch {id: $batch})
RETURN s.keys, s.blocks, s.alerts, coalesce(s.policies, 0), b.applied
