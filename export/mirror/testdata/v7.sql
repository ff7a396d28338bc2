PRAGMA application_id = 1095189357;
PRAGMA user_version = 7;
BEGIN;
CREATE TABLE site (
  id           INTEGER PRIMARY KEY CHECK (id = 1),
  cloud_id     TEXT NOT NULL,
  url          TEXT NOT NULL, -- https://acme.atlassian-us-gov-mod.net
  name         TEXT NOT NULL,
  account_id   TEXT NOT NULL, -- the account whose permissions bounded the mirror
  account_name TEXT NOT NULL,
  sum          TEXT NOT NULL
);
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
CREATE TABLE content_raw (
  id   TEXT PRIMARY KEY REFERENCES content (id),
  raw  TEXT,
  body TEXT -- storage format; NULL where raw holds it at $.body.storage.value
);
CREATE TABLE metadata (
  id          TEXT PRIMARY KEY, -- of the content
  emoji_title TEXT NOT NULL,    -- the emoji before the title
  appearance  TEXT NOT NULL,    -- full-width or default
  raw         TEXT,
  sum         TEXT NOT NULL
, cover TEXT NOT NULL DEFAULT '');
CREATE TABLE label (
  id   TEXT NOT NULL REFERENCES metadata (id), -- of the content
  name TEXT NOT NULL,
  PRIMARY KEY (id, name)
) WITHOUT ROWID;
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
CREATE TABLE blob (
  sha256 TEXT PRIMARY KEY,
  size   INTEGER NOT NULL -- bytes
) WITHOUT ROWID;
CREATE TABLE attachment_blob (
  id      TEXT NOT NULL REFERENCES attachment (id),
  version INTEGER NOT NULL,
  sha256  TEXT NOT NULL REFERENCES blob (sha256),
  sum     TEXT NOT NULL,
  PRIMARY KEY (id, version)
) WITHOUT ROWID;
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
CREATE TABLE user (
  id           TEXT PRIMARY KEY, -- account id
  display_name TEXT NOT NULL,
  public_name  TEXT NOT NULL,
  status       TEXT NOT NULL, -- active, inactive, closed, unknown
  raw          TEXT,
  sum          TEXT NOT NULL
);
CREATE TABLE issue (
  id        TEXT PRIMARY KEY, -- "OPS-12", as asked for
  issue_key TEXT NOT NULL,    -- another where the issue has moved
  summary   TEXT NOT NULL,
  status    TEXT NOT NULL,    -- its name
  stage     TEXT NOT NULL,    -- of the status: new, indeterminate, done
  type      TEXT NOT NULL,    -- its name
  raw       TEXT,
  sum       TEXT NOT NULL
);
CREATE TABLE space_icon (
  id     TEXT PRIMARY KEY, -- of the space
  source TEXT NOT NULL,    -- where the API had it: another picture has another
  sha256 TEXT NOT NULL REFERENCES blob (sha256),
  sum    TEXT NOT NULL
);
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
CREATE TABLE space_level (
  id    TEXT PRIMARY KEY, -- of the space
  level TEXT NOT NULL,    -- id in classification; '': it has none
  sum   TEXT NOT NULL
);
CREATE TABLE content_level (
  id    TEXT PRIMARY KEY, -- of the content
  level TEXT NOT NULL,    -- id in classification; '': none of its own
  sum   TEXT NOT NULL
);
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
);
CREATE TABLE absence (
  id       TEXT PRIMARY KEY, -- kind '/' object
  kind     TEXT NOT NULL,    -- space, content, attachment or comment
  object   TEXT NOT NULL,    -- its id in the table of that name
  state    TEXT NOT NULL,    -- what the lists tell: trashed, deleted or unseen; '' when it is listed again
  since    TEXT NOT NULL,    -- the first complete list without it, RFC 3339; '' where the clock had gone back
  approved TEXT NOT NULL,    -- the hash of the list of deletions that a person approved with it; '' for none
  gone_at  TEXT NOT NULL,    -- since when it counts as gone, RFC 3339; '' while that is open
  sum      TEXT NOT NULL
);
CREATE TABLE content_state (
  id      TEXT PRIMARY KEY, -- of the content
  name    TEXT NOT NULL,    -- In review; '': in none of those that its space suggests
  color   TEXT NOT NULL,    -- #57d9a3
  version INTEGER NOT NULL, -- of the content, when it was asked for
  sum     TEXT NOT NULL
);
CREATE TABLE content_fetched (
  id  TEXT PRIMARY KEY, -- of the content
  at  TEXT NOT NULL,    -- when the sync began that fetched it, by the clock of its machine, RFC 3339
  sum TEXT NOT NULL
);
CREATE TABLE kept (
  id      TEXT NOT NULL,    -- kind and id of the object: content/123
  row     TEXT NOT NULL,    -- the sum that its own row had
  version INTEGER NOT NULL, -- 0: it has none
  raw     TEXT,
  body    TEXT,             -- storage format; NULL where raw holds it
  sum     TEXT NOT NULL,
  PRIMARY KEY (id, row)
);
INSERT INTO site (id, cloud_id, url, name, account_id, account_name, sum) VALUES (1, 'c', 'https://x', 'X', '', '', 'b305c9f2905657f4f15a1ed03f4952b06635120da94c8f1ec9710021eadf821a');
INSERT INTO state (id, value, sum) VALUES ('seal', '', 'aa9513ba17b0895385e8f5cbbb692e7ccbe4dc43aa990435cb976b8b402b7050');
INSERT INTO space (id, key, name, type, status, homepage_id, author_id, created_at, description, webui, gone, raw, sum) VALUES ('1', 'K00000', CAST(X'e697a5e69cace8aa9e' AS TEXT), 'global', 'current', '0', '', '', '', '', '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"1","title":"\n\u0026amp;''; DROP TABLE content; --\u0000"}', '36a7b53e32a9cacaa1a9c8bc2db0f1cfa5c7f8ad542c38ca9aa93e809371a7ca');
INSERT INTO content (id, type, status, title, space_id, space_key, parent_id, parent_type, position, author_id, owner_id, subtype, created_at, version, version_at, version_author, version_message, version_minor, webui, embed_url, body_version, gone, sum) VALUES ('108', 'page', 'current', ' &amp;', '1', '', CAST(X'706c616e5c0af09f9782' AS TEXT), 'page', 42, CAST(X'e697a5e69cace8aa9e20' AS TEXT), CAST(X'e697a5e69cace8aa9e5c26616d703bf09f9782' AS TEXT), '', '', 9, '2025-01-02T03:04:05.678Z', CAST(X'0a273b2044524f50205441424c4520636f6e74656e743b202d2d' AS TEXT), CAST(X'005c273b2044524f50205441424c4520636f6e74656e743b202d2d20' AS TEXT), 1, CAST(X'f09f97825c' AS TEXT), '', 9, '', 'f30c27809c4b57715939f883e30db8c9747b6903a8a3fc1332fe048aaac5c82e');
INSERT INTO content (id, type, status, title, space_id, space_key, parent_id, parent_type, position, author_id, owner_id, subtype, created_at, version, version_at, version_author, version_message, version_minor, webui, embed_url, body_version, gone, sum) VALUES ('119', 'embed', 'current', '<p>x</p>''; DROP TABLE content; --', '1', '', CAST(X'002222' AS TEXT), 'page', 71, CAST(X'fffec39c626572' AS TEXT), CAST(X'00c39c626572706c616ef09f9782' AS TEXT), '', '', 7, '2025-01-02T03:04:05.678Z', CAST(X'223c703e783c2f703ee697a5e69cace8aa9e' AS TEXT), CAST(X'e697a5e69cace8aa9ec39c62657220706c616e' AS TEXT), 0, 'plan', '', NULL, '', '640a983a73f27c7d7dee4764cf02d06eb1e91702df8c91304fcff47149811e51');
INSERT INTO content (id, type, status, title, space_id, space_key, parent_id, parent_type, position, author_id, owner_id, subtype, created_at, version, version_at, version_author, version_message, version_minor, webui, embed_url, body_version, gone, sum) VALUES ('130', 'page', 'current', CAST(X'c39c626572' AS TEXT), '1', '', CAST(X'0a' AS TEXT), 'page', 14, 'plan', CAST(X'0ae697a5e69cace8aa9e' AS TEXT), '', '', 6, '2025-01-02T03:04:05.678Z', CAST(X'fffee280a85c273b2044524f50205441424c4520636f6e74656e743b202d2d' AS TEXT), CAST(X'f09f9782706c616e' AS TEXT), 0, '', '', 6, '', '77556bd9c866e000a02c571925fc2cfc6692a33255d1c5c800b8c0de78ba5e9b');
INSERT INTO content (id, type, status, title, space_id, space_key, parent_id, parent_type, position, author_id, owner_id, subtype, created_at, version, version_at, version_author, version_message, version_minor, webui, embed_url, body_version, gone, sum) VALUES ('20', 'page', 'current', '', '1', '', '''; DROP TABLE content; -- \\', 'page', 49, CAST(X'273b2044524f50205441424c4520636f6e74656e743b202d2d706c616e26616d703bc39c626572' AS TEXT), '\', '', '', 3, '2025-01-02T03:04:05.678Z', CAST(X'0a3c703e783c2f703e' AS TEXT), '', 0, CAST(X'f09f978226616d703b' AS TEXT), '', 3, '', 'e54f9c0df95044c559d13c9da18ca54ad9363977127d4b289d21e25092db1068');
INSERT INTO content (id, type, status, title, space_id, space_key, parent_id, parent_type, position, author_id, owner_id, subtype, created_at, version, version_at, version_author, version_message, version_minor, webui, embed_url, body_version, gone, sum) VALUES ('31', 'page', 'current', CAST(X'273b2044524f50205441424c4520636f6e74656e743b202d2d273b2044524f50205441424c4520636f6e74656e743b202d2d00' AS TEXT), '1', '', CAST(X'e697a5e69cace8aa9e' AS TEXT), 'page', 23, CAST(X'e280a8200ac39c626572' AS TEXT), '', '', '', 6, '2025-01-02T03:04:05.678Z', '', CAST(X'0a' AS TEXT), 1, CAST(X'f09f978200' AS TEXT), '', 6, '', '23d4195c3ecc9b721c3b87bdf4dcaec31c2559310f1e435789246f11a8ac0a30');
INSERT INTO content (id, type, status, title, space_id, space_key, parent_id, parent_type, position, author_id, owner_id, subtype, created_at, version, version_at, version_author, version_message, version_minor, webui, embed_url, body_version, gone, sum) VALUES ('42', 'page', 'current', '', '1', '', CAST(X'e280a82026616d703b' AS TEXT), 'page', 73, CAST(X'c39c626572' AS TEXT), CAST(X'00706c616e22' AS TEXT), '', '', 6, '2025-01-02T03:04:05.678Z', CAST(X'22e280a8706c616ec39c626572' AS TEXT), '', 0, CAST(X'273b2044524f50205441424c4520636f6e74656e743b202d2d00' AS TEXT), '', 6, '', 'c690db9fc73483c3940e457b027e74b58f84551b833d2c49451cf798660a2f01');
INSERT INTO content (id, type, status, title, space_id, space_key, parent_id, parent_type, position, author_id, owner_id, subtype, created_at, version, version_at, version_author, version_message, version_minor, webui, embed_url, body_version, gone, sum) VALUES ('53', 'page', 'current', CAST(X'706c616efffe' AS TEXT), '1', '', 'plan"plan', 'page', 15, '\', CAST(X'20e280a8' AS TEXT), '', '', 5, '2025-01-02T03:04:05.678Z', CAST(X'273b2044524f50205441424c4520636f6e74656e743b202d2d273b2044524f50205441424c4520636f6e74656e743b202d2dfffe5c' AS TEXT), 'plan', 1, '''; DROP TABLE content; --', '', 5, '', 'ef7428a8e6bb7bff6911601677f20f976b5329f9af0f20157652ea2fb110c776');
INSERT INTO content (id, type, status, title, space_id, space_key, parent_id, parent_type, position, author_id, owner_id, subtype, created_at, version, version_at, version_author, version_message, version_minor, webui, embed_url, body_version, gone, sum) VALUES ('64', 'embed', 'current', CAST(X'e697a5e69cace8aa9e3c703e783c2f703e20' AS TEXT), '1', '', '', 'page', 30, '" ', '', '', '', 1, '2025-01-02T03:04:05.678Z', '', CAST(X'3c703e783c2f703e00' AS TEXT), 0, '<p>x</p>', CAST(X'706c616e273b2044524f50205441424c4520636f6e74656e743b202d2dc39c626572' AS TEXT), NULL, '', '808119a255274ecee4a03fa033c60ff2e66f8c2f84fc03c04302933083fbef68');
INSERT INTO content (id, type, status, title, space_id, space_key, parent_id, parent_type, position, author_id, owner_id, subtype, created_at, version, version_at, version_author, version_message, version_minor, webui, embed_url, body_version, gone, sum) VALUES ('75', 'page', 'current', CAST(X'26616d703be280a826616d703b' AS TEXT), '1', '', CAST(X'c39c6265722226616d703b' AS TEXT), 'page', 13, '', CAST(X'20fffe' AS TEXT), '', '', 3, '2025-01-02T03:04:05.678Z', CAST(X'e697a5e69cace8aa9e' AS TEXT), '&amp;&amp;', 1, '', '', 3, '', '0e659099d72fe05afe25aa7060e2478dba7b0db6fbb5d3d2619658dd9ec8fa87');
INSERT INTO content (id, type, status, title, space_id, space_key, parent_id, parent_type, position, author_id, owner_id, subtype, created_at, version, version_at, version_author, version_message, version_minor, webui, embed_url, body_version, gone, sum) VALUES ('86', 'page', 'current', CAST(X'22fffe' AS TEXT), '1', '', CAST(X'000a' AS TEXT), 'page', 8, CAST(X'273b2044524f50205441424c4520636f6e74656e743b202d2d0a20c39c626572' AS TEXT), '<p>x</p>', '', '', 3, '2025-01-02T03:04:05.678Z', CAST(X'e280a8e280a826616d703be697a5e69cace8aa9e' AS TEXT), CAST(X'e697a5e69cace8aa9e' AS TEXT), 1, CAST(X'0a706c616e' AS TEXT), '', 3, '', '93fe9e211d528b99e1af33a4a38cff6112e22b465b41a660aff4323e128c626c');
INSERT INTO content (id, type, status, title, space_id, space_key, parent_id, parent_type, position, author_id, owner_id, subtype, created_at, version, version_at, version_author, version_message, version_minor, webui, embed_url, body_version, gone, sum) VALUES ('9', 'embed', 'current', CAST(X'26616d703bc39c626572' AS TEXT), '1', '', '', 'page', 56, CAST(X'3c703e783c2f703ee697a5e69cace8aa9efffe' AS TEXT), '', '', '', 8, '2025-01-02T03:04:05.678Z', CAST(X'f09f9782' AS TEXT), '', 0, CAST(X'225c706c616ec39c626572' AS TEXT), CAST(X'26616d703b0a' AS TEXT), NULL, '', '79ce412d3dd5e183b8f8f41e428bd9a69dc9f4ed5a6678aff903ace5c2b6aa78');
INSERT INTO content (id, type, status, title, space_id, space_key, parent_id, parent_type, position, author_id, owner_id, subtype, created_at, version, version_at, version_author, version_message, version_minor, webui, embed_url, body_version, gone, sum) VALUES ('97', 'page', 'current', CAST(X'273b2044524f50205441424c4520636f6e74656e743b202d2de280a83c703e783c2f703ef09f9782' AS TEXT), '1', '', CAST(X'26616d703be280a8e697a5e69cace8aa9e' AS TEXT), 'page', 1, '', '<p>x</p>', '', '', 7, '2025-01-02T03:04:05.678Z', CAST(X'0a20f09f9782' AS TEXT), CAST(X'26616d703bf09f9782c39c626572' AS TEXT), 1, CAST(X'00' AS TEXT), '', 7, '', '5204fd24e411069d68c2e32d0c72b0bf4c69e0e938be5b77ede32b040f5b9a45');
INSERT INTO content_raw (id, raw, body) VALUES ('108', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a22227d7d2c226964223a22313038222c227469746c65223a22f09f9782227d' AS TEXT), NULL);
INSERT INTO content_raw (id, raw, body) VALUES ('119', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"119","title":""}', NULL);
INSERT INTO content_raw (id, raw, body) VALUES ('130', '{"_links":{"webui":"/x?a=1\u0026b=2"},"body":{"storage":{"representation":"storage","value":""}},"id":"130","title":"\u0026amp;"}', NULL);
INSERT INTO content_raw (id, raw, body) VALUES ('20', CAST(X'7b226e6f74223a226974ff22' AS TEXT), '');
INSERT INTO content_raw (id, raw, body) VALUES ('31', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a22706c616ec39c6265725c6e227d7d2c226964223a223331222c227469746c65223a22e697a5e69cace8aa9e5c75666666645c75666666645c75323032385c22227d' AS TEXT), NULL);
INSERT INTO content_raw (id, raw, body) VALUES ('42', '{"_links":{"webui":"/x?a=1\u0026b=2"},"body":{"storage":{"representation":"storage","value":"\u0026amp; "}},"id":"42","title":""}', NULL);
INSERT INTO content_raw (id, raw, body) VALUES ('53', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a225c7530303236616d703b5c6ef09f9782227d7d2c226964223a223533222c227469746c65223a22273b2044524f50205441424c4520636f6e74656e743b202d2d20e697a5e69cace8aa9e227d' AS TEXT), NULL);
INSERT INTO content_raw (id, raw, body) VALUES ('64', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"64","title":"\u0026amp;"}', NULL);
INSERT INTO content_raw (id, raw, body) VALUES ('75', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a22efbfbd227d7d2c226964223a223735222c227469746c65223a2220227d' AS TEXT), NULL);
INSERT INTO content_raw (id, raw, body) VALUES ('86', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a225c22f09f9782227d7d2c226964223a223836222c227469746c65223a225c22227d' AS TEXT), NULL);
INSERT INTO content_raw (id, raw, body) VALUES ('9', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"9","title":""}', NULL);
INSERT INTO content_raw (id, raw, body) VALUES ('97', CAST(X'7b226e6f74223a226974ff22' AS TEXT), '''; DROP TABLE content; --');
INSERT INTO metadata (id, emoji_title, appearance, raw, sum, cover) VALUES ('108', CAST(X'f09f9782' AS TEXT), 'full-width', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c226964223a22313038222c227469746c65223a22f09f97825c7530303236616d703b227d' AS TEXT), '2025ef84cc9aadbc6d381a6c62ac9a7f6696bd993dd4ff6b5e1b1108bc771dcd', '');
INSERT INTO metadata (id, emoji_title, appearance, raw, sum, cover) VALUES ('119', CAST(X'f09f9782' AS TEXT), 'full-width', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"119","title":"\u2028"}', 'c48f8f8774b16e6d50dc32188705f2d59c37569cbca9417502a3c33543b26650', '');
INSERT INTO metadata (id, emoji_title, appearance, raw, sum, cover) VALUES ('130', CAST(X'f09f9782' AS TEXT), 'full-width', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"130","title":""}', '225b92523b520ed75b6fb98785941b6b6292ba3bea4f8af5bba95fac23f02ab4', '');
INSERT INTO metadata (id, emoji_title, appearance, raw, sum, cover) VALUES ('20', CAST(X'f09f9782' AS TEXT), 'full-width', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"20","title":""}', '8248eee1b93bfdfbf3c1847076dba1517e3c2271ea266682c6fc590ce939e217', '');
INSERT INTO metadata (id, emoji_title, appearance, raw, sum, cover) VALUES ('31', CAST(X'f09f9782' AS TEXT), 'full-width', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"31","title":"\n"}', '4c1258236da5a3fed02e34435e391be0cbf522012b9da6c75e2073e5869d8953', '');
INSERT INTO metadata (id, emoji_title, appearance, raw, sum, cover) VALUES ('42', CAST(X'f09f9782' AS TEXT), 'full-width', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"42","title":"plan\\plan\ufffd\ufffd"}', '1a3a8181ee10e694b74b8b3c74c2f34da744bc7fe9e9ce19fff066f63c6aeb70', '');
INSERT INTO metadata (id, emoji_title, appearance, raw, sum, cover) VALUES ('53', CAST(X'f09f9782' AS TEXT), 'full-width', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"53","title":"\u0000"}', 'e2bfe73c0d7c4874665d699b863b312acdb962be589f7a401d109ee524e2beaf', '');
INSERT INTO metadata (id, emoji_title, appearance, raw, sum, cover) VALUES ('64', CAST(X'f09f9782' AS TEXT), 'full-width', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c226964223a223634222c227469746c65223a225c5cc39c626572f09f97825c75666666645c7566666664227d' AS TEXT), '10ffed8a962a3e76940cef71f416e6f283a3d740748084891208ca05a8c461f7', '');
INSERT INTO metadata (id, emoji_title, appearance, raw, sum, cover) VALUES ('75', CAST(X'f09f9782' AS TEXT), 'full-width', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"75","title":"\\"}', 'd07ac77404db099ae87843091d016fd8def77b1fee2eb80410eb603cb340b597', '');
INSERT INTO metadata (id, emoji_title, appearance, raw, sum, cover) VALUES ('86', CAST(X'f09f9782' AS TEXT), 'full-width', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c226964223a223836222c227469746c65223a22f09f97825c7532303238e697a5e69cace8aa9e227d' AS TEXT), '45de9f1ea4a3c0ff8c7640f26c623d2ee95bb02deb7992edbbd972a8a3bd2203', '');
INSERT INTO metadata (id, emoji_title, appearance, raw, sum, cover) VALUES ('9', CAST(X'f09f9782' AS TEXT), 'full-width', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"9","title":""}', '07131a80045467e711b2eae80ddb2cff6a5c67830e00de89477b043a83517982', '');
INSERT INTO metadata (id, emoji_title, appearance, raw, sum, cover) VALUES ('97', CAST(X'f09f9782' AS TEXT), 'full-width', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"97","title":""}', 'fe7d844b994c8e506006467afce5b1529a220c752f3dee0a229dc8020a708f72', '');
INSERT INTO label (id, name) VALUES ('119', 'a');
INSERT INTO label (id, name) VALUES ('119', CAST(X'622de697a5e69cace8aa9e0026616d703b273b2044524f50205441424c4520636f6e74656e743b202d2d' AS TEXT));
INSERT INTO label (id, name) VALUES ('130', 'a');
INSERT INTO label (id, name) VALUES ('20', 'a');
INSERT INTO label (id, name) VALUES ('31', 'a');
INSERT INTO label (id, name) VALUES ('42', 'a');
INSERT INTO label (id, name) VALUES ('42', CAST(X'622d225cfffe' AS TEXT));
INSERT INTO label (id, name) VALUES ('53', 'a');
INSERT INTO label (id, name) VALUES ('53', 'b-');
INSERT INTO label (id, name) VALUES ('75', 'a');
INSERT INTO label (id, name) VALUES ('97', 'a');
INSERT INTO label (id, name) VALUES ('97', CAST(X'622de697a5e69cace8aa9efffe3c703e783c2f703e00' AS TEXT));
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('108', 'read', 'group', 'g', '');
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('108', 'update', 'user', 'u', CAST(X'5c26616d703bfffefffe' AS TEXT));
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('119', 'read', 'group', 'g', '');
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('119', 'read', 'user', '<p>x</p>plan', CAST(X'20f09f9782' AS TEXT));
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('119', 'update', 'user', 'u', CAST(X'f09f9782' AS TEXT));
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('130', 'read', 'group', 'g', '');
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('130', 'read', 'user', CAST(X'5ce697a5e69cace8aa9e273b2044524f50205441424c4520636f6e74656e743b202d2d' AS TEXT), CAST(X'e697a5e69cace8aa9e' AS TEXT));
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('20', 'read', 'group', 'g', '');
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('20', 'read', 'user', '', 'plan');
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('42', 'read', 'group', 'g', '');
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('64', 'read', 'group', 'g', '');
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('64', 'update', 'user', 'u', CAST(X'fffe3c703e783c2f703ee697a5e69cace8aa9e' AS TEXT));
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('75', 'read', 'group', 'g', '');
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('97', 'read', 'group', 'g', '');
INSERT INTO restriction (id, operation, type, subject, name) VALUES ('97', 'update', 'user', 'u', CAST(X'2020273b2044524f50205441424c4520636f6e74656e743b202d2de697a5e69cace8aa9e' AS TEXT));
INSERT INTO attachment (id, status, title, page_id, media_type, comment, file_id, file_size, version, version_at, version_author, version_message, version_minor, download_path, gone, raw, sum) VALUES ('att108', 'current', '''; DROP TABLE content; --\', '108', 'image/png', CAST(X'e697a5e69cace8aa9e26616d703b' AS TEXT), CAST(X'20f09f9782e280a8' AS TEXT), 19327352832, 5, '2025-01-02T03:04:05.678Z', CAST(X'26616d703be697a5e69cace8aa9ef09f9782' AS TEXT), 'plan', 0, '', '', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c226964223a22313038222c227469746c65223a22c39c626572706c616ee697a5e69cace8aa9e227d' AS TEXT), '7b26d9012e5b40adcd268a3cacc28fce3ec642c776a9f9f4de671c653bed0dab');
INSERT INTO attachment (id, status, title, page_id, media_type, comment, file_id, file_size, version, version_at, version_author, version_message, version_minor, download_path, gone, raw, sum) VALUES ('att119', 'current', CAST(X'f09f9782fffef09f97823c703e783c2f703e' AS TEXT), '119', 'image/png', CAST(X'00e280a8706c616e' AS TEXT), CAST(X'0a5cfffe' AS TEXT), 21474836480, 8, '2025-01-02T03:04:05.678Z', '"', CAST(X'20c39c626572fffe3c703e783c2f703e' AS TEXT), 0, CAST(X'e280a8223c703e783c2f703e' AS TEXT), '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"119","title":"\u0000"}', 'fa427ebdb21bad1e64dc60217e521be8a62607182fd007512007b1ca7c9377e9');
INSERT INTO attachment (id, status, title, page_id, media_type, comment, file_id, file_size, version, version_at, version_author, version_message, version_minor, download_path, gone, raw, sum) VALUES ('att130', 'current', CAST(X'00' AS TEXT), '130', 'image/png', CAST(X'26616d703be697a5e69cace8aa9e' AS TEXT), CAST(X'e697a5e69cace8aa9e3c703e783c2f703e' AS TEXT), 23622320128, 3, '2025-01-02T03:04:05.678Z', '\', '', 0, '', '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"130","title":""}', '28b80f294238f64923f617ab0b324265b28184f3cf41c16da8117b01fa3c603e');
INSERT INTO attachment (id, status, title, page_id, media_type, comment, file_id, file_size, version, version_at, version_author, version_message, version_minor, download_path, gone, raw, sum) VALUES ('att20', 'current', '', '20', 'image/png', '', CAST(X'c39c626572' AS TEXT), 2147483648, 2, '2025-01-02T03:04:05.678Z', CAST(X'c39c6265720000273b2044524f50205441424c4520636f6e74656e743b202d2d' AS TEXT), CAST(X'273b2044524f50205441424c4520636f6e74656e743b202d2de280a83c703e783c2f703ee697a5e69cace8aa9e' AS TEXT), 1, '', '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"20","title":"\\"}', 'cb449bf5ef1b0f526b1ad8935650dab2f2911f253c3abad7a2f97fb096638985');
INSERT INTO attachment (id, status, title, page_id, media_type, comment, file_id, file_size, version, version_at, version_author, version_message, version_minor, download_path, gone, raw, sum) VALUES ('att31', 'current', CAST(X'e697a5e69cace8aa9e26616d703b' AS TEXT), '31', 'image/png', '', '\', 4294967296, 4, '2025-01-02T03:04:05.678Z', '', CAST(X'fffe' AS TEXT), 0, CAST(X'00e280a8' AS TEXT), '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"31","title":"\n''; DROP TABLE content; --"}', '361f364f838af3d3170f02b588c2e70343956c3ece24d1a1573cbae271ca7cc6');
INSERT INTO attachment (id, status, title, page_id, media_type, comment, file_id, file_size, version, version_at, version_author, version_message, version_minor, download_path, gone, raw, sum) VALUES ('att42', 'current', '<p>x</p>', '42', 'image/png', ' ', '''; DROP TABLE content; --&amp;', 6442450944, 9, '2025-01-02T03:04:05.678Z', CAST(X'273b2044524f50205441424c4520636f6e74656e743b202d2df09f9782' AS TEXT), CAST(X'f09f9782' AS TEXT), 1, 'plan', '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"42","title":"''; DROP TABLE content; --\u0000"}', 'ae4156b016cf5774545d7672596311e72b07754aee4487105e6c2c5518437d75');
INSERT INTO attachment (id, status, title, page_id, media_type, comment, file_id, file_size, version, version_at, version_author, version_message, version_minor, download_path, gone, raw, sum) VALUES ('att53', 'current', CAST(X'0000f09f9782' AS TEXT), '53', 'image/png', CAST(X'fffe00e280a8' AS TEXT), '"', 8589934592, 5, '2025-01-02T03:04:05.678Z', CAST(X'20c39c626572e697a5e69cace8aa9e' AS TEXT), CAST(X'0ae280a83c703e783c2f703e5c' AS TEXT), 0, '', '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"53","title":" "}', '2da7a3ee060c88113336f2ed22265d279f77f77066d129283bb01c6e0014c4ab');
INSERT INTO attachment (id, status, title, page_id, media_type, comment, file_id, file_size, version, version_at, version_author, version_message, version_minor, download_path, gone, raw, sum) VALUES ('att64', 'current', '''; DROP TABLE content; --', '64', 'image/png', CAST(X'fffe20' AS TEXT), CAST(X'f09f9782e280a826616d703bf09f9782' AS TEXT), 10737418240, 2, '2025-01-02T03:04:05.678Z', CAST(X'706c616ef09f97825c' AS TEXT), CAST(X'0a00273b2044524f50205441424c4520636f6e74656e743b202d2d3c703e783c2f703e' AS TEXT), 1, CAST(X'fffec39c62657226616d703b' AS TEXT), '', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c226964223a223634222c227469746c65223a22e697a5e69cace8aa9e227d' AS TEXT), 'd04df7cd26167eb3e12d01ccbb4f83071cd051bb16dfe03576e893f5d887ec85');
INSERT INTO attachment (id, status, title, page_id, media_type, comment, file_id, file_size, version, version_at, version_author, version_message, version_minor, download_path, gone, raw, sum) VALUES ('att75', 'current', CAST(X'e280a8' AS TEXT), '75', 'image/png', CAST(X'c39c626572' AS TEXT), CAST(X'e697a5e69cace8aa9e' AS TEXT), 12884901888, 8, '2025-01-02T03:04:05.678Z', '', '<p>x</p>', 1, CAST(X'e280a826616d703b00' AS TEXT), '', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c226964223a223735222c227469746c65223a225c7530303363705c7530303365785c75303033632f705c7530303365f09f97825c7530303030227d' AS TEXT), '76b75652fa305ff533d04b667ccb25c547478fdd99f5f581211f5d644912894e');
INSERT INTO attachment (id, status, title, page_id, media_type, comment, file_id, file_size, version, version_at, version_author, version_message, version_minor, download_path, gone, raw, sum) VALUES ('att86', 'current', '''; DROP TABLE content; --', '86', 'image/png', CAST(X'5ce697a5e69cace8aa9ec39c626572' AS TEXT), '', 15032385536, 4, '2025-01-02T03:04:05.678Z', CAST(X'0a' AS TEXT), '', 0, CAST(X'273b2044524f50205441424c4520636f6e74656e743b202d2d0af09f9782' AS TEXT), '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"86","title":""}', '8a2d271572bbe60dc67c36235bcb2545e0b424a9c368980f449c1a343e8594b1');
INSERT INTO attachment (id, status, title, page_id, media_type, comment, file_id, file_size, version, version_at, version_author, version_message, version_minor, download_path, gone, raw, sum) VALUES ('att9', 'current', CAST(X'000a' AS TEXT), '9', 'image/png', CAST(X'fffe22e280a8' AS TEXT), CAST(X'e280a80a706c616ec39c626572' AS TEXT), 0, 5, '2025-01-02T03:04:05.678Z', '&amp;', CAST(X'fffe26616d703bc39c626572' AS TEXT), 1, '', '', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c226964223a2239222c227469746c65223a225c7530303363705c7530303365785c75303033632f705c7530303365f09f97825c75303030305c7530303363705c7530303365785c75303033632f705c7530303365227d' AS TEXT), 'f09b2fc8adc2f821dc3f43ca9935af393896705441daf8fb52fbddda85ba58ce');
INSERT INTO attachment (id, status, title, page_id, media_type, comment, file_id, file_size, version, version_at, version_author, version_message, version_minor, download_path, gone, raw, sum) VALUES ('att97', 'current', '', '97', 'image/png', CAST(X'26616d703b00e280a826616d703b' AS TEXT), CAST(X'26616d703bc39c626572c39c6265720a' AS TEXT), 17179869184, 5, '2025-01-02T03:04:05.678Z', CAST(X'26616d703b0a3c703e783c2f703e' AS TEXT), CAST(X'0a5c706c616ee697a5e69cace8aa9e' AS TEXT), 1, '', '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"97","title":""}', '088f08c3873b982c0290c7ba65f6e10b9facb5b1d7c4ebb47a5c753c29fbbfee');
INSERT INTO blob (sha256, size) VALUES ('277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9', 5);
INSERT INTO attachment_blob (id, version, sha256, sum) VALUES ('att9', 1, '277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9', '841313e74d4238b9cc9fe29956a6d6515f16747ab137bc5b68eb556637dd66ac');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5000', 'inline', '', '9', '', CAST(X'005c00273b2044524f50205441424c4520636f6e74656e743b202d2d' AS TEXT), 'open', '<p>x</p>plan\&amp;', CAST(X'e280a8' AS TEXT), 2, '2025-01-02T03:04:05.678Z', CAST(X'c39c626572e280a8' AS TEXT), CAST(X'5c0a706c616e' AS TEXT), 0, 'trashed', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a22c39c6265725c7530303030205c5c227d7d2c226964223a2239222c227469746c65223a22227d' AS TEXT), NULL, '16a49302e81db291964c6c1d71f14547ba2f4b67e0cc24c309c0b9108895cafd');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5001', 'footer', '', '9', '', '', '', '', '', 6, '2025-01-02T03:04:05.678Z', CAST(X'706c616ee280a8273b2044524f50205441424c4520636f6e74656e743b202d2df09f9782' AS TEXT), CAST(X'3c703e783c2f703ee697a5e69cace8aa9e' AS TEXT), 1, '', NULL, CAST(X'c39c62657200205c' AS TEXT), '95bdd04f42cd218428b46f34c3efe14919cf54d96c72b0a406e03aaea5d75cdd');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5003', 'inline', '', '9', '', CAST(X'e697a5e69cace8aa9e' AS TEXT), 'open', CAST(X'706c616e005c' AS TEXT), '&amp;', 4, '2025-01-02T03:04:05.678Z', CAST(X'e280a822fffe' AS TEXT), CAST(X'e697a5e69cace8aa9e' AS TEXT), 1, '', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a22e697a5e69cace8aa9e5c6e5c7530303363705c7530303365785c75303033632f705c7530303365706c616e227d7d2c226964223a223230222c227469746c65223a22227d' AS TEXT), NULL, '4eb47c372a1225b8fd9ced2e6d68078a94acdc8ff0437ad662753c895dbd0d50');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5004', 'footer', '', '9', '', '', '', '', '', 5, '2025-01-02T03:04:05.678Z', CAST(X'273b2044524f50205441424c4520636f6e74656e743b202d2de280a8' AS TEXT), 'plan', 0, '', NULL, CAST(X'e697a5e69cace8aa9e0a3c703e783c2f703e706c616e' AS TEXT), '08ae19dd5442723e62e664437886d51c7dfbfb77710d862de9afacd16dc47b07');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5006', 'inline', '', '9', '', CAST(X'0a5ce280a8' AS TEXT), 'open', CAST(X'22fffe273b2044524f50205441424c4520636f6e74656e743b202d2d' AS TEXT), CAST(X'e280a80a26616d703b706c616e' AS TEXT), 5, '2025-01-02T03:04:05.678Z', CAST(X'273b2044524f50205441424c4520636f6e74656e743b202d2de697a5e69cace8aa9ec39c62657222' AS TEXT), CAST(X'00fffe' AS TEXT), 0, '', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a22227d7d2c226964223a223331222c227469746c65223a22e697a5e69cace8aa9e273b2044524f50205441424c4520636f6e74656e743b202d2d5c75666666645c7566666664227d' AS TEXT), NULL, 'd366093017ce1b4d6c3f29d95e7cf8612407d5e36da0f550beba7e1646dd616b');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5007', 'footer', '', '9', '', '', '', '', '', 6, '2025-01-02T03:04:05.678Z', CAST(X'22c39c626572706c616e26616d703b' AS TEXT), '\', 0, '', NULL, NULL, '56c220542d504353a4bd07918a18f8c7369fce2bc8bd31adf714eeaae2f9d55a');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5009', 'inline', '', '20', '', '', 'open', CAST(X'26616d703bc39c62657200273b2044524f50205441424c4520636f6e74656e743b202d2d' AS TEXT), '', 8, '2025-01-02T03:04:05.678Z', CAST(X'c39c626572e280a8' AS TEXT), CAST(X'26616d703b22f09f9782' AS TEXT), 1, '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"body":{"storage":{"representation":"storage","value":""}},"id":"42","title":""}', NULL, '1ad38c29bcbea2699e2b5a05a4efb7ac1ac0ffc2a1914e18faf3c66768109df3');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5010', 'footer', '', '20', '', '', '', '', '', 9, '2025-01-02T03:04:05.678Z', CAST(X'f09f9782' AS TEXT), CAST(X'273b2044524f50205441424c4520636f6e74656e743b202d2dfffef09f978222' AS TEXT), 1, '', NULL, NULL, '28c6e7a3215c48f0a87f191520acca0133a2092929792524c3d3e357a3b299e5');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5012', 'inline', '', '20', '', '''; DROP TABLE content; --', 'open', '', '', 7, '2025-01-02T03:04:05.678Z', CAST(X'c39c6265725c0ae280a8' AS TEXT), '"<p>x</p><p>x</p>''; DROP TABLE content; --', 0, '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"body":{"storage":{"representation":"storage","value":""}},"id":"53","title":"\"\ufffd\ufffd\u0026amp;"}', NULL, '7d7e5995add44bedf15099999643f28832da0136d7d4f7368904dd692f4adcd1');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5013', 'footer', '', '20', '', '', '', '', '', 1, '2025-01-02T03:04:05.678Z', CAST(X'200a3c703e783c2f703e' AS TEXT), '\plan', 1, '', NULL, NULL, '03fce12ad9bb919b3628d95b593bffb222e9110d82265be5d255dca6e3157cd2');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5015', 'inline', '', '20', '', ' ''; DROP TABLE content; --', 'open', CAST(X'e697a5e69cace8aa9e22' AS TEXT), 'plan', 7, '2025-01-02T03:04:05.678Z', '', '', 1, '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"body":{"storage":{"representation":"storage","value":""}},"id":"64","title":"\u003cp\u003ex\u003c/p\u003e"}', NULL, '387527f47aa0c181b5032423124c261d749c6c1f2df3b0554d1d4af828ce82f7');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5016', 'footer', '', '20', '', '', '', '', '', 4, '2025-01-02T03:04:05.678Z', CAST(X'26616d703b2226616d703be280a8' AS TEXT), '', 1, '', NULL, NULL, 'c0053c1a6f8c3827ec676a8e15a5dc04f3cde7815ed51403f3ff379a180353a9');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5018', 'inline', '', '31', '', CAST(X'f09f9782e280a826616d703b' AS TEXT), 'open', CAST(X'0a' AS TEXT), '', 9, '2025-01-02T03:04:05.678Z', CAST(X'f09f9782f09f9782' AS TEXT), CAST(X'0a' AS TEXT), 1, '', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a225c5c5c7530303236616d703be697a5e69cace8aa9e227d7d2c226964223a223735222c227469746c65223a225c7530303236616d703b273b2044524f50205441424c4520636f6e74656e743b202d2d5c7530303030227d' AS TEXT), NULL, '6a4d8fbc4405b81beb51ebbd1c080eeb96f961955d3d8739dc9f160fc558f527');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5019', 'footer', '', '31', '', '', '', '', '', 6, '2025-01-02T03:04:05.678Z', '&amp;', CAST(X'0a3c703e783c2f703e' AS TEXT), 0, '', NULL, CAST(X'5c26616d703be697a5e69cace8aa9e' AS TEXT), 'd9c2d7b0a6b4fff7fbb839c32c3466085e0e0d5724965290b16f9e6f524e554f');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5021', 'inline', '', '31', '', CAST(X'e280a8fffe706c616e' AS TEXT), 'open', CAST(X'e697a5e69cace8aa9e273b2044524f50205441424c4520636f6e74656e743b202d2dc39c626572f09f9782' AS TEXT), CAST(X'0a26616d703b' AS TEXT), 7, '2025-01-02T03:04:05.678Z', CAST(X'c39c6265722226616d703b273b2044524f50205441424c4520636f6e74656e743b202d2d' AS TEXT), '', 1, '', '{"_links":{"webui":"/x?a=1\u0026b=2"},"body":{"storage":{"representation":"storage","value":"\u003cp\u003ex\u003c/p\u003eplan"}},"id":"86","title":""}', NULL, '813854f248212930ba722d7b0a1b08c0e8af3e1f27c2ef36bdcf017bc7a6c3be');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5022', 'footer', '', '31', '', '', '', '', '', 9, '2025-01-02T03:04:05.678Z', CAST(X'0ac39c626572706c616e' AS TEXT), CAST(X'0a273b2044524f50205441424c4520636f6e74656e743b202d2d3c703e783c2f703e22' AS TEXT), 1, '', NULL, '<p>x</p>plan', 'e2760f1f02b3e5f3089500374cf3fd28de6bb09d789044f493c7dd6536885acd');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5024', 'inline', '', '31', '', CAST(X'00706c616e706c616e' AS TEXT), 'open', CAST(X'f09f978220273b2044524f50205441424c4520636f6e74656e743b202d2d' AS TEXT), CAST(X'0af09f9782fffe5c' AS TEXT), 8, '2025-01-02T03:04:05.678Z', '', '', 0, '', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a22e697a5e69cace8aa9e5c75303030305c5c5c7530303236616d703b227d7d2c226964223a223937222c227469746c65223a22706c616e227d' AS TEXT), NULL, 'c397c4fd37f0dceb3a10d4d588b8d9f1c7a0df194e73a5558fc676fc356a7105');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5025', 'footer', '', '31', '', '', '', '', '', 6, '2025-01-02T03:04:05.678Z', CAST(X'3c703e783c2f703e22c39c6265720a' AS TEXT), '', 0, '', NULL, CAST(X'e697a5e69cace8aa9e005c26616d703b' AS TEXT), '42b7fd17b72d0a1a6a6b48240bb8e3dbbba9587cd22bb688b9989d8f045d70a3');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5027', 'inline', '', '42', '', '', 'open', '"plan', CAST(X'e280a85cc39c626572' AS TEXT), 1, '2025-01-02T03:04:05.678Z', '""', '\', 1, '', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a22f09f9782efbfbd5c7530303236616d703b227d7d2c226964223a22313038222c227469746c65223a225c75303030305c7530303236616d703b227d' AS TEXT), NULL, 'b83d8f1c8f4b2a91c0b30a36b00e47fc608ec1a35fa5fca96ebdfb513fc73f45');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5028', 'footer', '', '42', '', '', '', '', '', 7, '2025-01-02T03:04:05.678Z', CAST(X'e280a8' AS TEXT), CAST(X'f09f9782' AS TEXT), 1, '', NULL, CAST(X'f09f9782fffe26616d703b' AS TEXT), 'ec97a6a2865fa7c13c1a284a4ef3c64dc41df47ddaa06265156d61e7dadf740e');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5030', 'inline', '', '42', '', '\', 'open', ' ', CAST(X'706c616ef09f9782273b2044524f50205441424c4520636f6e74656e743b202d2d' AS TEXT), 5, '2025-01-02T03:04:05.678Z', CAST(X'f09f9782' AS TEXT), '', 0, '', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a22c39c626572227d7d2c226964223a22313139222c227469746c65223a22227d' AS TEXT), NULL, 'b90dcf7f40f7a8dab5294b6a12f89b9778bcdd00e36d1b4bc39111829848824f');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5031', 'footer', '', '42', '', '', '', '', '', 1, '2025-01-02T03:04:05.678Z', CAST(X'205cf09f9782' AS TEXT), '', 1, '', NULL, CAST(X'c39c626572' AS TEXT), 'b51045f1d725684024167f653f93c90a3758b94083bd93b3c8fe200267abab02');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5033', 'inline', '', '42', '', '', 'open', CAST(X'e280a83c703e783c2f703e' AS TEXT), CAST(X'fffe2026616d703b20' AS TEXT), 3, '2025-01-02T03:04:05.678Z', '\', CAST(X'e697a5e69cace8aa9ef09f9782' AS TEXT), 1, '', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c22626f6479223a7b2273746f72616765223a7b22726570726573656e746174696f6e223a2273746f72616765222c2276616c7565223a22c39c626572efbfbd5c6e5c7530303363705c7530303365785c75303033632f705c7530303365227d7d2c226964223a22313330222c227469746c65223a225c6e227d' AS TEXT), NULL, '03a03af19c198eb578defa52b3d189d14720f3ec4e95acd4d9ebc043dd0c7745');
INSERT INTO comment (id, kind, status, page_id, attachment_id, parent_id, resolution, marker_ref, selection, version, version_at, version_author, version_message, version_minor, gone, raw, body, sum) VALUES ('5034', 'footer', '', '42', '', '', '', '', '', 9, '2025-01-02T03:04:05.678Z', CAST(X'0a' AS TEXT), CAST(X'fffe' AS TEXT), 0, '', NULL, CAST(X'c39c626572fffe0a3c703e783c2f703e' AS TEXT), '8245b72e95be8cd70c2d3f407cac5447fd771054b36ae675d297962582163465');
INSERT INTO user (id, display_name, public_name, status, raw, sum) VALUES ('108', CAST(X'00' AS TEXT), CAST(X'e280a8' AS TEXT), 'active', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"108","title":"\n"}', '0a922c357bd7e280cf2bb1c5991aadbfc351d48462b2a27c8512c51347a5ef83');
INSERT INTO user (id, display_name, public_name, status, raw, sum) VALUES ('119', CAST(X'20e697a5e69cace8aa9e' AS TEXT), CAST(X'0a273b2044524f50205441424c4520636f6e74656e743b202d2d5c' AS TEXT), 'active', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"119","title":""}', '3923104a42ac380354ca8d003e9fd3f8c3f8b63bf0e585b4543b2ff925bf9bfa');
INSERT INTO user (id, display_name, public_name, status, raw, sum) VALUES ('130', '', CAST(X'f09f9782fffef09f9782' AS TEXT), 'active', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"130","title":""}', '5562a336f1e19a5c564f9defc4a4dc7b9d5262e8ee46874a7e5882fc8b5c4e1e');
INSERT INTO user (id, display_name, public_name, status, raw, sum) VALUES ('20', CAST(X'e697a5e69cace8aa9e220a' AS TEXT), CAST(X'e697a5e69cace8aa9e' AS TEXT), 'active', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c226964223a223230222c227469746c65223a225c6e5c7530303236616d703bf09f97825c7532303238227d' AS TEXT), '1bf1fd4bccf9ac982206802d1b6fdfcfbb834976e8ffc44eaef4758679382162');
INSERT INTO user (id, display_name, public_name, status, raw, sum) VALUES ('31', '', '', 'active', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c226964223a223331222c227469746c65223a22c39c626572227d' AS TEXT), '832cb824ff29a9113daa3c25933de8610d222186eda0abf1b6ada57ef19bd326');
INSERT INTO user (id, display_name, public_name, status, raw, sum) VALUES ('42', CAST(X'0af09f9782c39c626572' AS TEXT), CAST(X'fffe' AS TEXT), 'active', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"42","title":"plan\u0026amp;plan"}', 'de0a57fbebdcba10a8348d0099803cf33b378b273b3daf67cf2a4aef00cd7b77');
INSERT INTO user (id, display_name, public_name, status, raw, sum) VALUES ('53', CAST(X'00225c00' AS TEXT), '', 'active', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"53","title":""}', 'ff36b5eb2e15121ea352d21a44fe194a8c100b1d90f40de30b93af1811ee3a97');
INSERT INTO user (id, display_name, public_name, status, raw, sum) VALUES ('64', '', CAST(X'2200e280a8' AS TEXT), 'active', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"64","title":"\""}', '1c725faf64b060c3d78e195a9f71fa883d0b16fd4378aed9b25a1c60a92aec1a');
INSERT INTO user (id, display_name, public_name, status, raw, sum) VALUES ('75', '', CAST(X'0af09f9782706c616e22' AS TEXT), 'active', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"75","title":"\u0000 "}', '55169fbf57698a7f75b30c55ec731469fce8e1ead8c55da92087c4030bb747b5');
INSERT INTO user (id, display_name, public_name, status, raw, sum) VALUES ('86', '', '"<p>x</p>', 'active', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"86","title":""}', '51503ace2fd12af10fbc85e820656704d9d3da96ba79cd5b9aeac62a57e1065e');
INSERT INTO user (id, display_name, public_name, status, raw, sum) VALUES ('9', CAST(X'00' AS TEXT), CAST(X'00c39c626572273b2044524f50205441424c4520636f6e74656e743b202d2d0a' AS TEXT), 'active', CAST(X'7b225f6c696e6b73223a7b227765627569223a222f783f613d315c7530303236623d32227d2c226964223a2239222c227469746c65223a22c39c626572706c616e227d' AS TEXT), '797a37ec7f5a5e74a5c334255dc76e655aaa1f453e525cb96abb6a409d51974a');
INSERT INTO user (id, display_name, public_name, status, raw, sum) VALUES ('97', CAST(X'0a22f09f9782' AS TEXT), '"&amp;\', 'active', '{"_links":{"webui":"/x?a=1\u0026b=2"},"id":"97","title":" \n"}', 'c2e52557ae2881dc1079a58e04207f23876284b89e669221bafcaaeee461bc70');
CREATE INDEX content_order  ON content (digits, id);
CREATE INDEX content_sum    ON content (id, sum);
CREATE INDEX content_title  ON content (space_id, title);
CREATE INDEX content_parent ON content (parent_id);
CREATE INDEX label_name ON label (name);
CREATE INDEX attachment_order ON attachment (page_digits, page_id, title, id);
CREATE INDEX attachment_sum   ON attachment (id, sum);
CREATE INDEX attachment_blob_sha256 ON attachment_blob (sha256);
CREATE INDEX comment_order ON comment (page_digits, page_id, digits, id);
CREATE INDEX comment_sum   ON comment (id, sum);
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
CREATE INDEX task_order ON task (page_digits, page_id, digits, id);
COMMIT;
