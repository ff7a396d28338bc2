package export

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/export/report"
)

// The mutator records every answer of a run, and then runs again once for each field of
// each answer with that field changed: null, missing, empty, of another type, another
// object's. Whatever comes, nothing secret is published, nothing panics, and exit code 0
// means that every page, file and comment is there, and none of them blank.

// field is one field of the answers of an operation; indices of lists count as one.
type field struct{ op, path string }

// mutation is one change of one field.
type mutation struct {
	field
	kind   string // null, missing, empty, number, list, object, true, other
	all    bool   // of all objects of the answers; else of the one at place
	place  string // path with indices
	value  any    // for other
	before string // the values as they were, as JSON, one after the other
}

func (m mutation) String() string {
	where := "all"
	if !m.all {
		where = m.place
	}
	return fmt.Sprintf("%s %s %s (%s)", m.op, m.path, m.kind, where)
}

// decisive are the fields that say who may see something: they make up the short form.
var decisive = regexp.MustCompile(`restrictions|operation|ancestors|parentId|parentType|spaceId|\.space\b` +
	`|results\[\]\.(id|key|status|type|pageId|blogPostId|webui)$|_links\.webui|downloadLink|results$|size$|container`)

var digits = regexp.MustCompile(`\d{2,}|att\d+`)

// kindOfRequest names the kind of a request: its path without ids, and what else makes its
// answers differ.
func kindOfRequest(r *http.Request) string {
	_, path, _ := strings.Cut(r.URL.Path, "/wiki")
	q := r.URL.Query()
	op := digits.ReplaceAllString(path, "#")
	for _, word := range []string{"type in (page", "type in (folder", "type = comment"} {
		if strings.Contains(q.Get("cql"), word) {
			op += " " + word
		}
	}
	if q.Get("body-format") != "" {
		op += " bodies"
	}
	if q.Get("id") != "" {
		op += " by id"
	}
	return op
}

// visit calls fn for every place of a JSON value, parents first.
func visit(v any, path, place string, fn func(path, place string, v any)) {
	if path != "" {
		fn(path, place, v)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			visit(v[key], path+"."+key, place+"."+key, fn)
		}
	case []any:
		for i, item := range v {
			visit(item, path+"[]", fmt.Sprintf("%s[%d]", place, i), fn)
		}
	}
}

// changed applies a mutation to a JSON value.
func (m mutation) changed(v any, path, place string) any {
	switch v := v.(type) {
	case map[string]any:
		for key, item := range v {
			p, at := path+"."+key, place+"."+key
			switch {
			case p != m.path || !m.all && at != m.place:
				v[key] = m.changed(item, p, at)
			case m.kind == "missing":
				delete(v, key)
			default:
				v[key] = m.instead()
			}
		}
	case []any:
		for i, item := range v {
			p, at := path+"[]", fmt.Sprintf("%s[%d]", place, i)
			if p == m.path && (m.all || at == m.place) {
				v[i] = m.instead()
			} else {
				v[i] = m.changed(item, p, at)
			}
		}
	}
	return v
}

func (m mutation) instead() any {
	return map[string]any{"null": nil, "missing": nil, "empty": "", "number": 0, "list": []any{},
		"object": map[string]any{}, "true": true, "other": m.value}[m.kind]
}

func decodeAny(data []byte) (v any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return v, d.Decode(&v) == nil
}

// edit is the mutation as a change of answers.
func (m mutation) edit(r *http.Request, body []byte) []byte {
	if kindOfRequest(r) != m.op {
		return body
	}
	v, ok := decodeAny(body)
	if !ok {
		return body
	}
	data, err := json.Marshal(m.changed(v, "", ""))
	if err != nil {
		return body
	}
	return data
}

// record keeps what a run was answered, by operation.
type record struct {
	mu   sync.Mutex
	seen map[string][]any
}

func (r *record) edit(req *http.Request, body []byte) []byte {
	if v, ok := decodeAny(body); ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		op := kindOfRequest(req)
		r.seen[op] = append(r.seen[op], v)
	}
	return body
}

// secretText says whether JSON belongs to something that must not be published.
func secretText(text string) bool {
	return strings.Contains(text, canary) || strings.Contains(text, closedIDs) || strings.Contains(text, "SHUT")
}

