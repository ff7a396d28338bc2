package mirror

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agc-export/fetch/wiki"
)

// TestVerify damages a mirror in one way at a time; each must be found, alone.
func TestVerify(t *testing.T) {
	w := generate(8, 40)
	page, att := w.contents[2].ID, w.attachments[0].ID
	sum := sumOf("bytes")
	blob := filepath.Join("blobs", sum[:2], sum[2:])
	write := func(name, text string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	run := func(text string) func(*testing.T, string) {
		return func(t *testing.T, dir string) { script(t, filepath.Join(dir, dbName), text) }
	}
	for name, c := range map[string]struct {
		damage func(*testing.T, string)
		want   []Problem
	}{
		"nothing":      {func(*testing.T, string) {}, nil},
		"flipped byte": {write(blob, "bytEs"), []Problem{{"blob", sum, ProblemSum}}},
		"shorter blob": {write(blob, "byte"), []Problem{{"blob", sum, ProblemSize}}},
		"missing blob": {func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, blob)) },
			[]Problem{{"blob", sum, ProblemMissing}}},
		"missing folder": {func(t *testing.T, dir string) { os.RemoveAll(filepath.Join(dir, "blobs")) },
			[]Problem{{"blob", sum, ProblemMissing}}},
		"extra blob": {write(filepath.Join("blobs", sum[:2], sumOf("more")[2:]), "more"),
			[]Problem{{"blob", sum[:2] + "/" + sumOf("more")[2:], ProblemExtra}}},
		"stray file":     {write("blobs/notes.txt", ""), []Problem{{"blob", "notes.txt", ProblemExtra}}},
		"temporary file": {write("blobs/.tmp-7", "half"), []Problem{{"blob", ".tmp-7", ProblemExtra}}},
		"raw of content": {run("UPDATE content_raw SET raw = replace(raw, 'id', 'di') WHERE id = " + page),
			[]Problem{{"content", page, ProblemSum}}},
		"raw lost": {run("DELETE FROM content_raw WHERE id = " + page),
			[]Problem{{"content", page, ProblemSum}}},
		"title": {run("UPDATE content SET title = title || '.' WHERE id = " + page),
			[]Problem{{"content", page, ProblemSum}}},
		"other type": {run("UPDATE content SET title = CAST('x' AS BLOB) WHERE id = " + page),
			[]Problem{{"content", page, ProblemSum}}},
		"number for text": {run("UPDATE content SET position = 'first' WHERE id = " + page),
			[]Problem{{"content", page, ProblemSum}}},
		"gone": {run("UPDATE content SET gone = 'deleted' WHERE id = " + page),
			[]Problem{{"content", page, ProblemSum}}},
		"sum": {run("UPDATE content SET sum = 'x' WHERE id = " + page),
			[]Problem{{"content", page, ProblemSum}, {"content", "", ProblemSeal}}},
		"new label": {run("INSERT INTO label VALUES (" + page + ", 'new')"),
			[]Problem{{"metadata", page, ProblemSum}}},
		"lifted": {run("DELETE FROM restriction WHERE id = 9"), []Problem{{"metadata", "9", ProblemSum}}},
		"comment": {run("UPDATE comment SET raw = '{}' WHERE id = 5000"),
			[]Problem{{"comment", "5000", ProblemSum}}},
		"space": {run("UPDATE space SET raw = NULL WHERE id = 1"), []Problem{{"space", "1", ProblemSum}}},
		"attachment": {run("UPDATE attachment SET file_size = 1 WHERE id = '" + att + "'"),
			[]Problem{{"attachment", att, ProblemSum}}},
		"version of blob": {run("UPDATE attachment_blob SET version = 77"),
			[]Problem{{"attachment_blob", att, ProblemSum}}},
		"size of blob": {run("UPDATE blob SET size = 4"),
			[]Problem{{"blob", "", ProblemSeal}, {"blob", sum, ProblemSize}}},
		"user": {run("UPDATE user SET display_name = 'Mallory' WHERE id = '9'"),
			[]Problem{{"user", "9", ProblemSum}}},
		"site":      {run("UPDATE site SET account_id = 'm'"), []Problem{{"site", "1", ProblemSum}}},
		"note":      {run("UPDATE state SET value = 'x' WHERE id = 'k'"), []Problem{{"state", "k", ProblemSum}}},
		"note lost": {run("DELETE FROM state WHERE id = 'k'"), []Problem{{"state", "", "1 " + ProblemFewer}}},
		"page lost": {run("DELETE FROM content_raw WHERE id = " + page + "; DELETE FROM content WHERE id = " +
			page), []Problem{{"content", "", "1 " + ProblemFewer}}},
		"comment lost": {run("DELETE FROM comment WHERE id = 5000"),
			[]Problem{{"comment", "", "1 " + ProblemFewer}}},
		"user added": {run("INSERT INTO user SELECT 'x', display_name, public_name, status, raw, sum FROM user " +
			"WHERE id = '9'"), []Problem{{"user", "x", ProblemSum}, {"user", "", ProblemMore + ": 1"}}},
		"page put back": {run("UPDATE content SET version = 0, sum = (SELECT sum FROM content c WHERE c.id = '20') " +
			"WHERE id = " + page), []Problem{{"content", page, ProblemSum}, {"content", "", ProblemSeal}}},
		"pointer": {run("PRAGMA foreign_keys = 0; DELETE FROM blob"),
			[]Problem{{"attachment_blob", "", ProblemPointer}, {"blob", "", "1 " + ProblemFewer},
				{"blob", sum[:2] + "/" + sum[2:], ProblemExtra}}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			m := open(t, dir, Options{})
			w.put(t, m)
			must[int](t)(m.PutMetadata(t.Context(),
				[]wiki.Metadata{{ID: "9", Access: wiki.Access{Readers: []wiki.Subject{{Type: "user", ID: "u"}}}}}))
			store(t, m, att, 1, "bytes")
			if err := errors.Join(m.SetSite(t.Context(), Identity{CloudID: "c", AccountID: "a"}),
				m.setNote(t.Context(), "k", "v")); err != nil {
				t.Fatal(err)
			}
			m.Close()
			c.damage(t, dir)
			verify(t, open(t, dir, Options{ReadOnly: true}), c.want...)
		})
	}
}

