package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/fetch/faketenant"
)

// program is this very program, in a process of its own.
func program(t testing.TB, dir string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: exe, Args: append([]string{"agc-export"}, args...), Dir: dir, Env: os.Environ()}
}

// sums reads the checksums of what is published in a folder.
func sums(t *testing.T, dir string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "out", "current", "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A run that is interrupted at any moment ends within ten seconds with the code that
// shells know, leaves a mirror that is as it was stored, and the run after it ends
// where one that was never interrupted does.
func TestSignalsAtRandomTimes(t *testing.T) {
	rounds := 4
	if os.Getenv("AGC_LONG") != "" {
		rounds = 30
	}
	fake, err := faketenant.New(demoTenant())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(fake)
	defer server.Close()
	flags := []string{"export", "--quiet", "--site-fetched=false", "--nango-base-url", server.URL,
		"--nango-integration-id", faketenant.Integration, "--nango-connection-id", faketenant.Connection,
		"--export-spaces", "OPS"}
	t.Setenv("NANGO_SECRET_KEY", faketenant.Key)
	newDir := func() string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "agc-export.toml"), []byte(defaults), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	whole := newDir()
	begin := time.Now()
	if out, err := program(t, whole, flags...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	usual := time.Since(begin)
	want := sums(t, whole)
	dice := rand.New(rand.NewPCG(6, 13))
	codes := map[int]int{}
	for round := range rounds {
		dir := newDir()
		sig := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[round%3]
		code := interrupted(t, program(t, dir, flags...), sig, time.Duration(dice.Int64N(int64(usual))))
		codes[code]++
		verifyInterrupted(t, dir)
		if log, err := os.ReadFile(filepath.Join(dir, report.AuditFile)); err == nil {
			lines, _ := report.AuditLines(log)
			if end := `"event":"end"`; !strings.Contains(string(lines[len(lines)-1]), end) ||
				!strings.HasSuffix(string(lines[len(lines)-1]), fmt.Sprintf(`"exit_code":%d}`, code)) {
				t.Errorf("%v: the audit log ends with %s, want the end with code %d", sig, lines[len(lines)-1], code)
			}
		}
		if out, err := program(t, dir, flags...).CombinedOutput(); err != nil {
			t.Fatalf("round %d: the next run: %v: %s", round, err, out)
		}
		if diff := cmp.Diff(want, sums(t, dir)); diff != "" {
			t.Errorf("round %d: the next run's output differs (-want +got):\n%s", round, diff)
		}
	}
	t.Logf("exit codes: %v", codes)
	if codes[129]+codes[130]+codes[143] < rounds/3 {
		t.Error("too few runs were interrupted: the test has lost its point")
	}
}

// interrupted runs a program, sends it a signal after a while and returns its exit code.
func interrupted(t *testing.T, cmd *exec.Cmd, sig syscall.Signal, after time.Duration) int {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Signal(sig) })
	defer timer.Stop()
	late := time.AfterFunc(after+10*time.Second, func() { cmd.Process.Kill() })
	defer late.Stop()
	cmd.Wait() // its code is what counts
	code := cmd.ProcessState.ExitCode()
	if early := code == -1 && cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() == sig; early {
		return 128 + int(sig) // before the program could catch anything
	}
	if code != 0 && code != 128+int(sig) {
		t.Errorf("%v after %v: exit code %d", sig, after, code)
	}
	return code
}

// verifyInterrupted checks what an interrupted run left: at the most files that came
// whole and whose rows were not written yet, of which the next run makes use.
func verifyInterrupted(t *testing.T, dir string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "mirror", "mirror.db")); err != nil {
		return // it did not come that far
	}
	cfg := config.Output{Mirror: filepath.Join(dir, "mirror"), Dir: filepath.Join(dir, "out")}
	extra := false
	found := func(where, what string) {
		if extra = extra || strings.HasSuffix(what, mirror.ProblemExtra); !strings.HasSuffix(what,
			mirror.ProblemExtra) {
			t.Errorf("after a signal: %s: %s", where, what)
		}
	}
	err := export.Verify(context.Background(), cfg, found, func(string, string) {})
	switch code := exit.Code(err); {
	case code == exit.Complete, code == exit.Usage: // nothing is published yet
	case code == exit.Corrupt && extra:
	case errors.Is(err, fs.ErrNotExist): // the database was not made yet
	default:
		t.Errorf("after a signal: %v", err)
	}
}

// A second signal ends the program at once, whatever it is at.
func TestSecondSignal(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := &exec.Cmd{Path: exe, Args: []string{"agc-stubborn"}, Env: os.Environ()}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
	defer late.Stop()
	for _, want := range []string{"ready", "caught"} {
		var word string
		if _, err := fmt.Fscan(out, &word); err != nil || word != want {
			t.Fatalf("the program says %q, want %q: %v", word, want, err)
		}
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
	}
	cmd.Wait() // it was ended by a signal
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGINT {
		t.Errorf("it ended with %v, want the second signal to end it", cmd.ProcessState)
	}
}

// stubborn catches signals as the program does and then takes no notice.
func stubborn() {
	ctx, _ := catchSignals()
	fmt.Println("ready")
	<-ctx.Done()
	fmt.Println("caught")
	time.Sleep(time.Hour)
}
