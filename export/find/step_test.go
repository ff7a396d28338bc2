package find

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// questions are asked of mirrors that change.
var questions = []string{"alpha", "beta gamma", `"alpha beta"`, "alph*", "gamma OR delta", "Quetzal", "label = red",
	"space = ENG and text ~ alpha", "type = comment", "mention = cho", "contributor = bob order by title", "kept"}

// answers are those of all questions, without when the mirror was listed.
func (n *tenant) answers() (all []*Answer) {
	n.t.Helper()
	for _, q := range questions {
		all = append(all, n.ask(q, Scope{}, Part{}))
	}
	return all
}

// sameFile tells whether a file, which it closes, is the one that has its name.
func sameFile(t testing.TB, f *os.File) bool {
	t.Helper()
	before, err := f.Stat()
	after, again := os.Stat(f.Name())
	if err := errors.Join(err, again, f.Close()); err != nil {
		t.Fatal(err)
	}
	return os.SameFile(before, after)
}

// same wants the answers of the index to be those of one that is made anew, and the index to be the one that was there.
func (n *tenant) same(what string) {
	n.t.Helper()
	name := filepath.Join(n.dir, DBName)
	before, err := os.Open(name) // and as long as it is, no other file has its number
	if err != nil {
		n.t.Fatal(err)
	}
	got := n.answers()
	if !sameFile(n.t, before) {
		n.t.Fatalf("%s: the index was made anew", what)
	}
	if err := os.Remove(name); err != nil {
		n.t.Fatal(err)
	}
	if diff := cmp.Diff(n.answers(), got, cmpopts.IgnoreUnexported(Hit{})); diff != "" {
		n.t.Fatalf("%s: an index brought into step differs from one made anew (-anew +step):\n%s", what, diff)
	}
}

// TestOrphan: a comment is found that stands on a page which the mirror has not, or not any more.
func TestOrphan(t *testing.T) {
	n := small(t)
	n.answers()
	for _, on := range []string{"105", "999"} {
		n.write(func(m *mirror.Mirror) error {
			objects, err := m.Below(t.Context(), []mirror.Object{{Kind: mirror.KindContent, ID: on}})
			if _, err2 := m.Prune(t.Context(), objects); err2 != nil {
				return err2
			}
			_, err2 := m.PutComments(t.Context(), []wiki.Comment{{ID: "7" + on, Kind: "footer", PageID: on,
				HasBody: true, Body: "<p>orphan</p>", Version: wiki.Version{Number: 1, AuthorID: "bob"}}})
			return errors.Join(err, err2)
		})
		n.same("a comment on page " + on)
	}
	if a := n.ask("orphan", Scope{}, Part{}); len(a.Found) != 2 || a.Terms[0].Exact != 2 {
		t.Errorf("%+v", a)
	}
}

// small is a mirror with a few of everything.
func small(t testing.TB) *tenant {
	n := newTenant(t)
	archive := txtar.Parse([]byte("-- space 98 ENG Engineering --\n-- user ann Ann Lee --\n" +
		"-- user bob Bob Quetzal --\n-- user cho Cho Ito --\n"))
	for i := range 12 {
		archive.Files = append(archive.Files,
			txtar.File{Name: fmt.Sprintf("page %d Alpha %d", 101+i, i), Data: []byte(someText(i))},
			txtar.File{Name: fmt.Sprintf("version %d/1 Before", 101+i), Data: []byte("<p>alpha before</p>")},
			txtar.File{Name: fmt.Sprintf("labels %d red l%d", 101+i, i%3)},
			txtar.File{Name: fmt.Sprintf("comment %d on %d", 501+i, 101+i), Data: []byte("<p>beta gamma</p>")},
			txtar.File{Name: fmt.Sprintf("file att%d on %d alpha-%d.txt", 1+i, 101+i, i), Data: []byte("delta")})
	}
	n.load(archive)
	return n
}

func someText(seed int) string {
	dice := rand.New(rand.NewPCG(uint64(seed), 1))
	words := strings.Fields("alpha beta gamma delta alphas kept quiet ALPHA beta-gamma")
	var b strings.Builder
	for range 5 + dice.IntN(20) {
		b.WriteString(words[dice.IntN(len(words))] + " ")
	}
	return "<p>" + b.String() + `</p><p><ac:link><ri:user ri:account-id="cho"/></ac:link></p>`
}

