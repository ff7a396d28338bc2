package export

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
)

// plant is what is written into a column of the mirror, in SQL, and what is then looked for; both may be
// left out: a word of the column's own stands before what it held. noSite and noMarkdown say why it is not
// found there.
type plant struct{ value, site, markdown, noSite, noMarkdown string }

// web is an address as a plant, which a word before it would spoil.
func web(word string) plant {
	return plant{value: "'https://" + word + ".example/a'", site: word, markdown: word}
}

// date is a day as a plant.
func date(day, said string) plant {
	return plant{value: "'" + day + "T01:02:03.000Z'", site: said, markdown: day}
}

// issueMacro shows an issue of the demo tenant.
const issueMacro = `<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">OPS-161</ac:parameter>` +
	`</ac:structured-macro>`

// Why a column is not shown as it is.
const (
	pointer = "points at another row, which is shown"
	kind    = "one of a few words of the API, on which depends what is made"
	raw     = "the object as the API sent it; what is shown of it has a column"
	check   = "a checksum"
	bytesOf = "leads to the bytes, which are published"
	note    = "a note of the program to itself"
)

// hiddenColumns are the columns whose words stand nowhere in what is published, and why.
var hiddenColumns = map[string]string{
	"site.cloud_id": "of the connection", "site.account_id": "of the connection",
	"site.account_name": "of the connection", "state.id": note, "state.value": note, "absence.id": note,
	"absence.kind": note, "absence.object": note, "absence.state": note, "absence.since": note,
	"absence.approved": note, "absence.gone_at": note, "space.id": pointer, "space.type": kind,
	"space.status": kind, "space.homepage_id": pointer, "space.author_id": pointer,
	"space.created_at": "Confluence shows it nowhere", "space.gone": kind, "space.raw": raw,
	"content.id": pointer, "content.type": kind, "content.status": kind, "content.space_id": pointer,
	"content.space_key": pointer, "content.parent_id": pointer, "content.parent_type": kind,
	"content.author_id": pointer, "content.owner_id": pointer, "content.subtype": kind,
	"content.version_author": pointer, "content.gone": kind, "content_raw.id": pointer, "content_raw.raw": raw,
	"metadata.id": pointer, "metadata.appearance": kind, "metadata.raw": raw, "label.id": pointer,
	"restriction.id": pointer, "restriction.operation": kind, "restriction.type": kind,
	"restriction.subject": pointer, "attachment.id": pointer, "attachment.status": kind,
	"attachment.page_id": pointer, "attachment.file_id": pointer, "attachment.version_author": pointer,
	"attachment.version_message": "Confluence writes the comment there, too", "attachment.download_path": bytesOf,
	"attachment.gone": kind, "attachment.raw": raw, "blob.sha256": bytesOf, "attachment_blob.id": pointer,
	"attachment_blob.sha256": bytesOf, "comment.id": pointer, "comment.kind": kind, "comment.status": kind,
	"comment.page_id": pointer, "comment.attachment_id": pointer, "comment.parent_id": pointer,
	"comment.marker_ref": pointer, "comment.version_author": pointer,
	"comment.version_message": "nobody can write one", "comment.gone": kind, "comment.raw": raw,
	"user.id": pointer, "user.public_name": "shown where there is no display_name", "user.status": kind,
	"user.raw": raw, "issue.id": pointer, "issue.issue_key": pointer, "issue.stage": kind,
	"issue.type": "the macro shows key, summary and status", "issue.raw": raw, "space_icon.id": pointer,
	"space_icon.source": bytesOf, "space_icon.sha256": bytesOf, "classification.id": pointer,
	"classification.description": "of the level and not of a page: pages name it",
	"classification.guideline":   "of the level and not of a page: pages name it", "classification.color": kind,
	"classification.status": kind, "classification.raw": raw, "space_level.id": pointer,
	"space_level.level": pointer, "content_level.id": pointer, "content_level.level": pointer,
	"content_state.id": pointer, "content_fetched.id": pointer,
	"task.id": pointer, "task.local_id": pointer, "task.space_id": pointer,
	"task.page_id": pointer, "task.status": kind, "task.created_by": pointer, "task.assigned_to": pointer,
	"task.completed_by": pointer, "task.created_at": "the page shows the box as Confluence does",
	"task.updated_at": "the page shows the box as Confluence does", "task.due_at": "stands in the page's body",
	"task.completed_at": "the page shows the box as Confluence does", "task.gone": kind, "task.raw": raw,
	"task.body": "stands in the page's body", "content_version.id": pointer,
	"content_version.version_author": pointer, "content_version.raw": raw, "attachment_version.id": pointer,
	"attachment_version.version_author": pointer, "attachment_version.media_type": kind,
	"attachment_version.version_message": "Confluence writes the comment there, too",
	"attachment_version.raw":             raw,
	"kept.id":                            pointer, "kept.row": pointer, "kept.raw": raw,
	"kept.body": "what a hold keeps is not published",
}

