package trace

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/render/markdown"
)

// A long question has no number, or all of its text would be at hand in this build and those after it.
func TestLongQuestion(t *testing.T) {
	var q questions
	ask := func(text []byte) (Sum, bool) { return SumOf(len(text)), true }
	for _, size := range []int{mostText, mostText + 1, 1 << 20} {
		_, ok, answer := q.note(make([]byte, size), ask)
		if ok != (size <= mostText) || !ok && answer != SumOf(size) {
			t.Errorf("of %d bytes: %t, %v", size, ok, answer)
		}
	}
	if len(q.bytes()) > 2*mostText {
		t.Errorf("%d bytes are kept", len(q.bytes()))
	}
}

// TestQuestions: numbers go on from build to build, each question is asked once a build, and the number of one that
// nobody asks any more is given to another, a build later.
func TestQuestions(t *testing.T) {
	var q questions
	answers, asked := map[string]string{}, ""
	ask := func(text []byte) (Sum, bool) {
		asked += string(text)
		return SumOf(answers[string(text)]), answers[string(text)] != ""
	}
	next := func() {
		raw := q.bytes()
		q = questions{}
		if len(raw) > 0 && q.read(raw[:len(raw)-1]) || !q.read(raw) {
			t.Fatalf("%q is not what was written", raw)
		}
	}
	note := func(texts ...string) (numbers []uint32) {
		for _, text := range texts {
			number, ok, _ := q.note([]byte(text), ask)
			if !ok {
				t.Error("a question without a number")
			}
			numbers = append(numbers, number)
		}
		return numbers
	}
	told := func(want string, got ...any) {
		t.Helper()
		if diff := cmp.Diff(want, fmt.Sprint(append(got, asked))); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		asked = ""
	}
	answers = map[string]string{"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1"}
	told("[[0 1 2 0] abc]", note("a", "b", "c", "a"))
	next()
	answers["b"] = "2"
	told("[true true false false ab]", q.holds(0, ask), q.holds(0, ask), q.holds(1, ask), q.holds(7, ask))
	told("[[0 1 3] d]", note("a", "b", "d")) // c is asked by nobody
	next()
	answers["b"] = "3"
	told("[[1 2 4 2] bef]", note("b", "e", "f", "e"))
	told("[true false a]", q.holds(0, ask), q.holds(2, ask))
	next()
	told("[false true true true true bef]", q.holds(3, ask), q.holds(1, ask), q.holds(2, ask), q.holds(4, ask),
		len(q.free) == 1)
	delete(answers, "a")
	told("[false a]", q.holds(0, ask))
}

// namesakes has a page for each title in every space, which says who asks.
type namesakes struct{ page markdown.Page }

func (n namesakes) Page() markdown.Page                       { return n.page }
func (namesakes) Place(file string) string                    { return file + ".html" }
func (namesakes) Picture(string) (int, int)                   { return 1, 2 }
func (namesakes) Name(account string) string                  { return account }
func (namesakes) Leaves(string) bool                          { return false }
func (namesakes) Find(markdown.Query) ([]markdown.Ref, error) { return nil, nil }
func (namesakes) Resolve(from markdown.Page, t markdown.Target) markdown.Ref {
	return markdown.Ref{Title: fmt.Sprint(from.SpaceKey, from.Guarded, t.Title)}
}

// TestAskers: what a page asked is asked again in its name: work on a page that became another asker is done anew.
func TestAskers(t *testing.T) {
	dir, night := t.TempDir(), 0
	build := func(pages ...markdown.Page) (taken string) {
		b, err := Open(dir, "traces", fmt.Sprint(night), Sum{})
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			w := b.Begin(page.ID, namesakes{page})
			var result string
			if w.Known(&result) {
				taken += page.ID
				continue
			}
			to := Asking{namesakes{page}, w}
			target := markdown.Target{Kind: markdown.TargetPage, Title: "Target"}
			result = to.Resolve(page, target).Title + w.Place("file")
			w.Picture("file")
			w.Done(result)
		}
		night++
		if err := errors.Join(b.Finish(fmt.Sprint(night)), b.Close()); err != nil {
			t.Fatal(err)
		}
		return taken
	}
	of := func(id string) markdown.Page { return markdown.Page{ID: id, SpaceKey: "A"} }
	one, two, three := of("1"), of("2"), of("3")
	got := []string{build(one, two, three), build(one, two, three)}
	three.Guarded = true
	got = append(got, build(one, two, three), build(one, two, three))
	two.SpaceKey = "B"
	got = append(got, build(one, two, three), build(one, two, three))
	if diff := cmp.Diff([]string{"", "123", "12", "123", "13", "123"}, got); diff != "" {
		t.Errorf("taken over (-want +got):\n%s", diff)
	}
}
