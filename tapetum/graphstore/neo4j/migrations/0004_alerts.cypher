// Alerts that got a number: each is raised once, by its owner.
CREATE CONSTRAINT raised_id IF NOT EXISTS FOR (r:Raised) REQUIRE r.id IS UNIQUE;
CREATE INDEX raised_at IF NOT EXISTS FOR (r:Raised) ON (r.at);
