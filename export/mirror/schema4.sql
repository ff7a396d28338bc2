-- What complete lists of Confluence no longer hold, and what follows from it. A row
-- stays when its object is listed again; its state is '' then.
CREATE TABLE absence (
  id       TEXT PRIMARY KEY, -- kind '/' object
  kind     TEXT NOT NULL,    -- space, content, attachment or comment
  object   TEXT NOT NULL,    -- its id in the table of that name
  state    TEXT NOT NULL,    -- what the lists tell: trashed, deleted or unseen; '' when it is listed again
  since    TEXT NOT NULL,    -- the first complete list without it, RFC 3339; '' where the clock had gone back
  approved TEXT NOT NULL,    -- the hash of the list of deletions that a person approved with it; '' for none
  gone_at  TEXT NOT NULL,    -- since when it counts as gone, RFC 3339; '' while that is open
  sum      TEXT NOT NULL
)
