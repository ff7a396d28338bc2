-- When the row of a content was last written, which is when what it holds was fetched. What was mirrored before
-- there was this table has no time until it is fetched again.
CREATE TABLE content_fetched (
  id  TEXT PRIMARY KEY, -- of the content
  at  TEXT NOT NULL,    -- when the sync began that fetched it, by the clock of its machine, RFC 3339
  sum TEXT NOT NULL
)
