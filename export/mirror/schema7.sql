-- What a hold covers, as it was each time that a sync began or ended: contents, their files, comments and metadata.
-- Nothing of this is published. Rows stay until a prune after the release of the hold.
CREATE TABLE kept (
  id      TEXT NOT NULL,    -- kind and id of the object: content/123
  row     TEXT NOT NULL,    -- the sum that its own row had
  version INTEGER NOT NULL, -- 0: it has none
  raw     TEXT,
  body    TEXT,             -- storage format; NULL where raw holds it
  sum     TEXT NOT NULL,
  PRIMARY KEY (id, row)
)
