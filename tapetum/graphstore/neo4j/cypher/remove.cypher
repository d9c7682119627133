UNWIND $ids AS id
MATCH (b:Block) WHERE elementId(b) = id
DELETE b
