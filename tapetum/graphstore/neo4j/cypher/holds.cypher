// Whether a batch was applied.
MATCH (b:Batch {id: $batch})
RETURN b.id
