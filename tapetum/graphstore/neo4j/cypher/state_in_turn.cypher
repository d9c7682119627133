// What the next numbers are, read once the turn is ours, and what some of these batches brought before.
MATCH (s:Sequence {name: 'graph'})
OPTIONAL MATCH (b:Batch) WHERE b.id IN $batches
RETURN s.keys, s.blocks, coalesce(s.policies, 0),
  collect(CASE WHEN b IS NULL THEN NULL ELSE [b.id, b.applied] END)
