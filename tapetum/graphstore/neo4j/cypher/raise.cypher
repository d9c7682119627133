// The numbers of new alerts, and who writes them.
MATCH (s:Sequence {name: 'alerts'})
SET s.last = $last
WITH s
UNWIND $rows AS row
CREATE (:Raised {id: row.id, number: row.number, owner: $owner, at: $at})
