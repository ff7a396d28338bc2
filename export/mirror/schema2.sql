-- Jira issues that pages name, where the configuration asks for them. The id is the
-- key as pages write it.
CREATE TABLE issue (
  id        TEXT PRIMARY KEY, -- "OPS-12", as asked for
  issue_key TEXT NOT NULL,    -- another where the issue has moved
  summary   TEXT NOT NULL,
  status    TEXT NOT NULL,    -- its name
  stage     TEXT NOT NULL,    -- of the status: new, indeterminate, done
  type      TEXT NOT NULL,    -- its name
  raw       TEXT,
  sum       TEXT NOT NULL
)