// mutations lists all changes of all fields that a run was answered.
func (r *record) mutations() (all []mutation, fields int) {
	kinds := []string{"null", "missing", "empty", "number", "list", "object", "true", "other"}
	for _, op := range slices.Sorted(maps.Keys(r.seen)) {
		places, values := map[string][]string{}, map[string]map[string]string{} // path -> places, values as JSON
		held := map[string]string{}                                             // place -> its values in all answers
		for _, v := range r.seen[op] {
			object := ""
			visit(v, "", "", func(path, place string, v any) {
				text, _ := json.Marshal(v)
				if strings.Count(path, "[]") <= 1 && strings.HasSuffix(path, "[]") || !strings.Contains(path, "[]") {
					object = string(text) // the object of the list that the field stands in
				}
				if values[path] == nil {
					values[path] = map[string]string{}
				}
				mark := "open "
				if secretText(object) {
					mark = "shut "
				}
				held[place] += string(text) + " "
				if _, known := values[path][mark+place]; !known {
					places[path] = append(places[path], mark+place)
					values[path][mark+place] = string(text)
				}
			})
		}
		for _, path := range slices.Sorted(maps.Keys(places)) {
			fields++
			for _, kind := range kinds {
				all = append(all, changes(field{op, path}, kind, places[path], values[path], held)...)
			}
		}
	}
	return all, fields
}

// changes are those of one field and kind: of one object that is secret, of one that is
// not, and of all.
func changes(f field, kind string, places []string, values, held map[string]string) (all []mutation) {
	for _, mark := range []string{"shut ", "open "} {
		i := slices.IndexFunc(places, func(p string) bool { return strings.HasPrefix(p, mark) })
		if i < 0 {
			continue
		}
		m := mutation{field: f, kind: kind, place: places[i][5:]}
		m.before = held[m.place]
		if kind != "other" {
			all = append(all, m)
			continue
		}
		for _, p := range places { // what is secret is never written into what is open by the test itself
			if text := values[p]; text != values[places[i]] && !strings.Contains(text, canary) &&
				text != `"712020:9"` && strings.HasPrefix(p, "open ") {
				_ = json.Unmarshal([]byte(text), &m.value)
				all = append(all, m)
				break
			}
		}
	}
	if kind != "other" && len(places) > 1 {
		was := slices.Sorted(maps.Values(values))
		all = append(all, mutation{field: f, kind: kind, all: true, before: strings.Join(was, " ")})
	}
	return all
}

// trial is a folder in which mutated runs take place, one after the other.
type trial struct {
	*world
	base string // of a good mirror and output; "": none, a first export
	dir  string
	good map[string]bool
}

// tokens are what must be there: the words that bodies, comments and files of open
// contents are made of, and the ids of what is published.
var tokenForm = regexp.MustCompile(`tok[a-z]+\d+`)

func tokens(t testing.TB, out string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	root := filepath.Join(out, output.CurrentLink)
	var m struct{ Pages, Attachments []struct{ ID string } }
	data, err := os.ReadFile(filepath.Join(root, output.ManifestFile))
	if err != nil || json.Unmarshal(data, &m) != nil {
		return all
	}
	for _, p := range append(m.Pages, m.Attachments...) {
		all["id "+p.ID] = true
	}
	for name, data := range textOf(t, filepath.Join(root, "markdown")) {
		_ = name
		for _, word := range tokenForm.FindAllString(data, -1) {
			all[word] = true
		}
	}
	return all
}

func textOf(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return all
	}
	err = filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(p)
		all[p] = inPlain(t, p, data)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return all
}

// run runs the job once with a mutation and says what is wrong with what came of it.
func (tr *trial) run(t testing.TB, edit func(*http.Request, []byte) []byte) (report *report.Report, code int,
	wrong string) {
	dir := filepath.Join(tr.dir, "x")
	defer os.RemoveAll(dir)
	if tr.base != "" {
		if err := os.CopyFS(dir, os.DirFS(tr.base)); err != nil {
			t.Error(err)
		}
	}
	tr.edit = edit
	j := *tr.Job
	j.Config.Output.Mirror, j.Config.Output.Dir = filepath.Join(dir, "mirror"), filepath.Join(dir, "out")
	defer func() {
		if v := recover(); v != nil {
			wrong = fmt.Sprintf("panic: %v", v)
		}
	}()
	report, err := j.Export(context.Background())
	code = exit.Code(err)
	found, _ := leaks(t, j.Config.Output.Dir)
	now := tokens(t, j.Config.Output.Dir)
	var lost []string
	for _, word := range slices.Sorted(maps.Keys(tr.good)) {
		if !now[word] {
			lost = append(lost, word)
		}
	}
	if tr.good == nil {
		tr.good = now
	}
	switch {
	case len(found) > 0:
		return report, code, "LEAK " + found[0]
	case code == exit.Complete && len(lost) > 0:
		return report, code, "exit 0, lost " + strings.Join(lost, " ")
	case code != exit.Complete && err == nil, code == exit.Incomplete && len(report.Failures) == 0:
		return report, code, "nothing says why"
	}
	return report, code, ""
}

// mutateNow is the time of all runs.
func mutateNow() time.Time { return time.Date(2026, 1, 3, 12, 0, 0, 0, time.UTC) }

