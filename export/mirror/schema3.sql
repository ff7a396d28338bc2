-- Pictures above titles, as Confluence writes them: an address or JSON.
ALTER TABLE metadata ADD COLUMN cover TEXT NOT NULL DEFAULT '';

-- The picture of a space. Its bytes are a blob.
CREATE TABLE space_icon (
  id     TEXT PRIMARY KEY, -- of the space
  source TEXT NOT NULL,    -- where the API had it: another picture has another
  sha256 TEXT NOT NULL REFERENCES blob (sha256),
  sum    TEXT NOT NULL
);

-- The levels of the organisation's data classification.
CREATE TABLE classification (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  description TEXT NOT NULL,
  guideline   TEXT NOT NULL,
  color       TEXT NOT NULL, -- RED and the like
  position    INTEGER NOT NULL,
  status      TEXT NOT NULL, -- DRAFT, PUBLISHED or ARCHIVED
  raw         TEXT,
  sum         TEXT NOT NULL
);

-- The level that the contents of a space have by default, as far as it was asked for.
CREATE TABLE space_level (
  id    TEXT PRIMARY KEY, -- of the space
  level TEXT NOT NULL,    -- id in classification; '': it has none
  sum   TEXT NOT NULL
);

-- The level of single contents, where the configuration asks for it.
CREATE TABLE content_level (
  id    TEXT PRIMARY KEY, -- of the content
  level TEXT NOT NULL,    -- id in classification; '': none of its own
  sum   TEXT NOT NULL
);

-- Boxes to tick. The bodies of pages hold them too, as ac:task; who made and ended
-- them, and when, stands only here.
CREATE TABLE task (
  id           TEXT PRIMARY KEY,
  local_id     TEXT NOT NULL, -- ac:task-id in the body
  space_id     TEXT NOT NULL,
  page_id      TEXT NOT NULL, -- page or blog post
  status       TEXT NOT NULL, -- complete or incomplete
  created_by   TEXT NOT NULL, -- account ids
  assigned_to  TEXT NOT NULL,
  completed_by TEXT NOT NULL,
  created_at   TEXT NOT NULL,
  updated_at   TEXT NOT NULL,
  due_at       TEXT NOT NULL,
  completed_at TEXT NOT NULL,
  gone         TEXT NOT NULL,
  raw          TEXT,
  body         TEXT, -- storage format; NULL where raw holds it at $.body.storage.value
  sum          TEXT NOT NULL,
  page_digits  INTEGER AS (length(page_id)) STORED,
  digits       INTEGER AS (length(id)) STORED
);
CREATE INDEX task_order ON task (page_digits, page_id, digits, id);

-- Pages and blog posts as they once were, where the configuration asks for it; the
-- newest version is among them.
CREATE TABLE content_version (
  id              TEXT NOT NULL, -- of the content
  version         INTEGER NOT NULL,
  version_at      TEXT NOT NULL,
  version_author  TEXT NOT NULL,
  version_message TEXT NOT NULL,
  version_minor   INTEGER NOT NULL,
  title           TEXT NOT NULL,
  has_body        INTEGER NOT NULL, -- 1: the body was asked for and came, if an empty one
  raw             TEXT,
  body            TEXT, -- storage format; NULL where raw holds it
  sum             TEXT NOT NULL,
  PRIMARY KEY (id, version)
);

-- Attachments as they once were, where the configuration asks for it. Their bytes are
-- told by attachment_blob.
CREATE TABLE attachment_version (
  id              TEXT NOT NULL, -- of the attachment
  version         INTEGER NOT NULL,
  version_at      TEXT NOT NULL,
  version_author  TEXT NOT NULL,
  version_message TEXT NOT NULL,
  version_minor   INTEGER NOT NULL,
  title           TEXT NOT NULL, -- the file name
  media_type      TEXT NOT NULL,
  comment         TEXT NOT NULL,
  file_size       INTEGER NOT NULL, -- bytes, as the API says
  raw             TEXT,
  sum             TEXT NOT NULL,
  PRIMARY KEY (id, version)
)
