MATCH (b:Block) WHERE b.unit = $unit AND b.bucket < $first
WITH b LIMIT $most
DELETE b
RETURN count(*)
