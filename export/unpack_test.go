package export

import (
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
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
		packed, err := base64.StdEncoding.DecodeString(strings.Split(string(script), `"`)[3])
		if err != nil {
			t.Fatal(file, err)
		}
		data, err := io.ReadAll(flate.NewReader(strings.NewReader(string(packed))))
		if err != nil {
			t.Fatal(file, err)
		}
		if strings.HasPrefix(filepath.Base(file), "t-") {
			data = []byte(strings.Join(unpackTerms(data), "\n") + "\n")
		}
		all.Write(data)
	}
	return all.String()
}

// unpackTerms lists the terms of a file of terms, see render/search/term.go.
func unpackTerms(data []byte) []string {
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
	for len(data) > 0 {
		shared := number()
		last = last[:shared] + take(number())
		terms = append(terms, last)
		number()
		if size := number(); size&1 == 1 {
			take(10)
		} else {
			take(size >> 1)
		}
	}
	return terms
}
