package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"agc-export/export/exporttest"
	"agc-export/fetch/faketenant"
)

// TestScripts runs the stories in testdata/script: each a whole use of the program.
// UPDATE=1 rewrites the files that they compare with.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			s := &servers{}
			env.Values[serversKey{}] = s
			env.Defer(s.close)
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("KEY", faketenant.Key)
			env.Setenv("STRAY", strayKey)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"tenant":  serveTenant,
			"exits":   exits,
			"calls":   calls,
			"secret":  noSecret,
			"count":   count,
			"signal":  signalled,
			"busy":    busy,
			"crowded": crowded,
			"killed":  killed,
			"bucket":  serveBucket,
			"objects": objects,
			"monitor": monitor,
			"keyfile": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(faketenant.Key+"\n"), 0o600))
			},
		},
	})
}

// servers are the fake tenants that a script has started.
type servers struct {
	mu   sync.Mutex
	http *httptest.Server
	fake *faketenant.Tenant
	hold chan struct{} // while it is there, requests get no answer; each sends one
	busy *exec.Cmd     // the program that waits for one

	bucket *exporttest.Bucket
	store  *httptest.Server // of that
}

type serversKey struct{}

func (s *servers) close() {
	if s.busy != nil { // of a story that failed; else the server would wait for it
		s.busy.Process.Kill()
	}
	if s.http != nil {
		s.http.Close()
	}
	if s.store != nil {
		s.store.Close()
	}
}

// serveBucket: "bucket NAME" serves an empty bucket on loopback, and gives credentials for it.
func serveBucket(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serversKey{}).(*servers)
	s.bucket = &exporttest.Bucket{Name: args[0], Items: map[string][]exporttest.Item{}}
	s.store = httptest.NewServer(s.bucket)
	ts.Setenv("AGC_EXPORT_PUBLISH_ENDPOINT", s.store.URL)
	ts.Setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
	ts.Setenv("AWS_SECRET_ACCESS_KEY", strayKey)
	ts.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	ts.Setenv("AWS_MAX_ATTEMPTS", "1")
}

// objects: "objects 2 PATTERN" wants so many objects in the bucket whose names match.
func objects(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	var found []string
	for key := range ts.Value(serversKey{}).(*servers).bucket.Objects() {
		if regexp.MustCompile(args[1]).MatchString(key) {
			found = append(found, key)
		}
	}
	if len(found) != want {
		ts.Fatalf("%d objects match %s, want %d: %v", len(found), args[1], want, found)
	}
}

func (s *servers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	fake, hold := s.fake, s.hold
	s.mu.Unlock()
	if hold != nil {
		hold <- struct{}{}
		<-r.Context().Done()
		return
	}
	fake.ServeHTTP(w, r)
}

// serveTenant: "tenant DIR" serves a folder of the script as the tenant, "tenant"
// alone the built-in one, and points the program at it. Given again, the new tenant
// takes the old one's place at the same address.
func serveTenant(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serversKey{}).(*servers)
	var fsys fs.FS = demoTenant()
	if len(args) > 0 {
		fsys = os.DirFS(ts.MkAbs(args[0]))
	}
	fake, err := faketenant.New(fsys)
	ts.Check(err)
	s.mu.Lock()
	s.fake = fake
	s.mu.Unlock()
	if s.http == nil {
		s.http = httptest.NewServer(s)
		ts.Setenv("AGC_EXPORT_NANGO_BASE_URL", s.http.URL)
		ts.Setenv("AGC_EXPORT_NANGO_INTEGRATION_ID", faketenant.Integration)
		ts.Setenv("AGC_EXPORT_NANGO_CONNECTION_ID", faketenant.Connection)
		ts.Setenv("NANGO_SECRET_KEY", faketenant.Key)
	}
}

// strayKey is a key that scripts put where it does not belong.
const strayKey = "3c7e0d51-9a42-4e6b-8f0d-5b2a7c9e1f34"

// monitor: "monitor 200 FILE" starts a monitor at $MONITOR that answers so and adds what it is sent to a file.
func monitor(ts *testscript.TestScript, neg bool, args []string) {
	code, err := strconv.Atoi(args[0])
	ts.Check(err)
	file := ts.MkAbs(args[1])
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err == nil {
			_, err = fmt.Fprintf(f, "%s %s ", r.Method, r.URL)
		}
		if err == nil {
			_, err = io.Copy(f, r.Body)
		}
		if err = errors.Join(err, r.Header.Write(f)); err != nil {
			code = http.StatusTeapot
		}
		fmt.Fprintln(f)
		f.Close()
		w.WriteHeader(code)
	}))
	ts.Defer(s.Close)
	ts.Setenv("MONITOR", s.URL)
}

// exits: "exits 3 agc-export export" runs a program and wants that exit code, and that no
// key shows in what it prints.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG ...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
	for _, key := range []string{faketenant.Key, strayKey} {
		if said := ts.ReadFile("stdout") + ts.ReadFile("stderr"); strings.Contains(said, key) {
			ts.Fatalf("the key %s is shown", key)
		}
	}
}

