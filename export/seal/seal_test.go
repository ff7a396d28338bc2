package seal

import (
	"testing"
)

func TestWritten(t *testing.T) {
	for text, want := range map[string]string{
		"INSERT INTO space (id) VALUES (?)":             "space",
		"INSERT OR IGNORE INTO restriction (id) VALUES": "restriction",
		"UPDATE content SET sum = '' WHERE id = ?":      "content",
		"DELETE FROM task WHERE page_id IN (SELECT 1)":  "task",
		"UPDATE OR IGNORE content SET sum = ''":         "OR", // no table: it stands for all
		"WITH a AS (SELECT 1 FROM b) DELETE FROM c":     "",
		"REPLACE INTO\n\tcomment (id)":                  "comment",
		"DELETE":                                        "", "": "", "UPDATE": "",
	} {
		if got := Written(text); got != want {
			t.Errorf("%q writes %q, want %q", text, got, want)
		}
	}
}

// What was written since a table was read is not known, nor is anything after a write to who knows what.
func TestKnown(t *testing.T) {
	var k Known
	knows := func(want ...bool) {
		t.Helper()
		for i, name := range []string{"a", "b"} {
			if _, _, ok := k.Of(name); ok != want[i] {
				t.Errorf("%s: %t", name, ok)
			}
		}
	}
	keep := func(name string) {
		_, now, _ := k.Of(name)
		k.Keep(name, now, Table{1, "x"})
	}
	keep("a")
	keep("b")
	knows(true, true)
	k.Forget(map[string]bool{"a": true})
	knows(false, true)
	k.Forget(map[string]bool{"a": true})
	knows(false, true)
	_, before, _ := k.Of("a")
	k.Forget(map[string]bool{"b": true})
	k.Keep("a", before, Table{})
	knows(false, false)
	keep("a")
	keep("b")
	k.Forget(map[string]bool{"c": true})
	knows(false, false)
}

// The versions of one id count in any order, rows do not.
func TestSum(t *testing.T) {
	sum := func(rows ...string) Table {
		s := NewSum()
		for _, r := range rows {
			s.Add([]byte(r[:1]), []byte(r[1:]))
		}
		return s.Table()
	}
	if sum("a1", "a2", "b1") != sum("a2", "a1", "b1") {
		t.Error("the order of versions counts")
	}
	for _, other := range [][]string{{"a1", "b1", "a2"}, {"a1", "a2"}, {"a1", "a2", "b2"}, {"a1", "a2", "c1"}} {
		if sum("a1", "a2", "b1") == sum(other...) {
			t.Errorf("%q are the same", other)
		}
	}
}
