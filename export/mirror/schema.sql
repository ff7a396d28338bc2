-- The mirror of one Confluence site, as agc-export keeps it. Version 1.
--
-- mirror.db holds what Confluence's API said, one row an object; the bytes of
-- attachments lie beside it as blobs/ab/cdef..., named by their SHA-256. Any
-- SQLite tool reads it:  sqlite3 -readonly mirror.db 'SELECT * FROM page'
--
-- Common to all tables:
--   id    Confluence's own id, as text. Ids are sorted by (digits, id), where
--         digits is the id's length: that is the order of their numbers. The
--         column page_digits does the same for page_id.
--   raw   the JSON object as the API sent it, byte for byte.
--   gone  '' while the object is in Confluence; else how it went:
--         'trashed', 'deleted' or 'unseen' (no longer listed, for reasons unknown).
--         Rows stay when objects go; only a pruning by hand removes any.
--   sum   SHA-256, in hexadecimal, of the row: for each column, in the order of
--         the table and without page_digits, digits and sum, that is neither NULL nor '':
--         name '=' type length ':' value LF, with type s for text and i for
--         whole numbers (written in decimal), length in bytes; after them what
--         the comment of a table names.
--   version_* tells of the newest version: number, time, account, message,
--         and 1 for a minor edit. Times are RFC 3339, as sent.
-- Empty text stands for "none".

-- Whose mirror this is. One row.
CREATE TABLE site (
  id           INTEGER PRIMARY KEY CHECK (id = 1),
  cloud_id     TEXT NOT NULL,
  url          TEXT NOT NULL, -- https://acme.atlassian-us-gov-mod.net
  name         TEXT NOT NULL,
  account_id   TEXT NOT NULL, -- the account whose permissions bounded the mirror
  account_name TEXT NOT NULL,
  sum          TEXT NOT NULL
);

-- Small notes of the program to itself between two runs. Not content.
CREATE TABLE state (
  id    TEXT PRIMARY KEY, -- what it is about
  value TEXT NOT NULL,
  sum   TEXT NOT NULL
);

CREATE TABLE space (
  id          TEXT PRIMARY KEY,
  key         TEXT NOT NULL, -- ENG
  name        TEXT NOT NULL,
  type        TEXT NOT NULL, -- global, collaboration, knowledge_base, personal, ...
  status      TEXT NOT NULL, -- current or archived
  homepage_id TEXT NOT NULL,
  author_id   TEXT NOT NULL,
  created_at  TEXT NOT NULL,
  description TEXT NOT NULL,
  webui       TEXT NOT NULL, -- path below the site's /wiki
  gone        TEXT NOT NULL,
  raw         TEXT,
  sum         TEXT NOT NULL
);

-- Pages, blog posts, folders, whiteboards, databases and Smart Links.
-- The sum goes on over raw and body of content_raw.
CREATE TABLE content (
  id              TEXT PRIMARY KEY,
  type            TEXT NOT NULL, -- page, blogpost, folder, whiteboard, database, embed
  status          TEXT NOT NULL, -- current, archived, ...
  title           TEXT NOT NULL,
  space_id        TEXT NOT NULL,
  space_key       TEXT NOT NULL, -- only where the API gave no space_id
  parent_id       TEXT NOT NULL, -- '' at the top of a space
  parent_type     TEXT NOT NULL,
  position        INTEGER NOT NULL, -- among its siblings
  author_id       TEXT NOT NULL,
  owner_id        TEXT NOT NULL,
  subtype         TEXT NOT NULL, -- live for a live doc
  created_at      TEXT NOT NULL,
  version         INTEGER NOT NULL,
  version_at      TEXT NOT NULL,
  version_author  TEXT NOT NULL,
  version_message TEXT NOT NULL,
  version_minor   INTEGER NOT NULL,
  webui           TEXT NOT NULL,
  embed_url       TEXT NOT NULL, -- Smart Links only
  body_version    INTEGER,       -- the version that the stored body belongs to; NULL: no body
  gone            TEXT NOT NULL,
  sum             TEXT NOT NULL,
  digits          INTEGER AS (length(id)) STORED
);
CREATE INDEX content_order  ON content (digits, id);
CREATE INDEX content_sum    ON content (id, sum);
CREATE INDEX content_title  ON content (space_id, title);
CREATE INDEX content_parent ON content (parent_id);

-- The raw objects of content, apart from it so that lists of pages stay quick.
CREATE TABLE content_raw (
  id   TEXT PRIMARY KEY REFERENCES content (id),
  raw  TEXT,
  body TEXT -- storage format; NULL where raw holds it at $.body.storage.value
);

-- What only Confluence's search tells of content: labels, restrictions,
-- published properties. The sum goes on over "labels" (the names, joined by LF)
-- and "restrictions" (operation, type, subject and name, joined by US, a
-- restriction a line), both sorted.
CREATE TABLE metadata (
  id          TEXT PRIMARY KEY, -- of the content
  emoji_title TEXT NOT NULL,    -- the emoji before the title
  appearance  TEXT NOT NULL,    -- full-width or default
  raw         TEXT,
  sum         TEXT NOT NULL
);

