package bucket

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"agc-export/export/exit"
)

// roundTrip is a server in a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// open opens a bucket with credentials of its own, and tells what is sent to it.
func open(t *testing.T, cfg Config, answer roundTrip) *Bucket {
	t.Helper()
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "AKIATEST",
		"AWS_SECRET_ACCESS_KEY": "secretOfTheTests", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
		"AWS_CONFIG_FILE":             filepath.Join(t.TempDir(), "c"),
		"AWS_SHARED_CREDENTIALS_FILE": filepath.Join(t.TempDir(), "s"), "AWS_REGION": "", "AWS_PROFILE": "",
		"AWS_ENDPOINT_URL": "https://elsewhere.example", "AWS_ENDPOINT_URL_S3": "https://elsewhere.example"} {
		t.Setenv(name, value)
	}
	b, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if answer != nil {
		b.one.next = answer
	}
	return b
}

// answers 200 with nothing in it.
func well(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Body: http.NoBody, Header: http.Header{"Etag": {`"x"`}}, Request: r}, nil
}

// Objects go to the host that the configuration names, whatever the environment says: FIPS endpoints among them, with
// the key for their encryption and their SHA-256, and without an MD5.
func TestOneHost(t *testing.T) {
	for _, c := range []struct {
		cfg  Config
		want string
	}{
		{Config{Name: "wiki", Region: "us-gov-west-1"}, "wiki.s3.us-gov-west-1.amazonaws.com/a/b.html"},
		{Config{Name: "wiki", Region: "us-gov-west-1", FIPS: true, KMSKey: "alias/wiki", Prefix: "docs/"},
			"wiki.s3-fips.us-gov-west-1.amazonaws.com/docs/a/b.html"},
		{Config{Name: "wiki", Region: "us-east-1", FIPS: true}, "wiki.s3-fips.us-east-1.amazonaws.com/a/b.html"},
		{Config{Name: "wiki", Endpoint: "https://s3.agency.example"}, "s3.agency.example/wiki/a/b.html"},
	} {
		var sent *http.Request
		b := open(t, c.cfg, func(r *http.Request) (*http.Response, error) { sent = r; return well(r) })
		sum := strings.Repeat("ab", 32)
		_, err := b.Put(t.Context(), "a/b.html", strings.NewReader("x"), 1, sum, Form{Type: "text/html"})
		if err != nil {
			t.Fatal(err)
		}
		h := sent.Header
		at := sent.URL
		if got := at.Host + at.Path; got != c.want || at.Scheme != "https" || b.Host() != at.Host {
			t.Errorf("sent to %s, want %s", sent.URL, c.want)
		}
		if h.Get("X-Amz-Checksum-Sha256") == "" || h.Get("Content-Md5") != "" || h.Get("X-Amz-Trailer") != "" {
			t.Errorf("headers: %v", h)
		}
		kms := map[bool]string{true: "aws:kms", false: ""}[c.cfg.KMSKey != ""]
		if h.Get("X-Amz-Server-Side-Encryption") != kms ||
			h.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id") != c.cfg.KMSKey {
			t.Errorf("encryption: %v", h)
		}
	}
	b := open(t, Config{Name: "wiki", Region: "us-gov-west-1"}, func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 307, Body: http.NoBody, Request: r,
			Header: http.Header{"Location": {"https://elsewhere.example/"}}}, nil
	})
	if err := b.Remove(t.Context(), "a"); err == nil {
		t.Error("a redirect counts as an answer")
	}
	b.one.host = "another.example"
	b.one.next = roundTrip(func(r *http.Request) (*http.Response, error) {
		t.Errorf("a request for %s", r.URL.Host)
		return well(r)
	})
	if err := b.Remove(t.Context(), "a"); err == nil {
		t.Error("a request for another host is sent")
	}
}

// Refusals have their exit codes, and repeat no word of the server.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		status int
		code   string
		exit   int
		says   string
	}{
		{403, "AccessDenied", exit.Auth, "agc-export help upload"},
		{403, "SignatureDoesNotMatch", exit.Auth, "AWS_SECRET_ACCESS_KEY does not belong"},
		{404, "NoSuchBucket", exit.Usage, "[publish] s3"},
		{301, "PermanentRedirect", exit.Usage, "[publish] region"},
		{503, "SlowDown", exit.Budget, "503 SlowDown"},
		{500, "Odd\x1b[31m<b>zq", exit.Failure, "500 Odd31mbzq"},
	} {
		b := open(t, Config{Name: "wiki", Region: "us-gov-west-1"}, func(r *http.Request) (*http.Response, error) {
			body := "<Error><Code>" + strings.NewReplacer("\x1b", "", "<", "&lt;", ">", "&gt;").Replace(c.code) +
				"</Code><Message>zqwords</Message></Error>"
			return &http.Response{StatusCode: c.status, Body: bodyOf(body), Request: r,
				Header: http.Header{"Content-Type": {"application/xml"}}}, nil
		})
		_, err := b.List(t.Context())
		if exit.Code(err) != c.exit || !strings.Contains(err.Error(), c.says) ||
			strings.Contains(err.Error(), "zqwords") {
			t.Errorf("%d %s: exit code %d: %v", c.status, c.code, exit.Code(err), err)
		}
	}
	b := open(t, Config{Name: "wiki", Region: "us-gov-west-1"}, well)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.List(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	b, err := Open(t.Context(), Config{Name: "wiki", Region: "us-gov-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.List(t.Context()); exit.Code(err) != exit.Auth || !strings.Contains(err.Error(), "no credentials") {
		t.Errorf("without credentials: %v", err)
	}
}

func bodyOf(text string) io.ReadCloser { return io.NopCloser(strings.NewReader(text)) }

// A certificate of nobody who is trusted, and a TLS that is too old, are no bucket.
func TestTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	old := httptest.NewUnstartedServer(server.Config.Handler)
	old.Config.ErrorLog = server.Config.ErrorLog
	old.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	old.StartTLS()
	defer old.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	for _, c := range []struct {
		name, url string
		ca        []byte
		fails     bool
	}{{"trusted", server.URL, ca, false}, {"unknown", server.URL, nil, true}, {"TLS 1.1", old.URL, ca, true}} {
		b := open(t, Config{Name: "wiki", Endpoint: c.url, CA: c.ca}, nil)
		if err := b.Remove(t.Context(), "a"); (err != nil) != c.fails {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	_, err := Open(t.Context(), Config{Name: "wiki", Region: "x", CA: []byte("none")})
	if exit.Code(err) != exit.Usage {
		t.Errorf("no certificate: %v", err)
	}
}
