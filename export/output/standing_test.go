package output

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// next publishes a generation in a folder, in which a page is new, another and a file are taken over where they can
// be, and a style sheet is carried along. before is called when all is written.
func next(t *testing.T, dir, text string, before func()) (name, lies string) {
	t.Helper()
	g, err := NewGeneration(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	}()
	check := func(ok bool, err error) bool {
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	var stamp Stamp
	if g.last().name != "" {
		if stamp, err = g.last().tree.stamp("site/files/a"); err != nil {
			t.Fatal(err)
		}
	}
	if g.last().name == "" || !check(g.KeepLarge("site/files/a", wasOf(g, "site/files/a"), stamp, nil)) {
		sum := "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
		check(true, g.Copy("site/files/a", strings.NewReader("abc"), sum))
	}
	check(true, g.Link("markdown/files/a", "site/files/a"))
	if g.last().name == "" || !check(g.Keep("site/kept.html")) {
		check(true, g.Write("site/kept.html", []byte("kept")))
	}
	check(true, g.Write("site/new.html", []byte(text)))
	check(true, g.Write("site/assets/"+text+".css", []byte(text)))
	check(true, g.Carry())
	before()
	if name, _, err = g.Publish(3); err == nil {
		lies, err = g.Standing(t.Context(), name)
	}
	check(true, err)
	return name, lies
}

// What a generation tells of how it lies there is what one sees who looks, and of a file that was touched before it
// was published it is not.
func TestStandingOfNew(t *testing.T) {
	dir := t.TempDir()
	looked := func() Standing {
		now, damaged, err := Stand(t.Context(), dir, nil)
		if err != nil || len(damaged) > 0 {
			t.Fatal(damaged, err)
		}
		return now
	}
	for _, text := range []string{"one", "two", "two", "three"} {
		name, lies := next(t, dir, text, func() {})
		if have := looked()[name]; have != lies {
			t.Errorf("%s: a look shows something else", text)
		}
	}
	at := time.Now().Add(-time.Hour)
	for i, file := range []string{"site/new.html", "site/kept.html", "markdown/files/a"} {
		name, lies := next(t, dir, strings.Repeat("x", i+1), func() {
			if err := os.Chtimes(filepath.Join(dir, BuildingDir, file), at, at); err != nil {
				t.Fatal(err)
			}
		})
		have, err := standingBeside(t, dir, name)
		if err != nil || have == lies {
			t.Errorf("%s was touched, and that does not show (%v)", file, err)
		}
	}
	if !bytes.Contains(read(t, dir, CurrentLink, carriedFile), []byte("css")) {
		t.Error("nothing was carried along")
	}
}

func standingBeside(t *testing.T, dir, name string) (string, error) {
	out, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer out.Close()
	return standing(t.Context(), out, name, nil)
}

func read(t *testing.T, elem ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// wasOf is the checksum of a file in the generation before, "" for none.
func wasOf(g *Generation, name string) string {
	sum, ok := g.was(name)
	if !ok {
		return ""
	}
	return sum.String()
}
