package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"agc-export/fetch"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/wiki"
)

// TestDownload: the right bytes or an error, whatever comes.
func TestDownload(t *testing.T) {
	const chain = "-----BEGIN-----\n"
	login := faketenant.Fault{Op: "download", Status: 200, Body: "<html>log in</html>", Times: -1}
	for _, tc := range []struct {
		name   string
		title  string
		faults []faketenant.Fault
		want   string // bytes, or a part of the error after "error "
		calls  int
	}{
		{"plain", "chain.txt", nil, chain, 1},
		{"reset", "chain.txt", []faketenant.Fault{{Op: "download", Reset: true}}, chain, 2},
		{"cut", "chain.txt", []faketenant.Fault{{Op: "download", Keep: 3, Times: 2}}, chain, 3},
		{"short", "chain.txt", []faketenant.Fault{{Op: "download", Keep: 3, Short: true}}, chain, 2},
		{"always short", "chain.txt", []faketenant.Fault{{Op: "download", Keep: 3, Short: true, Times: -1}},
			"error download: no answer (size): 3 bytes came, 16 were listed", 3},
		{"too long", "chain.txt", []faketenant.Fault{{Op: "download", Status: 200, Body: chain + "x"}}, chain, 2},
		{"upstream died", "chain.txt", []faketenant.Fault{{Op: "download", Status: 500}}, chain, 2},
		{"a log-in page", "chain.txt", []faketenant.Fault{login}, "error download: edge answered 200 (web_page)", 2},
		{"a web page that is one", "page.html", nil, "<html><body>a file</body></html>\n", 1},
		{"gone", "chain.txt", []faketenant.Fault{{Op: "download", Status: 404,
			Body: `{"statusCode":404,"message":"No attachment"}`}},
			"error download: confluence answered 404: No attachment", 1},
		{"limited", "chain.txt", []faketenant.Fault{{Op: "download", Status: 429,
			Body: `{"code":429,"message":"slow"}`}}, chain, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ten, c := tenant(t, archive(t, "harbor.txtar"), nil, tc.faults...)
			var a wiki.Attachment
			for _, v := range must(t, c.Attachments(t.Context())) {
				if v.Title == tc.title {
					a = v
				}
			}
			var buf bytes.Buffer
			n, err := c.Download(t.Context(), a, func() (io.Writer, error) { buf.Reset(); return &buf, nil })
			got := buf.String()
			if err != nil {
				got = "error " + err.Error()
			}
			if !strings.HasPrefix(got, tc.want) || err == nil && (got != tc.want || n != int64(len(got))) {
				t.Errorf("got  %q, %d\nwant %q", got, n, tc.want)
			}
			if calls := ten.Counts()["download"]; calls != tc.calls {
				t.Errorf("%d calls, want %d", calls, tc.calls)
			}
		})
	}
}

// full is a writer without room.
type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }

// TestDownloadWriter: an error of the writer ends the download at once and is kept.
func TestDownloadWriter(t *testing.T) {
	ten, c := tenant(t, archive(t, "harbor.txtar"), nil)
	a := must(t, c.Attachments(t.Context()))[0]
	noRoom := errors.New("no room")
	for _, open := range []func() (io.Writer, error){
		func() (io.Writer, error) { return full{noRoom}, nil },
		func() (io.Writer, error) { return nil, noRoom },
	} {
		if _, err := c.Download(t.Context(), a, open); !errors.Is(err, noRoom) {
			t.Errorf("error %v", err)
		}
	}
	if n := ten.Counts()["download"]; n != 2 {
		t.Errorf("%d calls", n)
	}
	a.PageID = ""
	if _, err := c.Download(t.Context(), a, nil); !fetch.IsConfig(err) {
		t.Errorf("error %v", err)
	}
}

// endless is a body without end, as far as anybody should find out.
type endless struct{ sent *int64 }