// change changes one thing of the mirror, and says what.
func (n *tenant) change(dice *rand.Rand) (what string) {
	ctx := n.t.Context()
	n.write(func(m *mirror.Mirror) (err error) {
		i := dice.IntN(12)
		id := fmt.Sprint(101 + i)
		switch dice.IntN(9) {
		case 0:
			what = "an edit"
			c := page(id, fmt.Sprintf("Gamma %d", dice.IntN(9)), someText(dice.IntN(1000)), 3+dice.IntN(4))
			_, err = m.PutContents(ctx, []wiki.Content{c})
		case 1:
			what = "a label"
			labels := []string{"red", "blue"}[dice.IntN(2):]
			_, err = m.PutMetadata(ctx, []wiki.Metadata{{ID: id, Labels: labels}})
		case 2:
			what = "a restriction"
			_, err = m.PutMetadata(ctx, []wiki.Metadata{{ID: id, Access: wiki.Access{Readers: []wiki.Subject{
				{Type: "user", ID: "ann"}}}}})
		case 3:
			what = "a comment"
			_, err = m.PutComments(ctx, []wiki.Comment{{ID: fmt.Sprint(501 + dice.IntN(30)), Kind: "inline", PageID: id,
				HasBody: true, Body: someText(dice.IntN(1000)), Version: wiki.Version{Number: 2, AuthorID: "bob"}}})
		case 4:
			what = "a page that went"
			_, err = m.MarkGone(ctx, mirror.KindContent, []string{id}, mirror.GoneDeleted)
		case 5:
			what = "a name"
			name := fmt.Sprintf("Cho Alpha%d", dice.IntN(5))
			_, err = m.PutUsers(ctx, []wiki.User{{AccountID: "cho", DisplayName: name}})
		case 6:
			what = "a hold"
			_, err = m.Keep(ctx, []string{id})
		case 7:
			what = "a prune"
			objects, below := m.Below(ctx, []mirror.Object{{Kind: mirror.KindContent, ID: id}})
			if _, err = m.Prune(ctx, objects); err == nil {
				err = below
			}
		case 8:
			what = "a prune of versions"
			_, err = m.PruneVersions(ctx, true, []string{"101"})
		}
		return err
	})
	return what
}

// TestStep: whatever changes in the mirror, an index that was brought into step answers as one that is made anew.
func TestStep(t *testing.T) {
	rounds := 12
	if os.Getenv("AGC_LONG") != "" {
		rounds = 400
	}
	dice := rand.New(rand.NewPCG(7, 11))
	n := small(t)
	n.answers()
	for round := 0; round < rounds; {
		done := ""
		for range 1 + dice.IntN(3) {
			done += n.change(dice) + ", "
			if dice.IntN(2) == 0 {
				if err := Follow(t.Context(), n.dir); err != nil {
					t.Fatal(err)
				}
			} else {
				n.ask("alpha", Scope{}, Part{None: true})
			}
			round++
		}
		n.same(done)
		if dice.IntN(3) == 0 {
			n.load(txtar.Parse([]byte("-- page 105 Alpha again --\n<p>alpha</p>\n")))
		}
	}
}

// TestFollow: what a run changed is in the index when the run has ended, without another question; where nobody has
// asked yet there is none.
func TestFollow(t *testing.T) {
	n := small(t)
	if err := Follow(t.Context(), n.dir); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(n.dir, DBName)
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("an index that nobody asked for: %v", err)
	}
	n.ask("alpha", Scope{}, Part{})
	n.load(txtar.Parse([]byte("-- page 101 Title --\n<p>zyzzyva</p>\n")))
	if err := Follow(t.Context(), n.dir); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if a := n.ask("zyzzyva", Scope{}, Part{}); a.Contents != 1 {
		t.Errorf("%d contents, want 1", a.Contents)
	}
	after, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("the question wrote the index, which was to be in step")
	}
	m, err := mirror.Open(t.Context(), n.dir, mirror.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := Follow(t.Context(), n.dir); err != nil {
		t.Errorf("while another run has the mirror: %v", err)
	}
}