func newTrial(t testing.TB, day int) *trial {
	tr := &trial{world: newWorld(t, menagerie(day)), dir: quickDir(t)}
	tr.Now = mutateNow
	tr.Config.Export.ExcludeSpaces, tr.Config.Export.SpaceAccess = []string{"SHUT"}, true
	tr.Config.Fetch.FullSweep, tr.Config.Fetch.Workers, tr.Config.Output.Keep = 0, 2, 3
	tr.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	return tr
}

// TestEveryFieldChanged is the mutator: in short form for the fields that decide who may
// see something, in full, with AGC_LONG=1, for all.
func TestEveryFieldChanged(t *testing.T) {
	nightly := quickDir(t)
	before := newTrial(t, 1)
	before.Config.Output.Mirror, before.Config.Output.Dir = filepath.Join(nightly, "mirror"),
		filepath.Join(nightly, "out")
	before.Now = func() time.Time { return mutateNow().Add(-26 * time.Hour) }
	before.export(t, exit.Complete)
	for _, base := range []string{"", nightly} {
		name := "first"
		if base != "" {
			name = "night"
		}
		t.Run(name, func(t *testing.T) {
			first := newTrial(t, 2)
			first.base = base
			seen := &record{seen: map[string][]any{}}
			report, code, wrong := first.run(t, seen.edit)
			if code != exit.Complete || wrong != "" || len(first.good) < 20 {
				t.Fatalf("undisturbed: exit %d, %s, %v, %d tokens", code, wrong, report.Failures, len(first.good))
			}
			all, fields := seen.mutations()
			total := len(all)
			all = chosen(all)
			t.Logf("%d operations, %d fields, %d of %d changes", len(seen.seen), fields, len(all), total)
			try(t, all, func() *trial {
				tr := newTrial(t, 2)
				tr.base, tr.good = base, first.good
				return tr
			})
		})
	}
}

// The most changes that one half of the short and of the full form try.
const (
	shortMutations = 6
	longMutations  = 2500
)

// chosen are the mutations to try: of the short form those that decide, in both as many
// as there is time for, spread evenly and the same in each run. AGC_LONG=all tries all,
// AGC_LONG=500 so many; AGC_MUTATE=TEXT those alone of which the line holds a text.
func chosen(all []mutation) []mutation {
	long := os.Getenv("AGC_LONG")
	only := os.Getenv("AGC_MUTATE")
	all = slices.DeleteFunc(slices.Clone(all), func(m mutation) bool {
		return long == "" && !decisive.MatchString(m.path) || only != "" && !strings.Contains(m.String(), only)
	})
	most := shortMutations
	if long != "" {
		most = longMutations
	}
	if n, err := strconv.Atoi(long); err == nil && n > 1 {
		most = n
	}
	if long == "all" || len(all) <= most {
		return all
	}
	rank := func(m mutation) uint32 {
		h := fnv.New32a()
		_, _ = io.WriteString(h, m.String())
		return h.Sum32()
	}
	slices.SortFunc(all, func(a, b mutation) int { return int(int64(rank(a)) - int64(rank(b))) })
	return all[:most]
}

// try runs mutations, two at a time, and prints a table of what is wrong.
func try(t *testing.T, all []mutation, fresh func() *trial) {
	const workers = 2
	var mu sync.Mutex
	var table []string
	codes := map[int]int{}
	var group sync.WaitGroup
	work := make(chan mutation)
	for range workers {
		tr := fresh()
		group.Go(func() {
			for m := range work {
				report, code, wrong := tr.run(t, m.edit)
				mu.Lock()
				codes[code]++
				if wrong != "" && !excused(m, wrong) {
					table = append(table, fmt.Sprintf("%-60s exit %d  %s", m, code, wrong))
					t.Log(table[len(table)-1]) // at once: a full run is long
				}
				if code != exit.Complete && os.Getenv("AGC_MUTATE") != "" {
					t.Logf("%s: exit %d, %v", m, code, report.Failures)
				}
				mu.Unlock()
			}
		})
	}
	for _, m := range all {
		work <- m
	}
	close(work)
	group.Wait()
	slices.Sort(table)
	for _, line := range table {
		t.Error(line)
	}
	t.Logf("%d trials, exit codes %v, %d findings", len(all), codes, len(table))
}

// excused reports a loss of words that the changed value itself held: an empty text, or
// another's, is shown as such.
func excused(m mutation, wrong string) bool {
	lost, ok := strings.CutPrefix(wrong, "exit 0, lost ")
	if ok && m.path == ".results" && m.kind == "list" {
		return true // the answer that there is nothing is an answer
	}
	if !ok || m.kind != "other" && m.kind != "empty" {
		return false
	}
	for _, word := range strings.Fields(lost) {
		if !strings.Contains(m.before, word) {
			return false
		}
	}
	return true
}
