package report

import (
	"bytes"
	"testing"
)

// FuzzAuditLines: a log is its lines and what is torn, and in none that was made up is
// a chain.
func FuzzAuditLines(f *testing.F) {
	for _, s := range []string{"", "{}\n", "{}", "{}\n{}\n", `{"prev":"","event":"begin"}` + "\n", "\n\n",
		"{\"torn\":\"\"}\n{\"prev\":1}\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, torn := AuditLines(data)
		if again := bytes.Join(append(lines, torn), []byte("\n")); !bytes.Equal(again, data) {
			t.Errorf("%q came back as %q", data, again)
		}
		found := 0
		checkChain(lines, func(string, string) { found++ }, func(string, string) {})
		if len(lines) > 1 && found == 0 && !bytes.Contains(data, []byte(lineSum(lines[len(lines)-2]))) &&
			!bytes.Contains(bytes.ToLower(data), []byte("torn")) {
			t.Errorf("a chain without links: %q", data)
		}
	})
}