// TestManySteps: the rows of tokens that steps leave stand side by side for a while, and never are many.
func TestManySteps(t *testing.T) {
	n := small(t)
	n.ask("alpha", Scope{}, Part{})
	most := 0
	for i := range 60 {
		n.write(func(m *mirror.Mirror) error {
			edited := page("101", "Edited", "<p>"+someText(i)+"</p>", 4)
			return second(m.PutContents(t.Context(), []wiki.Content{edited}))
		})
		n.ask("alpha", Scope{}, Part{})
		x, err := openIndex(t.Context(), n.dir, false)
		if err != nil {
			t.Fatal(err)
		}
		var now int
		_, err = x.row(t.Context(), "SELECT count(DISTINCT segid) FROM word_idx", nil, &now)
		if err = errors.Join(err, x.close()); err != nil {
			t.Fatal(err)
		}
		most = max(most, now)
	}
	if most < 5 || most > 40 {
		t.Errorf("%d rows of tokens stood side by side", most)
	}
	n.same("60 steps")
}

// TestPruned: a word that is in the mirror no more is not in the file of the index either, after the question or run
// that follows.
func TestPruned(t *testing.T) {
	n := small(t)
	n.load(txtar.Parse([]byte("-- page 300 Zyzzyvaquux --\n<p>zyzzyvaquux</p>\n-- version 301/1 Xylophonquux --\n" +
		"<p>xylophonquux</p>\n-- page 301 Now --\n<p>now</p>\n")))
	n.ask("alpha", Scope{}, Part{})
	n.load(txtar.Parse([]byte("-- page 300 Zyzzyvaquux --\n<p>zyzzyvaquux quuxotic</p>\n")))
	n.ask("alpha", Scope{}, Part{})
	n.load(txtar.Parse([]byte("-- page 300 Zyzzyvaquux --\n<p>zyzzyvaquux</p>\n")))
	n.ask("alpha", Scope{}, Part{})
	holds := func(word string) bool {
		data, err := os.ReadFile(filepath.Join(n.dir, DBName))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(data, []byte(word))
	}
	// Words share their beginnings with those before them in the file.
	if !holds("yzzyvaquux") || !holds("ylophonquux") {
		t.Fatal("the words are not in the file as they are written: the test looks at nothing")
	}
	n.write(func(m *mirror.Mirror) error {
		_, err := m.Prune(t.Context(), []mirror.Object{{Kind: mirror.KindContent, ID: "300"}})
		return errors.Join(err, second(m.PruneVersions(t.Context(), true, nil)))
	})
	if err := Follow(t.Context(), n.dir); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"zzyvaquux", "lophonquux", "uxotic"} {
		if holds(word) {
			t.Errorf("%s is still in the file", word)
		}
	}
	n.same("a prune")
}

func second(_ int, err error) error { return err }

// TestDamaged: a byte of the index that is another makes no answer another.
func TestDamaged(t *testing.T) {
	rounds := 20
	if os.Getenv("AGC_LONG") != "" {
		rounds = 1500
	}
	n := small(t)
	want := n.answers()
	name := filepath.Join(n.dir, DBName)
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(13, 17))
	for round := range rounds {
		data := bytes.Clone(whole)
		at := dice.IntN(len(data))
		for k := at; k < min(at+1+dice.IntN(8), len(data)); k++ {
			data[k] ^= byte(1 + dice.IntN(255))
		}
		if round%10 == 9 {
			data = data[:at]
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, n.answers(), cmpopts.IgnoreUnexported(Hit{})); diff != "" {
			t.Fatalf("round %d, byte %d (-whole +damaged):\n%s", round, at, diff)
		}
		if now, err := os.ReadFile(name); err != nil || bytes.Equal(now, data) {
			t.Errorf("round %d, byte %d: the file is as damaged as before, %v", round, at, err)
		}
	}
}

