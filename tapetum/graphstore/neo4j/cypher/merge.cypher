// Beside the blocks that it stands for, which go later: a reader under way may still want them.
MERGE (b:Block {unit: $unit, bucket: $bucket, upto: $upto})
  ON CREATE SET b.merged_at = $now, b.codes = $codes, b.counts = $counts, b.widths = $widths
