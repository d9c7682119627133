// All blocks of a bucket; asked when nobody writes.
MATCH (b:Block {unit: $unit, bucket: $bucket})
RETURN b.number, b.upto, b.codes, b.counts, b.widths