// TestTampered: a row of the index that is another, or none, makes no answer another, though SQLite finds nothing
// wrong.
func TestTampered(t *testing.T) {
	n := small(t)
	n.load(txtar.Parse([]byte("-- page 400 Many --\n<p>" + manyWords() + "</p>\n")))
	want := n.answers()
	for _, text := range []string{
		"UPDATE object SET name = 'c9999' WHERE name = 'c101'",
		"UPDATE doc SET n = '2' WHERE class = 2 AND object = '101'",
		"UPDATE doc SET object = '9999' WHERE class = 1 AND object = '102'",
		"DELETE FROM doc WHERE class = 1 AND object = '102'",
		"UPDATE doc SET object = '502', n = 'x' WHERE class = 3 AND object = '501'",
		"DELETE FROM word WHERE rowid = 1",
		"INSERT INTO word (word) VALUES ('delete-all')",
		"DELETE FROM record WHERE kind = 1",
		"UPDATE record SET data = (SELECT data FROM record WHERE kind = 1) WHERE kind = 2",
		"UPDATE record SET data = substr(data, 1, 200) || X'01020304' || substr(data, 205) WHERE kind = 1",
		`UPDATE head SET value = CAST(replace(CAST(value AS TEXT), '"page"', '"post"') AS BLOB)`,
		"DELETE FROM head",
	} {
		x, err := openIndex(t.Context(), n.dir, false)
		if err != nil {
			t.Fatal(text, err)
		}
		if err := errors.Join(x.exec(t.Context(), text), x.close()); err != nil {
			t.Fatal(text, err)
		}
		if diff := cmp.Diff(want, n.answers(), cmpopts.IgnoreUnexported(Hit{})); diff != "" {
			t.Errorf("%s (-whole +damaged):\n%s", text, diff)
		}
	}
}

// TestUnknown: where nobody knows what the bytes of the index are to come to, it is made anew, and where they are
// known, it is not.
func TestUnknown(t *testing.T) {
	n := small(t)
	want := n.ask("alpha", Scope{}, Part{})
	lockFile := filepath.Join(n.dir, lockName)
	known, err := os.ReadFile(lockFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, noted string
		anew        bool
	}{{"known", string(known), false}, {"not noted", "", true}, {"noted in part", string(known[:20]), true},
		{"other bytes", strings.Replace(string(known), "CRC-32C ", "CRC-32C f", 1), true},
		{"a step that has only begun", string(known) + "step 2\n", false},
		{"a step that noted nothing", strings.Repeat("x", len(known)-1) + "\nstep %d\n", false},
		{"a step before that", strings.Repeat("x", len(known)-1) + "\nstep 99\n", true}} {
		x, err := openIndex(t.Context(), n.dir, false)
		if err != nil {
			t.Fatal(err)
		}
		c.noted = strings.Replace(c.noted, "%d", strconv.Itoa(x.head.Steps), 1)
		if err := x.close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(lockFile, []byte(c.noted), 0o600); err != nil {
			t.Fatal(err)
		}
		before, err := os.Open(filepath.Join(n.dir, DBName))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, n.ask("alpha", Scope{}, Part{}), cmpopts.IgnoreUnexported(Hit{})); diff != "" {
			t.Errorf("%s (-before +now):\n%s", c.name, diff)
		}
		if sameFile(t, before) == c.anew {
			t.Errorf("%s: made anew: %t", c.name, !c.anew)
		}
	}
}

// manyWords are words for several blocks.
func manyWords() string {
	var b strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&b, "a%dl ", i*7919)
	}
	return b.String()
}

