// The number of the last alert, and those of some alerts that were raised before; in our turn.
MATCH (s:Sequence {name: 'alerts'})
OPTIONAL MATCH (r:Raised) WHERE r.id IN $ids
RETURN s.last, collect(CASE WHEN r IS NULL THEN NULL ELSE [r.id, r.number, r.owner] END)
