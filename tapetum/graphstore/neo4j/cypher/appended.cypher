// Blocks that batches appended after a number, in order.
MATCH (b:Block) WHERE b.number > $after AND b.number <= $last
RETURN b.number, b.unit, b.bucket, b.codes, b.counts, b.widths ORDER BY b.number
