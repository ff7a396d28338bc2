//go:build unix

package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/fetch/faketenant"
)

// shuffled answers each request after a while of its own, so that answers come in
// another order each time.
type shuffled struct {
	mu   sync.Mutex
	fake http.Handler
	dice *rand.Rand // nil: at once
}

func (s *shuffled) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	fake, pause := s.fake, time.Duration(0)
	if s.dice != nil {
		pause = time.Duration(s.dice.IntN(8)) * time.Millisecond
	}
	s.mu.Unlock()
	time.Sleep(pause)
	fake.ServeHTTP(w, r)
}

// serve puts a tenant in place.
func (s *shuffled) serve(t *testing.T, files fs.FS, dice *rand.Rand) {
	t.Helper()
	fake, err := faketenant.New(files)
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fake, s.dice = fake, dice
}

// surroundings is what a process may find around it.
type surroundings struct {
	name  string
	env   []string
	dir   string   // working directory; "": a fresh one
	umask int      // -1: as it is
	shell string   // redirections in sh, such as "<&-"
	flags []string // beside those of all
	files time.Time
}

// surround is the table of them: two that have all of it, and with AGC_LONG=1 each thing
// alone, which tells what it is. To try another one, add its line.
func surround() []surroundings {
	then, late := time.Unix(0, 0), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	shut := "<&- >&- 2>&-" // as of some cron
	all := []surroundings{
		{name: "little of everything", umask: 0o077, dir: "/", shell: shut, files: then,
			env: []string{"GOMAXPROCS=1", "TZ=Pacific/Kiritimati", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8",
				"AGC_EXPORT_FETCH_WORKERS=1"}},
		{name: "much of everything", umask: 0, files: late,
			env: []string{"GOMAXPROCS=8", "TZ=Nowhere/None", "LANG=C", "LC_ALL=xx", "LANGUAGE=ja",
				"AGC_EXPORT_FETCH_WORKERS=32"}},
	}
	if os.Getenv("AGC_LONG") == "" {
		return all
	}
	return append(all, []surroundings{
		{name: "nothing special", umask: -1},
		{name: "a tight umask", umask: 0o077},
		{name: "no umask", umask: 0},
		{name: "the root as working directory", umask: -1, dir: "/"},
		{name: "one core, one worker", umask: -1, env: []string{"GOMAXPROCS=1",
			"AGC_EXPORT_FETCH_WORKERS=1"}},
		{name: "many cores, many workers", umask: -1, env: []string{"GOMAXPROCS=8", "AGC_EXPORT_FETCH_WORKERS=32"}},
		{name: "another zone and language", umask: -1,
			env: []string{"TZ=Pacific/Kiritimati", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8"}},
		{name: "a zone and a language that are none", umask: -1,
			env: []string{"TZ=Nowhere/None", "LANG=C", "LC_ALL=xx", "LANGUAGE=ja"}},
		{name: "files of 1970", umask: -1, files: then},
		{name: "files of 2100", umask: -1, files: late},
		{name: "nothing open", umask: -1, shell: shut},
	}...)
}

// run carries a command out with the very program in these surroundings: TestMain has put
// it in the PATH. Of the environment nothing is kept but that: there is no HOME.
func (s surroundings) run(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.Command("/bin/sh", append([]string{"-c", `exec agc-export "$@" ` + s.shell, "sh"},
		append(args, s.flags...)...)...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "NANGO_SECRET_KEY=" + faketenant.Key}, s.env...)
	if cmd.Dir = s.dir; cmd.Dir == "" {
		cmd.Dir = t.TempDir()
	}
	if s.umask >= 0 {
		old := syscall.Umask(s.umask)
		defer syscall.Umask(old)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", s.name, err, out)
	}
}

// publishedTree lists what lies in a published generation: kind, mode, sum and path.
func publishedTree(t *testing.T, out string) []string {
	t.Helper()
	root, err := filepath.EvalSymlinks(filepath.Join(out, "current"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		line := info.Mode().String() + strings.TrimPrefix(p, root)
		if d.Type().IsRegular() {
			data, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			line = fmt.Sprintf("%s %x", line, sha256.Sum256(data))
		}
		all = append(all, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// copyMirror copies a mirror and gives its files a time.
func copyMirror(t *testing.T, from string, at time.Time) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "mirror")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	if at.IsZero() {
		return to
	}
	err := filepath.WalkDir(to, func(p string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(p, at, at)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// The same mirror gives the same bytes under the same names with the same modes,
// whatever surrounds the program.
func TestSameBytesAnywhere(t *testing.T) {
	s := &shuffled{}
	s.serve(t, demoTenant(), nil)
	server := httptest.NewServer(s)
	defer server.Close()
	config := filepath.Join(t.TempDir(), "agc-export.toml")
	if err := os.WriteFile(config, []byte(defaults), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := func(command, mirror, out string) []string {
		all := []string{command, "--quiet", "--config", config, "--output-mirror", mirror, "--output-dir", out}
		if command == "build" { // asks nobody, and follows no setting of Nango
			return all
		}
		return append(all, "--nango-base-url", server.URL, "--nango-connection-id", faketenant.Connection)
	}
	first := filepath.Join(t.TempDir(), "mirror")
	out := filepath.Join(t.TempDir(), "out")
	usual := surroundings{name: "nothing special", umask: -1}
	usual.run(t, flags("export", first, out)...)
	want := publishedTree(t, out)
	if len(want) < 300 {
		t.Fatalf("only %d things are published: the test has lost its point", len(want))
	}
	for _, m := range []string{"-rw-r--r--", "drwxr-xr-x"} {
		if !slices.ContainsFunc(want, func(line string) bool { return strings.HasPrefix(line, m) }) {
			t.Errorf("nothing has the mode %s", m)
		}
	}
	same := func(what, out string) {
		t.Helper()
		if diff := cmp.Diff(want, publishedTree(t, out)); diff != "" {
			t.Errorf("%s: the output differs (-want +got):\n%s", what, diff)
		}
	}
	for _, around := range surround() {
		out := filepath.Join(t.TempDir(), "out")
		around.run(t, flags("build", copyMirror(t, first, around.files), out)...)
		same(around.name, out)
	}
	// From here on other syncs are compared, which have other times.
	flags = untimed(flags)
	plain := filepath.Join(t.TempDir(), "out")
	usual.run(t, flags("build", copyMirror(t, first, time.Time{}), plain)...)
	want = publishedTree(t, plain)
	for seed, workers := range []string{"16", "1"}[:min(len(surround())/2, 2)] { // answers in another order
		s.serve(t, demoTenant(), rand.New(rand.NewPCG(6, uint64(seed))))
		dir := t.TempDir()
		around := surroundings{name: workers + " workers", umask: -1, flags: []string{"--fetch-workers=" + workers}}
		around.run(t, flags("export", filepath.Join(dir, "mirror"), filepath.Join(dir, "out"))...)
		same("slow answers, "+around.name, filepath.Join(dir, "out"))
	}
	// Night by night, with a build over each other, and from the last night's mirror alone.
	dir := t.TempDir()
	mirror, nights := filepath.Join(dir, "mirror"), filepath.Join(dir, "out")
	for _, tenant := range []fs.FS{lesser(t), demoTenant()} {
		s.serve(t, tenant, nil)
		usual.run(t, flags("export", mirror, nights)...)
	}
	same("night by night", nights)
	usual.run(t, flags("build", copyMirror(t, mirror, time.Time{}), filepath.Join(dir, "fresh"))...)
	same("a fresh build of the last night's mirror", filepath.Join(dir, "fresh"))
}

// untimed adds the flag that leaves out when things were fetched.
func untimed(flags func(command, mirror, out string) []string) func(command, mirror, out string) []string {
	return func(command, mirror, out string) []string {
		return append(flags(command, mirror, out), "--site-fetched=false")
	}
}

// lesser is the demo tenant some weeks before: two pages had not been written yet.
func lesser(t *testing.T) fs.FS {
	t.Helper()
	files, later := fstest.MapFS{}, []string{"OPS/home/glossary.xml", "ENG/projects/weather.xml"}
	err := fs.WalkDir(demoTenant(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(demoTenant(), p)
		files[p] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range later {
		if files[p] == nil {
			t.Fatalf("there is no %s", p)
		}
		delete(files, p)
	}
	return files
}
