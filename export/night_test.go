package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"agc-export/export/access"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/fetch/faketenant"
)

// variants are stories of which others show nearly the same: AGC_LONG=1 and UPDATE=1 live through them too.
var variants = []string{
	"a page, and it is back the next night",
	"while the ids are not answered for: null in the list",
	"three at once, not answered for",
	"withheld, and approved later",
	"guarded because of a space, and a page is taken away",
	"another account",
	"a status that nobody knows, for one",
	"an unknown space in the listing, for many",
	"a folder whose id is not answered for",
	"while the ids are not answered for: 403",
	"while the ids are not answered for: 404 of the list",
	"while the ids are not answered for: an empty object",
	"while the ids are not answered for: no JSON",
	"the account loses a whole space, and shows less",
	"no status, for one",
	"listed as trashed, for one",
	"no status, for all",
	"no space in the listing, for all of one",
	"moved out in a guarded night",
	"a space is excluded from now on, in a guarded night",
	"a file moves to a page of an excluded space",
}

// Stories of unlucky nights: testdata/nights.txtar says what they look like. UPDATE=1
// rewrites what they say of exit codes and of what is published.
func TestNights(t *testing.T) {
	t.Parallel()
	const file = "testdata/nights.txtar"
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("story", func(t *testing.T) {
		for i := range archive.Files {
			story := &archive.Files[i]
			if os.Getenv("AGC_LONG")+os.Getenv("UPDATE") == "" && slices.Contains(variants, story.Name) {
				continue
			}
			t.Run(story.Name, func(t *testing.T) {
				t.Parallel()
				told := newNights(t).live(t, string(story.Data))
				if os.Getenv("UPDATE") != "" {
					story.Data = []byte(told)
				} else if told != string(story.Data) {
					t.Errorf("this happened:\n%s\nand this was told:\n%s", told, story.Data)
				}
			})
		}
	})
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// nightIDs are the contents of the tenant of the stories, by their letters.
var nightIDs = map[string]string{"H": "101", "A": "102", "B": "103", "C": "104", "D": "105", "E": "106", "F": "107",
	"G": "108", "I": "109", "J": "110", "N": "111",
	"P": "201", "Q": "202", "R": "203", "X": "301"}

// nightFile is the id of the file that stands on F at first.
const nightFile = "att900"

// nights is a tenant and a program that lives through a story.
type nights struct {
	*world
	now     time.Time
	hash    string // of the last list that a guard printed
	hidden  map[string]bool
	readers map[string]bool
	status  map[string]string
	space   map[string]string // keys, where a content has moved
	lost    map[string]bool   // keys of spaces
	fileOn  string
	account string
	faults  []faketenant.Fault
}

func newNights(t *testing.T) *nights {
	n := &nights{now: evening, hidden: map[string]bool{"N": true}, readers: map[string]bool{},
		status: map[string]string{}, space: map[string]string{},
		lost: map[string]bool{}, fileOn: "F", account: "712020:1"}
	n.world = newWorld(t, n.files())
	n.Config.Guard.MaxGoneObjects, n.Config.Guard.MaxGonePercent = 2, 10
	n.Config.Export.ExcludeSpaces = []string{"OUT"}
	n.Config.Output.Keep, n.Config.Fetch.FullSweep = 5, 0
	return n
}

// live lives through the nights of a story and tells it as it happened.
func (n *nights) live(t *testing.T, story string) string {
	t.Helper()
	var rows [][]string
	for line := range strings.Lines(story) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if len(cells) < 2 || strings.HasPrefix(line, "#") {
			rows = append(rows, []string{strings.TrimSpace(line)})
			continue
		}
		says := ""
		if len(cells) > 6 {
			says = cells[6]
		}
		rows = append(rows, n.live1(t, cells[0], cells[1], says))
	}
	return aligned(rows)
}

// aligned writes a table with columns of one width.
func aligned(rows [][]string) string {
	width := make([]int, 7)
	for _, row := range rows {
		for i, cell := range row {
			if len(row) > 1 {
				width[i] = max(width[i], len(cell))
			}
		}
	}
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteString(" | ")
			}
			if len(row) > 1 {
				cell = fmt.Sprintf("%-*s", width[i], cell)
			}
			b.WriteString(cell)
		}
		s := strings.TrimRight(b.String(), " ")
		b.Reset()
		b.WriteString(s + "\n")
	}
	return b.String()
}

