MATCH (r:Raised) WHERE r.at < $before
WITH r LIMIT $most
DELETE r
RETURN count(*)