CREATE TABLE label (
  id   TEXT NOT NULL REFERENCES metadata (id), -- of the content
  name TEXT NOT NULL,
  PRIMARY KEY (id, name)
) WITHOUT ROWID;
CREATE INDEX label_name ON label (name);

-- Who alone may see ('read') or change ('update') a content. No row: everybody
-- who may see the space. A restriction to read holds for what lies below as well.
CREATE TABLE restriction (
  id        TEXT NOT NULL REFERENCES metadata (id), -- of the content
  operation TEXT NOT NULL, -- read or update
  type      TEXT NOT NULL, -- user or group
  subject   TEXT NOT NULL, -- account id or group id
  name      TEXT NOT NULL, -- as Confluence shows it; may be empty
  PRIMARY KEY (id, operation, type, subject, name)
) WITHOUT ROWID;

CREATE TABLE attachment (
  id              TEXT PRIMARY KEY, -- att123
  status          TEXT NOT NULL,
  title           TEXT NOT NULL,    -- the file name
  page_id         TEXT NOT NULL,    -- the page or blog post that holds it
  media_type      TEXT NOT NULL,
  comment         TEXT NOT NULL,
  file_id         TEXT NOT NULL,    -- what the new editor calls it by
  file_size       INTEGER NOT NULL, -- bytes, as the API says
  version         INTEGER NOT NULL,
  version_at      TEXT NOT NULL,
  version_author  TEXT NOT NULL,
  version_message TEXT NOT NULL,
  version_minor   INTEGER NOT NULL,
  download_path   TEXT NOT NULL,
  gone            TEXT NOT NULL,
  raw             TEXT,
  sum             TEXT NOT NULL,
  page_digits     INTEGER AS (length(page_id)) STORED
);
CREATE INDEX attachment_order ON attachment (page_digits, page_id, title, id);
CREATE INDEX attachment_sum   ON attachment (id, sum);

-- The files in blobs/: cdef... in the folder ab for the sha256 abcdef...
CREATE TABLE blob (
  sha256 TEXT PRIMARY KEY,
  size   INTEGER NOT NULL -- bytes
) WITHOUT ROWID;

-- Which bytes a version of an attachment has.
CREATE TABLE attachment_blob (
  id      TEXT NOT NULL REFERENCES attachment (id),
  version INTEGER NOT NULL,
  sha256  TEXT NOT NULL REFERENCES blob (sha256),
  sum     TEXT NOT NULL,
  PRIMARY KEY (id, version)
) WITHOUT ROWID;
CREATE INDEX attachment_blob_sha256 ON attachment_blob (sha256);

CREATE TABLE comment (
  id              TEXT PRIMARY KEY,
  kind            TEXT NOT NULL, -- footer or inline
  status          TEXT NOT NULL,
  page_id         TEXT NOT NULL, -- page or blog post
  attachment_id   TEXT NOT NULL, -- where it belongs to an attachment
  parent_id       TEXT NOT NULL, -- the comment that this one answers
  resolution      TEXT NOT NULL, -- inline: open, resolved, reopened, dangling
  marker_ref      TEXT NOT NULL, -- inline: ac:ref of its mark in the page's body
  selection       TEXT NOT NULL, -- inline: the text that was marked
  version         INTEGER NOT NULL,
  version_at      TEXT NOT NULL,
  version_author  TEXT NOT NULL,
  version_message TEXT NOT NULL,
  version_minor   INTEGER NOT NULL,
  gone            TEXT NOT NULL,
  raw             TEXT,
  body            TEXT, -- storage format; NULL where raw holds it at $.body.storage.value
  sum             TEXT NOT NULL,
  page_digits     INTEGER AS (length(page_id)) STORED,
  digits          INTEGER AS (length(id)) STORED
);
CREATE INDEX comment_order ON comment (page_digits, page_id, digits, id);
CREATE INDEX comment_sum   ON comment (id, sum);

-- Accounts that appear as author, commenter or mention.
CREATE TABLE user (
  id           TEXT PRIMARY KEY, -- account id
  display_name TEXT NOT NULL,
  public_name  TEXT NOT NULL,
  status       TEXT NOT NULL, -- active, inactive, closed, unknown
  raw          TEXT,
  sum          TEXT NOT NULL
);

-- For people: each content with its space, its parent's title and its body.
CREATE VIEW page AS
SELECT c.id, c.type, coalesce(s.key, c.space_key) AS space, c.title, p.title AS parent,
       c.status, c.gone, c.version, c.created_at, c.version_at AS changed_at,
       coalesce(u.display_name, c.version_author) AS changed_by,
       CASE WHEN r.body IS NOT NULL THEN r.body
            WHEN json_valid(r.raw) THEN json_extract(r.raw, '$.body.storage.value') END AS body
FROM content c
LEFT JOIN content_raw r ON r.id = c.id
LEFT JOIN space s ON s.id = c.space_id
LEFT JOIN content p ON p.id = c.parent_id AND c.parent_id <> ''
LEFT JOIN user u ON u.id = c.version_author;
