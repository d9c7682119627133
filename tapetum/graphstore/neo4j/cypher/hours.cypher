MATCH (b:Block) WHERE b.unit = $unit
RETURN DISTINCT b.bucket AS bucket ORDER BY bucket
