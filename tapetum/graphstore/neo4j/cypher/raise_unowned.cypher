// The numbers of new alerts that nobody owns, with what is to be written of them.
MATCH (s:Sequence {name: 'graph'})
SET s.alerts = $last
WITH s
UNWIND $rows AS row
CREATE (:Raised:Unwritten {id: row.id, number: row.number, told: row.told, at: $at})
