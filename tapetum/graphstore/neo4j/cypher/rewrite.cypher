UNWIND $rows AS row
MATCH (b:Block) WHERE elementId(b) = row.id
SET b += row.sums
