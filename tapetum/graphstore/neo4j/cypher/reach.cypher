// Whom traffic reaches from some endpoints, in hops, nearest first.
MATCH p = (s:Endpoint)(()%LEFT%-[t:TALKS WHERE %CARRIED%]-%RIGHT%()){1,%HOPS%}(e:Endpoint)
WHERE s.code IN $start
WITH e, min(length(p)) AS hops
WITH e.code AS code, min(hops) AS hops
WHERE NOT code IN $start
ORDER BY hops, code
LIMIT $limit
RETURN collect(code), collect(hops)
