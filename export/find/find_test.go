package find

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// tenant is a mirror for tests, which is written by a file of testdata: an object each.
type tenant struct {
	t   testing.TB
	dir string
}

func newTenant(t testing.TB) *tenant {
	t.Helper()
	return &tenant{t: t, dir: filepath.Join(t.TempDir(), "mirror")}
}

// write lets a function write the mirror, as a run does.
func (n *tenant) write(do func(m *mirror.Mirror) error) {
	n.t.Helper()
	m, err := mirror.Open(n.t.Context(), n.dir, mirror.Options{})
	if err != nil {
		n.t.Fatal(err)
	}
	if err := do(m); err != nil {
		n.t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		n.t.Fatal(err)
	}
}

// ask answers a question.
func (n *tenant) ask(asked string, scope Scope, part Part) *Answer {
	n.t.Helper()
	q, err := Read(asked)
	if err != nil {
		n.t.Fatalf("%s: %v", asked, err)
	}
	m, err := mirror.Open(n.t.Context(), n.dir, mirror.Options{ReadOnly: true})
	if err != nil {
		n.t.Fatal(err)
	}
	defer m.Close()
	a, err := Ask(n.t.Context(), m, q, scope, part)
	if err != nil {
		n.t.Fatalf("%s: %v", asked, err)
	}
	return a
}

// page is a page as the API tells it.
func page(id, title, body string, version int) wiki.Content {
	raw, _ := json.Marshal(map[string]any{"id": id, "title": title, "version": map[string]any{"number": version},
		"body": map[string]any{"storage": map[string]any{"value": body}}})
	return wiki.Content{ID: id, Type: "page", Status: "current", Title: title, SpaceID: "98", AuthorID: "ann",
		CreatedAt: "2026-01-02T03:04:05.000Z", Body: body, HasBody: true, Raw: raw, WebUI: "/spaces/ENG/pages/" + id,
		Version: wiki.Version{Number: version, CreatedAt: "2026-0" + strconv.Itoa(version+1) + "-03T03:04:05.000Z",
			AuthorID: "bob"}}
}

// load writes what a file of testdata holds: "page 101 Title", "version 101/1 Title", "comment 501 on 101",
// "reply 502 to 501 on 101", "inline 503 on 101", "file att7 on 101 Name", "labels 101 a b", "user ann Ann Lee",
// "space 98 ENG Name".
func (n *tenant) load(archive *txtar.Archive) {
	n.t.Helper()
	n.write(func(m *mirror.Mirror) error {
		ctx := n.t.Context()
		for _, f := range archive.Files {
			kind, rest, _ := strings.Cut(f.Name, " ")
			id, rest, _ := strings.Cut(rest, " ")
			body := strings.TrimSuffix(string(f.Data), "\n")
			var err error
			switch kind {
			case "page", "blogpost":
				c := page(id, rest, body, 3)
				c.Type = kind
				_, err = m.PutContents(ctx, []wiki.Content{c})
			case "version":
				id, number, _ := strings.Cut(id, "/")
				v, _ := strconv.Atoi(number)
				c := page(id, rest, body, v)
				_, err = m.PutVersions(ctx, id, []wiki.ContentVersion{{Version: c.Version, Title: rest, HasBody: true,
					Body: body, Raw: c.Raw}})
			case "comment", "inline", "reply":
				words := strings.Fields(rest)
				c := wiki.Comment{ID: id, Kind: "footer", Status: "current", PageID: words[len(words)-1], HasBody: true,
					Body: body}
				c.Version = wiki.Version{Number: 1, CreatedAt: "2026-05-06T00:00:00.000Z", AuthorID: "cho"}
				if kind == "inline" {
					c.Kind = "inline"
				}
				if kind == "reply" {
					c.ParentID = words[1]
				}
				_, err = m.PutComments(ctx, []wiki.Comment{c})
			case "file":
				words := strings.SplitN(rest, " ", 3)
				_, err = m.PutAttachments(ctx, []wiki.Attachment{{ID: id, Status: "current", PageID: words[1],
					Title: words[2], Comment: body, Version: wiki.Version{Number: 2, AuthorID: "ann",
						CreatedAt: "2026-05-07T00:00:00.000Z"}}})
			case "labels":
				_, err = m.PutMetadata(ctx, []wiki.Metadata{{ID: id, Labels: strings.Fields(rest)}})
			case "user":
				_, err = m.PutUsers(ctx, []wiki.User{{AccountID: id, DisplayName: rest}})
			case "space":
				key, name, _ := strings.Cut(rest, " ")
				_, err = m.PutSpaces(ctx, []wiki.Space{{ID: id, Key: key, Name: name, Type: "global", Status: "current",
					Description: body}})
			default:
				err = fmt.Errorf("%s: no such kind", f.Name)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// TestPlaces asks the questions of testdata/*.txtar, whose comment has them a line each, and holds the answers against
// the file "answers" at its end.
func TestPlaces(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var want string
			if last := len(archive.Files) - 1; archive.Files[last].Name == "answers" {
				want, archive.Files = string(archive.Files[last].Data), archive.Files[:last]
			}
			n := newTenant(t)
			n.load(archive)
			var got bytes.Buffer
			for line := range strings.Lines(string(archive.Comment)) {
				if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
					continue
				}
				fmt.Fprintf(&got, "? %s\n", line)
				if _, err := Read(line); err != nil {
					fmt.Fprintf(&got, "%v\n\n", err)
					continue
				}
				brief(&got, n.ask(line, Scope{}, Part{}))
			}
			if os.Getenv("UPDATE") != "" {
				archive.Files = append(archive.Files, txtar.File{Name: "answers", Data: got.Bytes()})
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got.String()); diff != "" {
				t.Errorf("%s (-want +got), UPDATE=1 rewrites it:\n%s", name, diff)
			}
		})
	}
}

// brief writes an answer in short: totals, then a line a place.
func brief(w *bytes.Buffer, a *Answer) {
	fmt.Fprintf(w, "= %s\n", a.Read)
	for _, t := range a.Terms {
		fmt.Fprintf(w, "%s = %d +%d", t.Term, t.Exact, t.Other)
		for _, p := range t.Places {
			older := ""
			if p.Older {
				older = " older"
			}
			fmt.Fprintf(w, ", %s%s %d +%d", p.Place, older, p.Exact, p.Other)
		}
		fmt.Fprintln(w)
	}
	for _, f := range a.Found {
		fmt.Fprintf(w, "  %s %s %s:", f.Kind, f.ID, f.Title)
		for _, h := range f.Hits {
			fmt.Fprintf(w, " %s %s/%d", h.Place, h.ID, h.Version)
			for _, c := range h.Counts {
				fmt.Fprintf(w, " %d+%d", c.Exact, c.Other)
			}
			fmt.Fprint(w, ";")
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
}