// TestAnew: whatever lies where the index is to be, a question is answered, and the index is a file of its own that
// others cannot read.
func TestAnew(t *testing.T) {
	n := small(t)
	want := n.answers()
	name := filepath.Join(n.dir, DBName)
	aside := filepath.Join(t.TempDir(), "aside")
	if err := os.WriteFile(aside, []byte("aside"), 0o644); err != nil {
		t.Fatal(err)
	}
	for what, lay := range map[string]func() error{
		"nothing":            func() error { return nil },
		"an empty file":      func() error { return os.WriteFile(name, nil, 0o600) },
		"another file":       func() error { return os.WriteFile(name, bytes.Repeat([]byte("x"), 10000), 0o644) },
		"a mirror":           func() error { return copyFile(filepath.Join(n.dir, "mirror.db"), name) },
		"a link":             func() error { return os.Symlink(aside, name) },
		"a link to nowhere":  func() error { return os.Symlink(aside+"x", name) },
		"a journal":          func() error { return os.WriteFile(name+"-journal", []byte("journal"), 0o600) },
		"an index of others": func() error { return copyFile(filepath.Join(n.dir, "old"), name) },
	} {
		if what == "an index of others" {
			if err := older(t, n, name, filepath.Join(n.dir, "old")); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(os.Remove(name), lay()); err != nil {
			t.Fatal(what, err)
		}
		if diff := cmp.Diff(want, n.answers(), cmpopts.IgnoreUnexported(Hit{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
		info, err := os.Lstat(name)
		if err != nil || !info.Mode().IsRegular() || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", what, info.Mode(), err)
		}
	}
	if text, err := os.ReadFile(aside); err != nil || string(text) != "aside" {
		t.Errorf("what a link led to: %q, %v", text, err)
	}
}

// older makes a copy of an index of another form, whose words would answer otherwise.
func older(t *testing.T, n *tenant, name, to string) error {
	x, err := openIndex(t.Context(), n.dir, false)
	if err != nil {
		return err
	}
	x.head.Form = "another"
	if err := x.writeHead(t.Context()); err != nil {
		return err
	}
	for doc := range x.docs.all {
		x.docs.at(doc).flags = 0
	}
	if err := x.docs.save(t.Context(), x); err != nil {
		return err
	}
	return errors.Join(x.close(), copyFile(name, to))
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o600)
}

// TestKept: what a hold kept is found and counted once, also where it kept the same words several times.
func TestKept(t *testing.T) {
	n := small(t)
	put := func(parent, title, text string, version int, labels ...string) {
		n.write(func(m *mirror.Mirror) error {
			c := page("101", title, text, version)
			c.ParentID = parent
			_, err := m.PutContents(t.Context(), []wiki.Content{c})
			_, labelled := m.PutMetadata(t.Context(), []wiki.Metadata{{ID: "101", Labels: labels,
				Raw: []byte(`{"metadata":{"labels":{"results":[{"prefix":"global","name":"` + labels[0] + `"}]}}}`)}})
			_, kept := m.Keep(t.Context(), []string{"101"})
			return errors.Join(err, labelled, kept)
		})
	}
	put("", "Kestrel", "<p>kestrel kestrel</p>", 4, "falcon")
	put("102", "Kestrel", "<p>kestrel kestrel</p>", 4, "falcon") // moved
	for _, c := range []struct{ asked, want string }{
		{"kestrel", "kestrel = 3 +0, title 1 +0, text 2 +0\n"},
		{"falcon", "falcon = 1 +0, label 1 +0\n"},
	} {
		var got bytes.Buffer
		brief(&got, n.ask(c.asked, Scope{}, Part{}))
		if _, after, _ := strings.Cut(got.String(), "\n"); !strings.HasPrefix(after, c.want) {
			t.Errorf("before the edit: %s", got.String())
		}
	}
	put("102", "Merlin", "<p>merlin</p>", 5, "hawk")
	for _, c := range []struct{ asked, want string }{
		{"kestrel", "kestrel = 3 +0, title older 1 +0, text older 2 +0\n"},
		{"falcon", "falcon = 1 +0, label older 1 +0\n"}, {"merlin", "merlin = 2 +0, title 1 +0, text 1 +0\n"},
	} {
		var got bytes.Buffer
		brief(&got, n.ask(c.asked, Scope{}, Part{}))
		if _, after, _ := strings.Cut(got.String(), "\n"); !strings.HasPrefix(after, c.want) {
			t.Errorf("after it: %s", got.String())
		}
	}
	n.same("what a hold kept")
}

// TestMode: an index that others could read is made private.
func TestMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes")
	}
	n := small(t)
	n.ask("alpha", Scope{}, Part{})
	name := filepath.Join(n.dir, DBName)
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	n.ask("alpha", Scope{}, Part{})
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// TestTogether: several that ask at once, before there is an index and while it is behind, all get the answer.
func TestTogether(t *testing.T) {
	n := small(t)
	for round := range 3 {
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				if a := n.ask("zyzzyva OR alpha", Scope{}, Part{}); a.Contents != 12 || a.Terms[0].Exact != round {
					t.Errorf("round %d: %d contents, %d times", round, a.Contents, a.Terms[0].Exact)
				}
			})
		}
		all.Wait()
		n.load(txtar.Parse(fmt.Appendf(nil, "-- page %d Alpha --\n<p>zyzzyva</p>\n", 101+round)))
	}
}

