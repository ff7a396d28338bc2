package export

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Serve shows the current generation, also one that is published while it runs, with
// headers that keep wiki files from being taken for pages, and ends with its context.
func TestServe(t *testing.T) {
	w := newWorld(t, demoFiles())
	w.export(t, ExitComplete)
	ctx, cancel := context.WithCancel(t.Context())
	address, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- Serve(ctx, w.Config.Output.Dir, "127.0.0.1:0", func(url string) { address <- url })
	}()
	home := <-address
	if body := get(t, home); !strings.Contains(body, "Harbor Safety Agency") {
		t.Errorf("the home is %q", body)
	}
	w.Config.Site.Title = "Another title"
	w.export(t, ExitComplete)
	if body := get(t, home); !strings.Contains(body, "Another title") {
		t.Errorf("the home is still the old one")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	status, body := ask(t, url)
	if status != http.StatusOK {
		t.Fatalf("%s: %d", url, status)
	}
	return body
}

// ask asks a site for an address, and wants the header that all its answers have.
func ask(t *testing.T, url string) (status int, body string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode == http.StatusOK && resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Fatalf("%s: %v, %v, %v", url, resp.Status, resp.Header, err)
	}
	return resp.StatusCode, string(all)
}
