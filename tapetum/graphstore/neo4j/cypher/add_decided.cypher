// What policies did on edges that were there already; each is (policy's code, what was done) in one number.
UNWIND $rows AS row
MATCH ()-[t:TALKS {code: row.edge}]->()
SET t.decided = coalesce(t.decided, []) + [d IN row.decided WHERE NOT d IN coalesce(t.decided, [])]
