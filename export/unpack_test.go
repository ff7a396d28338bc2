package export

import (
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"agc-export/export/output"
)

// unpackSearch is all that the search index holds, in plain: its rows and texts as they
// are, and its terms, each on a line.
func unpackSearch(t *testing.T, w *world) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.SiteDir, "search",
		"*.js"))
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files of search: %v", len(files), err)
	}
	var all strings.Builder
	for _, file := range files {
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(inPlain(t, file, script))
	}
	return all.String()
}

// hashes are what is made of sums: the names of the search index's files, within them and in SHA256SUMS.
var hashes = regexp.MustCompile(`"[a-z2-7]{10}"|site/search/[a-z]+-[a-z2-7]+\.js`)

// inPlain is what a published file says: of a file of the search index what is packed in it, and in
// no file what is made of sums, of which two letters prove nothing.
func inPlain(t testing.TB, path string, data []byte) string {
	t.Helper()
	if filepath.Base(path) == output.SumsFile {
		return string(hashes.ReplaceAll(data, nil))
	}
	if filepath.Base(filepath.Dir(path)) != "search" {
		return string(data)
	}
	packed, err := base64.StdEncoding.DecodeString(strings.Split(string(data), `"`)[3])
	if err != nil {
		t.Fatal(path, err)
	}
	if data, err = io.ReadAll(flate.NewReader(strings.NewReader(string(packed)))); err != nil {
		t.Fatal(path, err)
	}
	if kind := filepath.Base(path)[:2]; kind == "t-" || kind == "w-" || kind == "p-" {
		return strings.Join(unpackTerms(kind, data), "\n") + "\n"
	}
	return string(hashes.ReplaceAll(data, nil))
}

// unpackTerms lists the terms of a file of terms or words, see render/search/term.go and word.go. One of
// postings has none.
func unpackTerms(kind string, data []byte) []string {
	number := func() int {
		v, n := binary.Uvarint(data)
		data = data[n:]
		return int(v)
	}
	take := func(n int) string {
		s := string(data[:n])
		data = data[n:]
		return s
	}
	var terms []string
	last := ""
	for len(data) > 0 && kind != "p-" {
		shared := number()
		last = last[:shared] + take(number())
		terms = append(terms, last)
		if number(); kind == "w-" {
			continue
		}
		if size := number(); size&1 == 1 {
			take(10)
		} else {
			take(size >> 1)
		}
	}
	return terms
}