// TestReadOnly: where the mirror's folder cannot be written the answer is the same.
func TestReadOnly(t *testing.T) {
	n := small(t)
	want := n.answers()
	if err := errors.Join(os.Remove(filepath.Join(n.dir, DBName)), os.Remove(filepath.Join(n.dir, lockName)),
		os.Chmod(n.dir, 0o500)); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(n.dir, 0o700)
	if f, err := os.Create(filepath.Join(n.dir, "x")); err == nil {
		f.Close()
		t.Skip("this user may write everywhere")
	}
	if diff := cmp.Diff(want, n.answers(), cmpopts.IgnoreUnexported(Hit{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFixed: an index that cannot be written is read where it is in step and whole, and left as it is where it is not.
func TestFixed(t *testing.T) {
	n := small(t)
	want := n.ask("alpha", Scope{}, Part{}).Terms
	name := filepath.Join(n.dir, DBName)
	intact, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(intact)
	damaged[len(damaged)/2] ^= 1
	read := func(what string, inMemory bool) {
		t.Helper()
		before, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		root, err := os.OpenRoot(n.dir)
		if err != nil {
			t.Fatal(err)
		}
		x := &index{dir: n.dir, root: root, sound: whole, fixed: true}
		if x.lock, err = root.Open(lockName); err != nil {
			t.Fatal(err)
		}
		if err := x.begin(t.Context(), false); err != nil {
			t.Fatal(what, err)
		}
		q, err := Read("alpha")
		if err != nil {
			t.Fatal(err)
		}
		sum, err := x.tally(t.Context(), q.terms[0])
		if err != nil || len(sum.docs) == 0 || (x.lock == nil) != inMemory {
			t.Errorf("%s: in memory %t, %d documents, %v", what, x.lock == nil, len(sum.docs), err)
		}
		after, again := os.ReadFile(name)
		if err := errors.Join(x.close(), again); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s: the file was changed, %v", what, err)
		}
	}
	read("whole", false)
	if err := os.WriteFile(name, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	read("damaged", true)
	if err := os.WriteFile(name, intact, 0o600); err != nil {
		t.Fatal(err)
	}
	n.load(txtar.Parse([]byte("-- page 300 Alpha --\n<p>alpha</p>\n")))
	read("behind", true)
	if got := n.ask("alpha", Scope{}, Part{}).Terms; got[0].Exact != want[0].Exact+2 {
		t.Errorf("%d times, before %d", got[0].Exact, want[0].Exact)
	}
}

// TestStopped: a step that is stopped at any moment leaves an index that is as it was.
func TestStopped(t *testing.T) {
	n := small(t)
	n.answers()
	dice := rand.New(rand.NewPCG(19, 23))
	stopped := 0
	for range 15 {
		n.change(dice)
		ctx, cancel := context.WithCancel(t.Context())
		var once sync.Once
		after := dice.IntN(400)
		m, err := mirror.Open(t.Context(), n.dir, mirror.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		q, err := Read("alpha")
		if err != nil {
			t.Fatal(err)
		}
		_, err = Ask(&counting{Context: ctx, left: after, end: func() { once.Do(cancel) }}, m, q, Scope{}, Part{})
		if err != nil {
			stopped++
		}
		m.Close()
		cancel()
		n.same("a step that was stopped")
	}
	if stopped < 5 {
		t.Errorf("only %d of 15 were stopped", stopped)
	}
}

// counting is a context that ends after it was asked so many times whether it has.
type counting struct {
	context.Context
	mu   sync.Mutex
	left int
	end  func()
}

func (c *counting) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left <= 0 {
		c.end()
	}
	return c.Context.Done()
}
