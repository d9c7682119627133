// Blocks of some buckets, to be rewritten.
UNWIND $buckets AS bucket
MATCH (b:Block {unit: $unit, bucket: bucket})
RETURN elementId(b), b.codes, b.counts, b.widths
