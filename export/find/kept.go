package find

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"agc-export/export/mirror"
)

// kept reads what a hold kept of an object. What is there as it was, or as an older version, is no document again.
func (s *source) kept(ctx context.Context, d *document, row string) (bool, error) {
	kind, id, _ := strings.Cut(d.object, "/")
	var version int
	var raw, beside sql.NullString
	ok, err := s.row(ctx, "SELECT version, raw, body FROM m.kept WHERE id = ? AND row = ?", []any{d.object, row},
		&version, &raw, &beside)
	if !ok || err != nil {
		return ok, err
	}
	k := keptObject(raw.String, version)
	d.object, d.content, d.older = id, id, true
	text := body(raw, beside)
	switch kind {
	case "content":
		ok, err = s.keptContent(ctx, d, row, k, text)
	case "comment":
		ok, err = s.keptComment(ctx, d, row, k, text)
	case "attachment":
		ok, err = s.keptFile(ctx, d, row, k)
	case "metadata":
		return s.keptLabels(ctx, d, raw.String)
	default:
		return false, nil
	}
	if !ok || err != nil {
		return ok, err
	}
	d.changed = seconds(k.at)
	d.put(placeMessage, k.message)
	d.marks = append(d.marks, string(markContributor)+k.by)
	s.people(d, k.by)
	return true, nil
}

func (s *source) keptContent(ctx context.Context, d *document, row string, k keptVersion,
	text string) (bool, error) {
	var title, created, gone string
	var raw, beside sql.NullString
	var version int
	ok, err := s.row(ctx, `SELECT c.type, c.title, c.space_id, c.created_at, c.gone,
			coalesce(c.body_version, c.version), r.raw, r.body
		FROM m.content c LEFT JOIN m.content_raw r ON r.id = c.id WHERE c.id = ?`, []any{d.object},
		&d.kind, &title, &d.space, &created, &gone, &version, &raw, &beside)
	if !ok || err != nil {
		return ok, err
	}
	if version == k.version && title == k.title && body(raw, beside) == text {
		return false, nil
	}
	if twin, err := s.twin(ctx, "content/"+d.object, row, k, text); twin || err != nil {
		return false, err
	}
	var oldTitle string
	var old, oldBeside sql.NullString
	ok, err = s.row(ctx, "SELECT title, raw, body FROM m.content_version WHERE id = ? AND version = ?",
		[]any{d.object, k.version}, &oldTitle, &old, &oldBeside)
	if err != nil {
		return false, err
	}
	if oldText := oldBeside.String; ok {
		if !oldBeside.Valid {
			oldText = versionBody(old.String)
		}
		if oldTitle == k.title && oldText == text {
			return false, nil
		}
	}
	d.gone, d.created = !mirror.IsPresent(gone), seconds(created)
	d.put(placeTitle, k.title)
	s.body(d, placeText, text)
	return true, nil
}

func (s *source) keptComment(ctx context.Context, d *document, row string, k keptVersion,
	text string) (bool, error) {
	var gone string
	var raw, beside sql.NullString
	var version int
	ok, err := s.row(ctx, "SELECT page_id, version, gone, raw, body FROM m.comment WHERE id = ?", []any{d.object},
		&d.content, &version, &gone, &raw, &beside)
	if !ok || err != nil || version == k.version && body(raw, beside) == text {
		return false, err
	}
	if twin, err := s.twin(ctx, "comment/"+d.object, row, k, text); twin || err != nil {
		return false, err
	}
	d.kind, d.gone = "comment", !mirror.IsPresent(gone)
	s.body(d, placeComment, text)
	return true, nil
}

func (s *source) keptFile(ctx context.Context, d *document, row string, k keptVersion) (bool, error) {
	var title, gone string
	var version, older int
	ok, err := s.row(ctx, `SELECT page_id, title, version, gone, (SELECT count(*) FROM m.attachment_version v
			WHERE v.id = a.id AND v.version = ?2 AND v.title = ?3) FROM m.attachment a WHERE a.id = ?1`,
		[]any{d.object, k.version, k.title}, &d.content, &title, &version, &gone, &older)
	if !ok || err != nil || version == k.version && title == k.title || older > 0 {
		return false, err
	}
	if twin, err := s.twin(ctx, "attachment/"+d.object, row, k, ""); twin || err != nil {
		return false, err
	}
	d.kind, d.gone = "attachment", !mirror.IsPresent(gone)
	d.put(placeFile, k.title)
	return true, nil
}

// keptVersion is what the raw object of a version tells of it.
type keptVersion struct {
	version                int
	title, at, by, message string
}

func keptObject(raw string, version int) keptVersion {
	var o struct {
		Title   string
		Version struct {
			CreatedAt, AuthorID, Message, When string
			By                                 struct{ AccountID string }
		}
	}
	_ = json.Unmarshal([]byte(raw), &o) // of what cannot be read nothing is known
	return keptVersion{version, o.Title, cmp.Or(o.Version.CreatedAt, o.Version.When),
		cmp.Or(o.Version.AuthorID, o.Version.By.AccountID), o.Version.Message}
}

// twin tells whether a hold kept the same words of the same version in another row too, which comes before: that of a
// page that was moved, say.
func (s *source) twin(ctx context.Context, object, row string, k keptVersion, text string) (bool, error) {
	for before := ""; ; {
		var raw, beside sql.NullString
		ok, err := s.row(ctx, `SELECT row, raw, body FROM m.kept WHERE id = ? AND version = ? AND row > ? AND row < ?
			ORDER BY row LIMIT 1`, []any{object, k.version, before, row}, &before, &raw, &beside)
		if !ok || err != nil {
			return false, err
		}
		if keptObject(raw.String, k.version).title == k.title && body(raw, beside) == text {
			return true, nil
		}
	}
}

// keptLabels reads the labels that a content had when a hold kept it, and has no more.
func (s *source) keptLabels(ctx context.Context, d *document, raw string) (bool, error) {
	var o struct {
		Metadata struct {
			Labels struct {
				Results []struct{ Name, Prefix string }
			}
		}
	}
	_ = json.Unmarshal([]byte(raw), &o) // of what cannot be read nothing is known
	var gone string
	ok, err := s.row(ctx, "SELECT type, space_id, gone FROM m.content WHERE id = ?", []any{d.object}, &d.kind, &d.space,
		&gone)
	if !ok || err != nil {
		return false, err
	}
	for _, label := range o.Metadata.Labels.Results {
		var there int
		ok, err := s.row(ctx, "SELECT 1 FROM m.label WHERE id = ? AND name = ?", []any{d.object, label.Name}, &there)
		if err != nil {
			return false, err
		}
		if !ok && (label.Prefix == "" || label.Prefix == "global") {
			d.put(placeLabel, label.Name)
		}
	}
	d.gone = !mirror.IsPresent(gone)
	return len(d.texts[placeLabel]) > 0, nil
}
