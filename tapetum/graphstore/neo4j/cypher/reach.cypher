// Whom traffic reaches from some endpoints, in hops, nearest first; where it comes back to them is told too.
MATCH p = (s:Endpoint)(()%LEFT%-[t:TALKS WHERE %CARRIED%]-%RIGHT%()){1,%HOPS%}(e)
WHERE s.code IN $start
WITH e, min(length(p)) AS hops
WITH e.code AS code, hops
ORDER BY hops, code
LIMIT $limit
RETURN collect(code), collect(hops)
