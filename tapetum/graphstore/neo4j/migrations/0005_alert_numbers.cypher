// Alerts have a sequence of their own, so that they wait for no batch; it goes on where that of the graph was.
MATCH (g:Sequence {name: 'graph'})
MERGE (s:Sequence {name: 'alerts'})
  ON CREATE SET s.last = g.alerts, s.turn = 0
REMOVE g.alerts;
