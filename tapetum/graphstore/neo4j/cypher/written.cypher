MATCH (r:Unwritten) WHERE r.number IN $numbers
REMOVE r:Unwritten
REMOVE r.told