// calls: "calls download 0" wants that many requests of a kind since the tenant
// began; "calls" alone forgets the requests so far.
func calls(ts *testscript.TestScript, neg bool, args []string) {
	fake := ts.Value(serversKey{}).(*servers).fake
	if len(args) == 0 {
		fake.ResetCounts()
		return
	}
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	if got := fake.Counts()[args[0]]; (got == want) == neg {
		ts.Fatalf("%d requests of %s, want %d; all: %v", got, args[0], want, fake.Counts())
	}
}

// noSecret wants that no file below the script's folder, nor what the last program
// printed, holds the key. It says how many files it read.
func noSecret(ts *testscript.TestScript, neg bool, args []string) {
	read := 0
	err := filepath.WalkDir(ts.MkAbs("."), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		read++
		if strings.Contains(string(data), faketenant.Key) {
			ts.Fatalf("%s holds the secret key", path)
		}
		return err
	})
	ts.Check(err)
	if out := ts.ReadFile("stdout") + ts.ReadFile("stderr"); strings.Contains(out, faketenant.Key) {
		ts.Fatalf("the program printed the secret key")
	}
	for _, call := range ts.Value(serversKey{}).(*servers).fake.Calls() {
		if strings.Contains(call, faketenant.Key) {
			ts.Fatalf("a request holds the secret key in its address")
		}
	}
	if read < 10 {
		ts.Fatalf("only %d files were read: the test looks at the wrong place", read)
	}
}

// count: "count 2 out/0*" wants that many files to match a glob.
func count(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	found, err := filepath.Glob(ts.MkAbs(args[1]))
	ts.Check(err)
	if len(found) != want {
		ts.Fatalf("%d files match %s, want %d: %v", len(found), args[1], want, found)
	}
}

// busy: "busy agc-export export" starts a program against a tenant that never answers and
// comes back when the first request is there: then it holds what it locks, for good.
func busy(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serversKey{}).(*servers)
	s.mu.Lock()
	s.hold = make(chan struct{}, 100)
	s.mu.Unlock()
	s.busy = started(ts, args)
	ts.Check(s.busy.Start())
	select {
	case <-s.hold:
	case <-time.After(time.Minute):
		ts.Fatalf("it asked for nothing within a minute")
	}
}

// crowded: "crowded agc-export build" runs a program while another is busy: it must end
// at once with exit code 10 and ask for nothing.
func crowded(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serversKey{}).(*servers)
	cmd := started(ts, args)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	ts.Check(cmd.Start())
	late := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() }) // it would wait for the tenant
	defer late.Stop()
	err := cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != 10 {
		ts.Fatalf("%v: exit code %d, want 10 within ten seconds: %v: %s", args, got, err, out.String())
	}
	who := fmt.Sprintf("process %d on ", s.busy.Process.Pid)
	if said := out.String(); !strings.Contains(said, "is in use by another run") ||
		!strings.Contains(said, who) {
		ts.Fatalf("%v says %s", args, out.String())
	}
	if len(s.hold) > 0 {
		ts.Fatalf("%v asked the tenant for something", args)
	}
}

// killed: "killed" kills the busy program, which can give nothing back, and lets the
// tenant answer again.
func killed(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serversKey{}).(*servers)
	ts.Check(s.busy.Process.Kill())
	_ = s.busy.Wait() // it was killed
	s.mu.Lock()
	s.hold = nil
	s.mu.Unlock()
}

// started is a program of the script with its surroundings, not started.
func started(ts *testscript.TestScript, args []string) *exec.Cmd {
	var cmd *exec.Cmd
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if file := filepath.Join(dir, args[0]); cmd == nil && exists(file) {
			cmd = exec.Command(file, args[1:]...)
		}
	}
	cmd.Dir = ts.MkAbs(".")
	for _, k := range []string{"NANGO_BASE_URL", "NANGO_INTEGRATION_ID", "NANGO_CONNECTION_ID"} {
		cmd.Env = append(cmd.Env, "AGC_EXPORT_"+k+"="+ts.Getenv("AGC_EXPORT_"+k))
	}
	cmd.Env = append(cmd.Env, "NANGO_SECRET_KEY="+ts.Getenv("NANGO_SECRET_KEY"), "HOME="+ts.Getenv("HOME"))
	return cmd
}

// signalled: "signal INT 130 agc-export export" runs a program against a tenant that
// never answers, sends the signal when the first request has come, and wants that
// exit code within ten seconds.
func signalled(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serversKey{}).(*servers)
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	if args[0] == "HUP" && signal.Ignored(syscall.SIGHUP) { // so it is below nohup, and programs inherit it
		ts.Logf("HUP is ignored here")
		return
	}
	s.mu.Lock()
	s.hold = make(chan struct{}, 100)
	s.mu.Unlock()
	cmd := started(ts, args[2:])
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	ts.Check(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-s.hold:
	case <-ended:
		ts.Fatalf("it ended before it asked for anything:\n%s", output.String())
	}
	ts.Check(cmd.Process.Signal(map[string]os.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM,
		"HUP": syscall.SIGHUP}[args[0]]))
	late := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
	defer late.Stop()
	<-ended
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
	s.mu.Lock()
	s.hold = nil
	s.mu.Unlock()
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
