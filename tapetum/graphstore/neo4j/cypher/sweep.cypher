// What a merged block has stood for long enough.
MATCH (m:Block) WHERE m.upto IS NOT NULL AND m.merged_at <= $before
MATCH (b:Block {unit: m.unit, bucket: m.bucket})
WHERE b.number <= m.upto OR b.upto < m.upto
WITH DISTINCT b LIMIT $most
DELETE b
RETURN count(*)
