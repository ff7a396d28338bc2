package fetch_test

import (
	"context"
	"io/fs"
	"iter"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"agc-export/fetch"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/nango"
)

// archive returns the files of testdata/name.
func archive(t testing.TB, name string) fs.FS {
	t.Helper()
	a, err := txtar.ParseFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, f := range a.Files {
		files[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return files
}

// tenant serves the files with the faults, and returns the tenant with a client
// for it that never really waits. Edit may change the client's settings.
func tenant(t testing.TB, files fs.FS, edit func(*fetch.Config), faults ...faketenant.Fault) (*faketenant.Tenant,
	*fetch.Client) {
	t.Helper()
	ten, err := faketenant.New(files, faults...)
	if err != nil {
		t.Fatal(err)
	}
	return ten, client(t, ten, edit)
}

// client returns a client of a handler that never really waits.
func client(t testing.TB, h http.Handler, edit func(*fetch.Config)) *fetch.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	cfg := fetch.Config{
		BaseURL: srv.URL, Integration: faketenant.Integration, Connection: faketenant.Connection,
		Secret: nango.NewKey(faketenant.Key),
		Sleep:  func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	if edit != nil {
		edit(&cfg)
	}
	c, err := fetch.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// collect returns all of a sequence, or the error that ended it.
func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for v, err := range seq {
		if err != nil {
			return all, err
		}
		all = append(all, v)
	}
	return all, nil
}

// must returns all of a sequence that must not fail.
func must[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	all, err := collect(seq)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
