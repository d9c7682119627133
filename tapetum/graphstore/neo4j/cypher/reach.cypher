// Whom traffic reaches from some endpoints, in hops, nearest first; where it comes back to them is told too.
// The second min is needed: Neo4j 5.26 drops the first where it searches from each start apart.
MATCH p = (s:Endpoint)(()%LEFT%-[t:TALKS WHERE %CARRIED%]-%RIGHT%()){1,%HOPS%}(e)
WHERE s.code IN $start
WITH e, min(length(p)) AS hops
WITH e.code AS code, min(hops) AS hops
ORDER BY hops, code
LIMIT $limit
RETURN collect(code), collect(hops)