func (e endless) Read(p []byte) (int, error) {
	if *e.sent += int64(len(p)); *e.sent > 64<<20 {
		return 0, io.EOF
	}
	return len(p), nil
}
func (e endless) Close() error { return nil }

// TestDownloadEndless: of a file that has no end no more is taken than was listed.
func TestDownloadEndless(t *testing.T) {
	var sent, kept int64
	w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
		resp := says(200, "")
		resp.Body, resp.ContentLength = endless{&sent}, -1
		return resp, nil
	}}
	c := direct(t, w, func(cfg *fetch.Config) { cfg.Sleep = func(context.Context, time.Duration) error { return nil } })
	_, err := c.Download(t.Context(), wiki.Attachment{ID: "att1", PageID: "1", FileSize: 5},
		func() (io.Writer, error) { return counter{&kept}, nil })
	if !code(fetch.CodeSize)(err) || !strings.Contains(err.Error(), "more bytes came, 5 were listed") || kept > 3*6 ||
		sent > 3<<20 {
		t.Errorf("error %v after %d bytes, of which %d were written", err, sent, kept)
	}
}

// counter counts what is written.
type counter struct{ n *int64 }

func (c counter) Write(p []byte) (int, error) { *c.n += int64(len(p)); return len(p), nil }

// bomb is a gzip stream of so many MiB of spaces, a thousandth of that in size: as many
// members, each of a MiB.
func bomb(mib int) string {
	var member bytes.Buffer
	z := gzip.NewWriter(&member)
	z.Write(bytes.Repeat([]byte(" "), 1<<20))
	z.Close()
	return strings.Repeat(member.String(), mib)
}

// TestBomb: an answer that unpacks to more than any answer may have is given up there. AGC_LONG=1
// unpacks as much as one may have unless it is told otherwise, which takes long for the memory.
func TestBomb(t *testing.T) {
	packed, bound, most := bomb(10), int64(4<<20), int64(5<<20)
	if os.Getenv("AGC_LONG") != "" {
		packed, bound, most = bomb(640), 0, 300<<20
	}
	var answers atomic.Int32
	c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answers.Add(1)
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, packed)
	}), func(cfg *fetch.Config) { cfg.CloudID, cfg.SiteURL, cfg.MaxJSON = "c", "https://s", bound })
	_, err := c.CurrentUser(t.Context())
	if got := c.Stats().Bytes; !code(fetch.CodeTooBig)(err) || answers.Load() != 1 || got > most {
		t.Errorf("error %v after %d answers and %d bytes", err, answers.Load(), got)
	}
}

// TestDownloadSlow: a file may take hours, but not be silent.
func TestDownloadSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
			resp := says(200, "")
			resp.Body = &slow{piece: "x", n: 100, gap: 100 * time.Second}
			if n == 1 {
				resp.Body = &slow{piece: "x", n: 99, gap: 100 * time.Second, hang: r.Context().Done()}
			}
			return resp, nil
		}}
		c := direct(t, w, nil)
		n, err := c.Download(t.Context(), wiki.Attachment{ID: "att1", PageID: "1", FileSize: 100},
			func() (io.Writer, error) { return io.Discard, nil })
		if n != 100 || err != nil || len(w.at) != 2 {
			t.Errorf("%d bytes, %v, requests at %v", n, err, w.at)
		}
	})
}

// raw serves each connection with the bytes of an answer and closes it.
func raw(t *testing.T, answers func(n int) string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for n := 1; ; n++ {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			buf := make([]byte, 4096)
			_, _ = conn.Read(buf)
			_, _ = io.WriteString(conn, answers(n))
			conn.Close()
		}
	}()
	return "http://" + l.Addr().String()
}

