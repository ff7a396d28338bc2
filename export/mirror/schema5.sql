-- How far people say that single pages and blog posts are, where the configuration asks for it.
CREATE TABLE content_state (
  id      TEXT PRIMARY KEY, -- of the content
  name    TEXT NOT NULL,    -- In review; '': in none of those that its space suggests
  color   TEXT NOT NULL,    -- #57d9a3
  version INTEGER NOT NULL, -- of the content, when it was asked for
  sum     TEXT NOT NULL
)
