MATCH (r:Unwritten)
RETURN r.number, r.told ORDER BY r.number LIMIT $most