// plants are the columns that need more than a word before what they hold.
var plants = map[string]plant{
	"site.url": web("zqsiteurl"), "content.embed_url": web("zqembed"), "metadata.cover": web("zqcover"),
	"site.name":         {noMarkdown: "heads the site"},
	"space.name":        {noMarkdown: "a file names its space by the key"},
	"space.description": {noMarkdown: "stands on the home of the space"},
	"space.webui": {value: "'/zqspacewebui'", site: "zqspacewebui",
		noMarkdown: "of the home of the space"},
	"content.webui": {value: "'/zqcontentwebui/' || id", site: "zqcontentwebui",
		markdown: "zqcontentwebui"},
	"content.created_at": date("1901-02-03", "3 February 1901"),
	"content.version_at": date("1902-03-04", "4 March 1902"),
	"content_raw.body":   {value: "'<p>zqbody</p>" + issueMacro + "'", site: "zqbody", markdown: "zqbody"},
	"attachment.media_type": {value: "'application/x-zqtype'", markdown: "zqtype",
		noSite: "its ending says it"},
	"attachment.version_at":      date("1903-04-05", "5 April 1903"),
	"comment.version_at":         date("1904-05-06", "6 May 1904"),
	"comment.resolution":         {value: "'zqresolution'", site: "zqresolution", markdown: "zqresolution"},
	"comment.body":               {value: "'<p>zqsaid</p>'", site: "zqsaid", markdown: "zqsaid"},
	"content_version.version_at": date("1905-06-07", "7 June 1905"),
	"content_version.body":       {value: "'<p>zqonce</p>'", site: "zqonce", markdown: "zqonce"},
	"content_fetched.at": {value: "'1907-08-09T12:00:00Z'", site: "9 August 1907",
		noMarkdown: "tells of the text, not of the copy"},
	"content_state.color":           {value: "'#00ff01'", markdown: "#00ff01", noSite: "the nearest of ours"},
	"attachment_version.version_at": date("1906-07-08", "8 July 1906"),
	"attachment_version.comment": {value: "'zqattachmentversioncomment'", site: "zqattachmentversioncomment",
		markdown: "zqattachmentversioncomment"},
}

