MATCH (b:Batch) WHERE b.at < $before
WITH b LIMIT $most
DELETE b
RETURN count(*)