// TestCutEverywhere: an answer that is cut after any number of its bytes is asked
// for again, with a length, in chunks, or until the connection ends.
func TestCutEverywhere(t *testing.T) {
	whole := map[string]string{
		"length": fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			len(person), person),
		"chunks": fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: "+
			"chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(person), person),
		"closing": "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + person,
	}
	for name, answer := range whole {
		for cut := range len(answer) {
			var calls atomic.Int32
			base := raw(t, func(n int) string {
				if calls.Add(1); n == 1 {
					return answer[:cut]
				}
				return answer
			})
			c := client(t, http.NotFoundHandler(),
				func(cfg *fetch.Config) { cfg.BaseURL, cfg.CloudID, cfg.SiteURL = base, "c", "https://s" })
			u, err := c.CurrentUser(t.Context())
			if err != nil || u.AccountID != "u" {
				t.Fatalf("%s cut after %d bytes: %v, %v", name, cut, u, err)
			}
			if n := calls.Load(); n != 2 && !(name == "chunks" && cut >= len(answer)-7) {
				t.Errorf("%s cut after %d bytes: %d calls", name, cut, n)
			}
		}
	}
}

// TestNoSecondHost: through the proxy no redirect is followed, neither of what is asked nor
// of a file, wherever it leads; the one request of each is all that is ever sent, so the key
// goes nowhere else.
func TestNoSecondHost(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{"http://169.254.169.254/latest/meta-data/", "https://evil.test/", "//evil.test/",
			"https://nango.test/proxy/elsewhere", "/proxy/elsewhere",
			"https://api.media.atlassian-us-gov-mod.com/x", "https://nango.test:444/", "http://nango.test/",
			"http://127.0.0.1/", "file:///etc/passwd", ""} {
			w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
				if r.URL.Host != "nango.test" || r.URL.Scheme != "https" {
					t.Errorf("a request to %v", r.URL)
				}
				return says(status, "", "Location", to), nil
			}}
			c := direct(t, w, nil)
			_, err := c.CurrentUser(t.Context())
			if !code(fetch.CodeStatus)(err) || len(w.at) != 1 {
				t.Errorf("%d to %q: error %v after %d requests", status, to, err, len(w.at))
			}
			_, err = c.Download(t.Context(), wiki.Attachment{ID: "att1", PageID: "1"},
				func() (io.Writer, error) { return io.Discard, nil })
			if !code(fetch.CodeStatus)(err) || len(w.at) != 2 {
				t.Errorf("%d to %q, of a file: error %v after %d requests", status, to, err, len(w.at))
			}
		}
	}
}

// TestHeaderLimit: a header that is longer than any is refused.
func TestHeaderLimit(t *testing.T) {
	big := raw(t, func(int) string {
		return "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 2<<20) + "\r\n\r\n" +
			person
	})
	c := client(t, http.NotFoundHandler(),
		func(cfg *fetch.Config) { cfg.BaseURL, cfg.CloudID, cfg.SiteURL = big, "c", "https://s" })
	if _, err := c.CurrentUser(t.Context()); err == nil {
		t.Error("a header of 2 MiB is taken")
	}
}

// TestTLS: a server without a good certificate or with an old protocol is refused
// at once, and sees no key.
func TestTLS(t *testing.T) {
	for _, name := range []string{"unknown authority", "protocol version"} {
		var seen atomic.Int32
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Add(1) }))
		srv.Config.ErrorLog = log.New(io.Discard, "", 0)
		if name == "protocol version" {
			srv.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
		}
		srv.StartTLS()
		defer srv.Close()
		c := client(t, http.NotFoundHandler(),
			func(cfg *fetch.Config) { cfg.BaseURL, cfg.CloudID, cfg.SiteURL = srv.URL, "c", "https://s" })
		if _, err := c.CurrentUser(t.Context()); !code(fetch.CodeTLS)(err) || !strings.Contains(err.Error(), name) ||
			seen.Load() != 0 || c.Stats().Total() != 1 {
			t.Errorf("%s: error %v, %d requests seen, %+v", name, err, seen.Load(), c.Stats())
		}
	}
}
