package catalog

import (
	"testing"

	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// The version of a file that stood at a time is the newest that was there by then, where all after it are known and
// the mirror has its bytes.
func TestStood(t *testing.T) {
	version := func(n int, day string) wiki.Version {
		v := wiki.Version{Number: n}
		if day != "" {
			v.CreatedAt = "2024-05-" + day + "T08:00:00.000Z"
		}
		return v
	}
	old := func(n int, day, path string) *OlderFile {
		return &OlderFile{mirror.AttachmentVersion{Attachment: wiki.Attachment{Version: version(n, day)}}, path}
	}
	for _, c := range []struct {
		name  string
		now   wiki.Version
		older []*OlderFile
		at    string
		want  int // 0: the present one
	}{
		{"the present one", version(3, "08"), []*OlderFile{old(2, "05", "b"), old(1, "01", "a")},
			"2024-05-09T00:00:00Z", 0},
		{"of the same moment", version(3, "08"), []*OlderFile{old(2, "05", "b")}, "2024-05-08T08:00:00Z", 0},
		{"in another zone", version(3, "08"), []*OlderFile{old(2, "05", "b")}, "2024-05-08T09:00:00+02:00", 2},
		{"the one before", version(3, "08"), []*OlderFile{old(2, "05", "b"), old(1, "01", "a")},
			"2024-05-06T00:00:00Z", 2},
		{"the first", version(3, "08"), []*OlderFile{old(2, "05", "b"), old(1, "01", "a")}, "2024-05-05T07:59:59Z", 1},
		{"before the first", version(3, "08"), []*OlderFile{old(2, "05", "b"), old(1, "02", "a")},
			"2024-05-01T00:00:00Z", 0},
		{"without bytes", version(2, "08"), []*OlderFile{old(1, "01", "")}, "2024-05-06T00:00:00Z", 0},
		{"one between is not known", version(3, "08"), []*OlderFile{old(1, "01", "a")}, "2024-05-06T00:00:00Z", 0},
		{"without a date", version(2, ""), []*OlderFile{old(1, "01", "a")}, "2024-05-06T00:00:00Z", 0},
		{"of a text without a date", version(2, "08"), []*OlderFile{old(1, "01", "a")}, "", 0},
	} {
		a := &Attachment{File: File{Version: c.now}, Older: c.older}
		got := 0
		if o := a.Stood(c.at); o != nil {
			got = o.Version.Number
		}
		if got != c.want {
			t.Errorf("%s: version %d, want %d", c.name, got, c.want)
		}
	}
}
