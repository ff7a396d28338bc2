package export

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
)

// TestBuildID compares what tells this program from others with what Go says of it.
func TestBuildID(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	want, err := exec.Command("go", "tool", "buildid", exe).Output()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := buildID(f); !bytes.Equal(got, bytes.TrimSpace(want)) {
		t.Errorf("the build ID is %q, want %q", got, want)
	}
	for _, text := range []string{"", "\x04\x00\x00\x00Go\x00\x00x", "\x09\x00\x00\x00\x04\x00\x00\x00Go\x00\x00x",
		"\x05\x00\x00\x00\x04\x00\x00\x00Go\x00\x001.2.3"} {
		if got := buildID(bytes.NewReader([]byte(text))); got != nil {
			t.Errorf("%q has the build ID %q", text, got)
		}
	}
}