// TestSoundBody damages what a body is read with, and each reading must notice. Without damage a body reads as it was
// written.
func TestSoundBody(t *testing.T) {
	w := generate(9, 30)
	for name, damage := range map[string]string{
		"nothing":   "",
		"body":      "UPDATE content_raw SET body = body || ' ' WHERE id = ?",
		"body lost": "UPDATE content_raw SET body = NULL WHERE id = ?",
		"raw":       "UPDATE content_raw SET raw = raw || ' ' WHERE id = ?",
		"row lost":  "DELETE FROM content_raw WHERE id = ?",
		"title":     "UPDATE content SET title = title || '.' WHERE id = ?",
		"other":     "UPDATE content SET title = CAST(title AS BLOB) WHERE id = ?",
		"sum":       "UPDATE content SET sum = 'x' WHERE id = ?",
		"no sum":    "UPDATE content SET sum = '' WHERE id = ?",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			m := open(t, dir, Options{})
			w.put(t, m)
			var id string
			for _, c := range w.contents {
				if c.HasBody && c.Body != "" {
					id = c.ID
				}
			}
			want := must[string](t)(m.SoundBody(t.Context(), id))
			m.Close()
			if damage != "" {
				script(t, filepath.Join(dir, dbName), strings.ReplaceAll(damage, "?", "'"+id+"'"))
			}
			m = open(t, dir, Options{ReadOnly: true})
			switch got, err := m.SoundBody(t.Context(), id); {
			case damage != "" && !errors.Is(err, ErrCorrupt):
				t.Errorf("the body reads %q, with the error %v", got, err)
			case damage == "" && (err != nil || got != want || got == ""):
				t.Errorf("the body reads %q, with the error %v; want %q", got, err, want)
			}
		})
	}
}

// TestDamagedPages changes the last byte in use of the database's pages, one
// after the other. Open or Verify must notice, unless all reads as before (the
// byte was left over from something).
func TestDamagedPages(t *testing.T) {
	dir := t.TempDir()
	m := open(t, dir, Options{})
	w := generate(9, 60)
	w.put(t, m)
	store(t, m, w.attachments[0].ID, 1, "bytes")
	before := everything(t, m)
	m.Close()
	good := must[[]byte](t)(os.ReadFile(filepath.Join(dir, dbName)))
	noticed := 0
	for at := 0; at < len(good); at += 4096 {
		used := len(bytes.TrimRight(good[at:at+4096], "\x00"))
		if used == 0 {
			continue
		}
		bad := bytes.Clone(good)
		bad[at+used-1] ^= 0x55
		if err := os.WriteFile(filepath.Join(dir, dbName), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := Open(t.Context(), dir, Options{ReadOnly: true})
		if err != nil || found(t, m) {
			noticed++
		} else if everything(t, m) != before {
			t.Errorf("page %d was damaged and nobody noticed", at/4096+1)
		}
		if m != nil {
			m.Close()
		}
	}
	if noticed < 20 {
		t.Errorf("only %d damages noticed", noticed)
	}
}

// found says whether Verify finds anything.
func found(t *testing.T, m *Mirror) bool {
	for range m.Verify(t.Context()) {
		return true
	}
	return false
}

// everything returns a checksum of all that the mirror says.
func everything(t *testing.T, m *Mirror) string {
	return sumOf(fmt.Sprint(read(t, m), collect(t, m.Attachments(t.Context())),
		must[string](t)(m.Fingerprint(t.Context()))))
}

// TestSum computes a sum by hand, as schema.sql tells others to.
func TestSum(t *testing.T) {
	m := open(t, t.TempDir(), Options{})
	must[int](t)(m.PutAttachments(t.Context(),
		[]wiki.Attachment{{ID: "att1", Title: "Plan ü", FileSize: 12, Raw: []byte(`{"id":"att1"}`)}}))
	got, err := list(t.Context(), m.disk, func(s *string) []any { return []any{s} }, "SELECT sum FROM attachment")
	want := sumOf("id=s4:att1\ntitle=s7:Plan " +
		"ü\nfile_size=i2:12\nversion=i1:0\nversion_minor=i1:0\nraw=s13:{\"id\":\"att1\"}\n")
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("sums %v, %v, want %s", got, err, want)
	}
}
