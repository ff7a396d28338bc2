package progress

import (
	"bytes"
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A line holds what is known, in full where the terminal is wide enough, and loses its last parts first.
func TestLine(t *testing.T) {
	begun := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	pages := phase{what: "pages", done: 1250, total: 2000, begun: begun}
	traffic := Traffic{Calls: 1370, Bytes: 1_234_000_000}
	waiting := traffic
	waiting.Until, waiting.Why = begun.Add(5*time.Minute+21*time.Second), "Confluence asks for a pause"
	for _, row := range []struct {
		name  string
		of    phase
		with  Traffic
		after time.Duration
		width int
		want  string
	}{
		{name: "nothing has begun", with: traffic, want: ""},
		{name: "whole", of: pages, with: traffic, after: 5 * time.Minute,
			want: "pages 1,250/2,000 · 1.2 GB · 254 calls/min · 3 min left"},
		{name: "79", of: pages, with: traffic, after: 5 * time.Minute, width: 79,
			want: "pages 1,250/2,000 · 1.2 GB · 254 calls/min · 3 min left"},
		{name: "39", of: pages, with: traffic, after: 5 * time.Minute, width: 39,
			want: "pages 1,250/2,000 · 1.2 GB · 3 min left"},
		{name: "10", of: pages, with: traffic, after: 5 * time.Minute, width: 10, want: "pages 1,25"},
		{name: "just begun", of: pages, with: traffic, after: time.Second, want: "pages 1,250/2,000 · 1.2 GB"},
		{name: "nobody knows how many", of: phase{what: "contents", done: 7, begun: begun}, after: time.Minute,
			want: "contents 7"},
		{name: "waiting", of: pages, with: waiting, after: 5 * time.Minute,
			want: "pages 1,250/2,000 · 1.2 GB · Confluence asks for a pause, 21 s more"},
		{name: "waited", of: pages, with: waiting, after: 6 * time.Minute,
			want: "pages 1,250/2,000 · 1.2 GB · 212 calls/min · 4 min left"},
		{name: "all but done", of: phase{what: "files", done: 9, total: 9, begun: begun}, after: time.Hour,
			want: "files 9/9"},
		{name: "for hours", of: phase{what: "files", done: 1, total: 131, begun: begun}, after: time.Minute,
			want: "files 1/131 · 2 h 10 min left"},
	} {
		got := line(row.of, row.with, sample{at: begun, calls: 100}, begun.Add(row.after), row.width)
		if got != row.want {
			t.Errorf("%s: %q, wanted %q", row.name, got, row.want)
		}
	}
}

// shownFor runs something with a meter that is shown, and returns all that came.
func shownFor(t *testing.T, v View, run func(context.Context, io.Writer)) string {
	t.Helper()
	var out bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		v.Out = &out
		m := &Meter{}
		w, end := Show(m, v)
		run(With(t.Context(), m), w)
		end()
		end()
	})
	return out.String()
}

// steps is a run of 87 seconds: 3 pages, with a word of its own in the middle.
func steps(ctx context.Context, w io.Writer) {
	Begin(ctx, "pages", 3)
	for range 3 {
		time.Sleep(29 * time.Second)
		Count(ctx, 1)
		io.WriteString(w, "said\n")
	}
}

// A terminal has one line; elsewhere one comes each minute; who asks for none gets none. What is written besides
// stands in lines of its own.
func TestShow(t *testing.T) {
	if diff := cmp.Diff("said\nsaid\npages 2/3 · 30 s left\nsaid\n", shownFor(t, View{}, steps)); diff != "" {
		t.Error("no terminal (-want +got):\n", diff)
	}
	if diff := cmp.Diff("said\nsaid\nsaid\n", shownFor(t, View{Quiet: true}, steps)); diff != "" {
		t.Error("quiet (-want +got):\n", diff)
	}
	got := shownFor(t, View{Width: func() int { return 11 }}, func(ctx context.Context, w io.Writer) {
		Begin(ctx, "pages", 3)
		time.Sleep(1100 * time.Millisecond)
		io.WriteString(w, "said\n")
		time.Sleep(time.Second)
	})
	if diff := cmp.Diff(erase+"pages 0/3"+erase+"said\n"+erase+"pages 0/3"+erase, got); diff != "" {
		t.Error("a terminal (-want +got):\n", diff)
	}
	ask := make(chan struct{})
	got = shownFor(t, View{Quiet: true, Ask: ask}, func(ctx context.Context, _ io.Writer) {
		Begin(ctx, "pages", 3)
		Count(ctx, 2)
		ask <- struct{}{}
	})
	if diff := cmp.Diff("pages 2/3\n", got); diff != "" {
		t.Error("asked (-want +got):\n", diff)
	}
}

// A run without a meter has nothing to show, and does not fall over it.
func TestNoMeter(t *testing.T) {
	Begin(t.Context(), "pages", 3)
	Count(t.Context(), 1)
	Watch(t.Context(), func() Traffic { return Traffic{} })
}
