// Shortest ways from one node to another; a namespace stands for what lives in it.
MATCH (a:%FROM% {key: $from}), (b:%TO% {key: $to})
MATCH p = ALL SHORTEST
  (a)(()<-[:IN]-()){0,1}(:Endpoint)(()-[t:TALKS WHERE %CARRIED%]->()){1,%HOPS%}(:Endpoint)(()-[:IN]->()){0,1}(b)
WITH p LIMIT $most
RETURN count(p), collect(DISTINCT [n IN nodes(p) WHERE n:Endpoint | n.code])
