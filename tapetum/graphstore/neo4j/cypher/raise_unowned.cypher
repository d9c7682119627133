// The numbers of new alerts that nobody owns, with what is to be written of them.
MATCH (s:Sequence {name: 'alerts'})
SET s.last = $last
WITH s
UNWIND $rows AS row
CREATE (:Raised:Unwritten {id: row.id, number: row.number, told: row.told, at: $at})