// TestPlantedWords writes a word of its own into each text column of each table of the mirror, as the
// database itself lists them, and finds it on the site and in the Markdown, where it is not said why not:
// so no column is mirrored and forgotten.
func TestPlantedWords(t *testing.T) {
	w := newWorld(t, exporttest.Tenant())
	e := &w.Config.Export
	e.Restricted, e.History, e.AttachmentVersions = config.RestrictedInclude, config.HistoryBodies, config.VersionsAll
	w.Config.Site.Fetched = true
	e.Classification, e.Jira, e.HistoryPublished = config.ClassifyPage, true, true
	w.Config.Markdown = config.Markdown{Comments: true, Attachments: true, Versions: true, Classification: true,
		Readers: true}
	w.export(t, exit.Complete)
	db, err := sql.Open("sqlite", filepath.Join(w.Config.Output.Mirror, "mirror.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	sought := map[string]plant{}
	for table, columns := range textColumns(t, db) {
		for _, column := range columns {
			name := table + "." + column
			if hiddenColumns[name] != "" || column == "sum" {
				continue
			}
			word := "zq" + strings.ReplaceAll(table+column, "_", "")
			p := plants[name]
			if p.value == "" {
				p.value = "CASE WHEN " + column + " = '' THEN '' ELSE '" + word + " ' || " + column + " END"
			}
			if p.site == "" && p.noSite == "" {
				p.site = word
			}
			if p.markdown == "" && p.noMarkdown == "" {
				p.markdown = word
			}
			alter(t, db, "UPDATE "+table+" SET "+column+" = "+p.value)
			sought[name] = p
		}
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(hiddenColumns)), slices.Collect(maps.Keys(plants))) {
		if table, column, _ := strings.Cut(name, "."); !slices.Contains(textColumns(t, db)[table], column) {
			t.Errorf("%s is no column", name)
		}
	}
	resum(t, db)
	alter(t, db, "DELETE FROM state WHERE id = 'seal'")
	db.Close()
	if _, err := w.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	var site, markdown strings.Builder
	for name, text := range readable(t, w) {
		if strings.HasPrefix(name, "markdown/") {
			markdown.WriteString(text)
		} else if strings.HasSuffix(name, ".html") {
			site.WriteString(text)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sought)) {
		p := sought[name]
		for _, in := range []struct{ where, word, why, text string }{{"site", p.site, p.noSite, site.String()},
			{"Markdown", p.markdown, p.noMarkdown, markdown.String()}} {
			word := in.word
			if in.why != "" {
				word = "zq" + strings.NewReplacer(".", "", "_", "").Replace(name)
			}
			if found := strings.Contains(in.text, word); found == (in.why != "") {
				t.Errorf("%s: %q in the %s: %v; %s", name, word, in.where, found, in.why)
			}
		}
	}
}

// textColumns are the columns that may hold text, by table.
func textColumns(t *testing.T, db *sql.DB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, row := range query(t, db, `SELECT s.name, c.name FROM sqlite_schema s, pragma_table_info(s.name) c
		WHERE s.type = 'table' AND c.type NOT IN ('INTEGER') ORDER BY s.name, c.cid`) {
		all[row[0].(string)] = append(all[row[0].(string)], row[1].(string))
	}
	return all
}

// resum gives each row the sum that schema.sql describes.
func resum(t *testing.T, db *sql.DB) {
	t.Helper()
	beside := map[string]string{
		"content": ", (SELECT raw FROM content_raw r WHERE r.id = t.id) AS raw, " +
			"(SELECT body FROM content_raw r WHERE r.id = t.id) AS body",
		"metadata": ", (SELECT group_concat(name, char(10) ORDER BY name) FROM label l WHERE l.id = t.id) AS labels, " +
			"(SELECT group_concat(line, char(10) ORDER BY line) FROM (SELECT operation || char(31) || type || " +
			"char(31) || subject || char(31) || name AS line FROM restriction r WHERE r.id = t.id)) AS restrictions",
	}
	for table, columns := range textColumns(t, db) {
		if !slices.Contains(columns, "sum") {
			continue
		}
		rows, err := db.Query("SELECT t.rowid AS at, t.*" + beside[table] + " FROM " + table + " t")
		if table == "attachment_blob" { // it has no rowid, and no text
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		names, _ := rows.Columns()
		sums := map[any]string{}
		for rows.Next() {
			values := make([]any, len(names))
			places := make([]any, len(names))
			for i := range values {
				places[i] = &values[i]
			}
			if err := rows.Scan(places...); err != nil {
				t.Fatal(err)
			}
			h := sha256.New()
			for i, v := range values {
				name, kind := names[i], "s"
				if i == 0 || name == "sum" || name == "digits" || name == "page_digits" || v == nil || v == "" {
					continue
				}
				if _, whole := v.(int64); whole {
					kind = "i"
				}
				text := fmt.Sprint(v)
				fmt.Fprintf(h, "%s=%s%d:%s\n", name, kind, len(text), text)
			}
			sums[values[0]] = hex.EncodeToString(h.Sum(nil))
		}
		rows.Close()
		for at, sum := range sums {
			alter(t, db, "UPDATE "+table+" SET sum = ? WHERE rowid = ?", sum, at)
		}
	}
}

func alter(t *testing.T, db *sql.DB, text string, args ...any) {
	t.Helper()
	if _, err := db.Exec(text, args...); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// query returns the rows of a question.
func query(t *testing.T, db *sql.DB, text string) (all [][]any) {
	t.Helper()
	rows, err := db.Query(text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		row := make([]any, 2)
		if err := rows.Scan(&row[0], &row[1]); err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	return all
}