// live1 lives through one night.
func (n *nights) live1(t *testing.T, happens, run, says string) []string {
	t.Helper()
	n.now = n.now.Add(24 * time.Hour)
	for event := range strings.SplitSeq(happens, ";") {
		n.happen(t, strings.Fields(event))
	}
	n.at(n.now)
	n.serve(t, n.files(), n.faults...)
	report, err := n.command(t, strings.Fields(run))
	if report.Guard != nil && report.Guard.Approve != "" {
		n.hash = report.Guard.Approve
	}
	told, _ := json.Marshal(report)
	if says != "" && !strings.Contains(string(told), says) {
		t.Errorf("%s: the report does not say %q: %s", happens, says, told)
	}
	if err != nil && strings.Contains(err.Error(), "zq") {
		t.Errorf("%s: the message holds a title: %v", happens, err)
	}
	current, kept, gone := n.published(t, happens)
	row := []string{happens, run, fmt.Sprint(exit.Code(err)), current, kept, gone}
	if says != "" {
		row = append(row, says)
	}
	return row
}

// closed is what the mirror tells not to be for every reader, by content id.
func closed(t *testing.T, m *mirror.Mirror) map[string]string {
	t.Helper()
	all, err := m.Entries(t.Context())
	taken, err1 := m.Taken(t.Context())
	unchecked, err2 := m.Unchecked(t.Context())
	at, err3 := m.Places(t.Context())
	if err := errors.Join(err, err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return access.PassDown(all, at, func(e *mirror.Entry) string {
		if why := taken[mirror.Object{Kind: mirror.KindContent, ID: e.ID}] + taken[mirror.Object{Kind: mirror.KindSpace,
			ID: e.SpaceID}]; why != "" {
			return why
		}
		if why := access.Own(e, unchecked); why != "" || !at.Unknown[e.ID] {
			return why
		}
		return access.Unchecked
	})
}

// published tells what stands in the current generation, in the kept ones, and what counts
// as gone in the mirror. Nothing of any other content may stand there.
func (n *nights) published(t *testing.T, when string) (current, kept, gone string) {
	t.Helper()
	entries, unknown := n.entries(t), ""
	m := n.opened(t)
	defer m.Close()
	shut := closed(t, m)
	for _, l := range slices.Sorted(maps.Keys(nightIDs)) {
		if e := entries[nightIDs[l]]; e.ID == "" {
			unknown += l
		} else if !mirror.IsPresent(e.Gone) {
			gone += l
		}
	}
	out, err := os.OpenRoot(n.Config.Output.Dir)
	if err != nil {
		return "-", "-", gone
	}
	defer out.Close()
	all, err := output.Generations(out)
	if err != nil {
		t.Fatal(err)
	}
	now, _ := out.Readlink(output.CurrentLink)
	for _, name := range all {
		h, ok := output.ReadHoldings(out, name)
		if !ok {
			t.Fatalf("%s: %s has no manifest", when, name)
		}
		letters := ""
		for _, l := range slices.Sorted(maps.Keys(nightIDs)) {
			if h.Contents[nightIDs[l]] {
				letters += l
			}
		}
		if h.Files[nightFile] {
			letters += "f"
		}
		closed := shut
		if name != now {
			closed = nil // what it never held others may have named in it
		}
		n.look(t, closed, filepath.Join(n.Config.Output.Dir, name), letters, gone+unknown, when)
		switch {
		case name == now:
			current = letters
		case !strings.Contains(" "+kept+" ", " "+letters+" "):
			kept = strings.TrimSpace(kept + " " + letters)
		}
	}
	return current, kept, gone
}

// look compares what files say with the letters that a manifest names. Of what is closed
// no title stands anywhere either; titles of what counts as gone, and of what nobody ever
// saw, stand where others wrote them.
func (n *nights) look(t *testing.T, closed map[string]string, dir, letters, untold, when string) {
	t.Helper()
	text := map[string][]byte{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(p, "/site/search/") {
			return err
		}
		data, err := os.ReadFile(p)
		name, _ := filepath.Rel(dir, p)
		top, _, _ := strings.Cut(name, "/")
		text[top] = append(append(text[top], data...), name...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range append(slices.Sorted(maps.Keys(nightIDs)), "f") {
		listed := strings.Contains(letters, l)
		for _, top := range []string{output.SiteDir, output.MarkdownDir} {
			if has := bytes.Contains(text[top], []byte("zq"+l+"b")); has != listed && !(listed && l == "C") {
				t.Errorf("%s: %s in the manifest %t, its text in %s %t", when, l, listed, top, has)
			}
			if closed := closed[nightIDs[l]] != ""; !listed && closed && !strings.Contains(untold, l) &&
				bytes.Contains(text[top], []byte("zq"+l+"t")) {
				t.Errorf("%s: the title of %s stands in %s", when, l, top)
			}
		}
	}
}

// files is the tenant as it is today.
func (n *nights) files() fstest.MapFS {
	head := canaryHead[:strings.Index(canaryHead, "[[users]]")]
	head += fmt.Sprintf("[[users]]\nid = %q\nname = \"Reader\"\n", n.account)
	for i, key := range []string{"ONE", "TWO", "OUT"} {
		if !n.lost[key] {
			head += fmt.Sprintf("[[spaces]]\nid = \"%d\"\nkey = %q\nname = %q\n", i+1, key, key)
		}
	}
	head = strings.Replace(head, "key = \"ONE\"\n", "key = \"ONE\"\nhomepage = \"ONE/H.xml\"\n", 1)
	files := fstest.MapFS{"tenant.toml": {Data: []byte(head)}}
	for l, place := range map[string]string{"H": "ONE/H", "A": "ONE/H/A", "B": "ONE/H/A/B", "C": "ONE/H/C",
		"D": "ONE/H/C/D", "E": "ONE/E", "F": "ONE/H/F", "G": "ONE/H/G",
		"I": "ONE/H/I", "J": "ONE/H/J", "N": "ONE/H/N", "P": "TWO/P", "Q": "TWO/P/Q", "R": "TWO/R", "X": "OUT/X"} {
		key := n.space[l]
		if key == "" {
			key, _, _ = strings.Cut(place, "/")
		} else {
			place = key + "/" + l
		}
		if !n.lost[key] {
			n.addFile(files, l, place)
		}
	}
	return files
}

// addFile writes a content down.
func (n *nights) addFile(files fstest.MapFS, l, place string) {
	more := ""
	if kind := map[string]string{"C": "folder", "E": "blogpost"}[l]; kind != "" {
		more += fmt.Sprintf("type = %q\n", kind)
	}
	if n.hidden[l] {
		more += "hidden = true\n"
	}
	if n.readers[l] {
		more += "readers = [\"group:few\"]\n"
	}
	if s := n.status[l]; s != "" {
		more += fmt.Sprintf("status = %q\n", s)
	}
	if n.fileOn == l {
		more += fmt.Sprintf("[[attachments]]\nname = \"zqfb.txt\"\nid = %q\n", nightFile)
		files[place+".files/zqfb.txt"] = &fstest.MapFile{Data: []byte("zqfb")}
	}
	body := "<p>zq" + l + "b</p>"
	if l == "H" {
		body += nightHome()
	}
	files[place+".xml"] = &fstest.MapFile{Data: []byte(fmt.Sprintf("+++\nid = %q\ntitle = \"zq%st\"\n%s+++\n%s",
		nightIDs[l], l, more, body))}
}

// nightHome shows all other contents in every way in which a page can.
func nightHome() string {
	var b strings.Builder
	for _, l := range slices.Sorted(maps.Keys(nightIDs)) {
		if l != "H" {
			fmt.Fprintf(&b, `<p><a href="/wiki/pages/viewpage.action?pageId=%s">there</a></p>`, nightIDs[l])
			kind, more := "page", ""
			if l == "E" {
				kind, more = "blog-post", ` ri:posting-day="2025/01/01"`
			}
			if strings.Contains("PQR", l) {
				more = ` ri:space-key="TWO"`
			}
			fmt.Fprintf(&b, `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link>`+
				`<ri:%s ri:content-title="zq%st"%s /></ac:link></ac:parameter></ac:structured-macro>`, kind, l, more)
		}
	}
	b.WriteString(`<ac:structured-macro ac:name="children"><ac:parameter ac:name="all">true</ac:parameter>` +
		`<ac:parameter ac:name="excerptType">rich content</ac:parameter></ac:structured-macro>`)
	for _, list := range []string{"recently-updated", "blog-posts", "space-attachments"} {
		fmt.Fprintf(&b, `<ac:structured-macro ac:name="%s" />`, list)
	}
	return b.String()
}
