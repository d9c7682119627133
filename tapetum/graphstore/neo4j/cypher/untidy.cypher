// Buckets whose appended blocks are worth merging: two of a closed one, many of an open one.
MATCH (s:Sequence {name: 'graph'})
MATCH (b:Block)
WHERE b.upto IS NOT NULL OR b.number <= s.settled
WITH b.unit AS unit, b.bucket AS bucket, coalesce(max(b.upto), 0) AS merged, collect(b.number) AS numbers
WITH unit, bucket, merged, size([number IN numbers WHERE number > merged]) AS appended
WHERE appended >= $many
   OR appended > 0 AND appended + sign(merged) > 1 AND (bucket + 1) * unit <= $closed
RETURN unit, bucket ORDER BY unit, bucket LIMIT $most
