package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/inventory"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/status"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/nango"
)

// childVar names the environment variable that makes the test binary run one job in
// place of the tests: a process of its own can be killed, signalled and starved.
const childVar = "AGC_EXPORT_TEST_CHILD"

func TestMain(m *testing.M) {
	if order := os.Getenv(childVar); order != "" {
		os.Exit(child(order))
	}
	// Thousands of small runs leave much garbage and keep little: it is cleared less often, while there is room.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
		debug.SetMemoryLimit(768 << 20)
	}
	code := m.Run()
	removeKept()
	os.Exit(code)
}

// childOrder is what a child is told, as JSON.
type childOrder struct {
	Config  config.Config
	Command string   // export, sync, build, verify, status, inventory, serve, git or package
	Addr    string   // where serve listens
	Watched bool     // hand the watching of file operations to the parent, over descriptor 3
	Limits  []limits // set before the job begins
	Clock   string   // RFC 3339; empty: noon
	Real    bool     // wait in earnest before another try
	Git     GitOptions
	Package PackageOptions
	IDs     []string // of a collection
	Peak    bool     // say at the end how much memory was used at the most, as "VmHWM: 12345 kB"
}

// limits is a resource limit of the child.
type limits struct {
	Which int
	Bytes uint64
}

// child carries out an order and returns the exit code.
func child(order string) int {
	var o childOrder
	if err := json.Unmarshal([]byte(order), &o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 99
	}
	if err := o.prepare(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 98
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	err := o.run(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if status, err := os.ReadFile("/proc/self/status"); o.Peak && err == nil {
		fmt.Fprintln(os.Stderr, regexp.MustCompile(`VmHWM:\s*\d+`).FindString(string(status)))
	}
	return exit.Code(err)
}

// prepare sets limits and lets the parent watch.
func (o *childOrder) prepare() error {
	for _, l := range o.Limits {
		if err := setLimit(l.Which, l.Bytes); err != nil {
			return err
		}
	}
	if o.Watched {
		return beWatched(3)
	}
	return nil
}

func (o *childOrder) run(ctx context.Context) error {
	now := noon()
	if o.Clock != "" {
		var err error
		if now, err = time.Parse(time.RFC3339, o.Clock); err != nil {
			return err
		}
	}
	j := &Job{Config: o.Config, Secret: nango.NewKey(faketenant.Key), Command: "test", Version: "test",
		Limits: Limits{Ground: storyGround},
		Now:    func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if !o.Real {
		j.Limits.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	}
	var err error
	switch o.Command {
	case "export":
		_, err = j.Export(ctx)
	case "sync":
		_, err = j.Sync(ctx)
	case "build":
		_, err = j.Build(ctx)
	case "verify":
		say := func(_, what string) { fmt.Fprintln(os.Stderr, what) }
		err = Verify(ctx, o.Config.Output, say, func(string, string) {})
	case "status":
		_, err = status.Tell(o.Config.Output.Mirror, o.Config.Output.Dir, now, status.Limits{MaxAge: time.Hour})
	case "inventory":
		var m *mirror.Mirror
		if m, err = mirror.Open(ctx, o.Config.Output.Mirror, mirror.Options{ReadOnly: true}); err == nil {
			_, err = inventory.Of(ctx, m)
			err = errors.Join(err, m.Close())
		}
	case "serve":
		err = output.Serve(ctx, o.Config.Output.Dir, o.Addr, func(string) {})
	case "git":
		_, err = j.Git(ctx, o.Git)
	case "package":
		j.Command = o.Command // as the audit log knows it
		_, err = j.Package(ctx, o.Package)
	case "collect":
		j.Command = o.Command
		_, err = j.Collect(ctx, CollectOptions{PackageOptions: o.Package, IDs: o.IDs})
	default:
		err = errors.New("no such order: " + o.Command)
	}
	return err
}

// command is the child that carries out an order.
func (o childOrder) command(t testing.TB) *exec.Cmd {
	t.Helper()
	order, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), childVar+"="+string(order))
	return cmd
}

// order is an export of the second day in a copy of the first, and its folder.
func (s *story) order(t testing.TB, w *world) (childOrder, string) {
	dir, err := filepath.EvalSymlinks(filepath.Dir(w.Config.Output.Mirror))
	if err != nil {
		t.Fatal(err)
	}
	return childOrder{Config: w.Config, Command: "export"}, dir
}
