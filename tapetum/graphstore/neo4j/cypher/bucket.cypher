// All blocks of a bucket that are settled.
MATCH (s:Sequence {name: 'graph'})
MATCH (b:Block {unit: $unit, bucket: $bucket})
WHERE b.upto IS NOT NULL OR b.number <= s.settled
RETURN b.number, b.upto, b.codes, b.counts, b.widths
