package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"agc-export/fetch/faketenant"
)

// authority is a certificate authority that no machine knows.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string // its certificate, PEM
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{file: filepath.Join(t.TempDir(), "ca.pem")}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Agency CA"}, IsCA: true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour)}
	der, key := a.sign(t, template)
	a.key = key
	var err error
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(a.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// sign makes a certificate with a key of its own; the authority's first signs itself.
func (a *authority) sign(t *testing.T, template *x509.Certificate) ([]byte, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	return der, key
}

// serve starts a tenant over TLS with a certificate of the authority.
func (a *authority) serve(t *testing.T, host string, until time.Time, version uint16) (server *httptest.Server,
	requests *atomic.Int32) {
	t.Helper()
	fake, err := faketenant.New(demoTenant())
	if err != nil {
		t.Fatal(err)
	}
	requests = &atomic.Int32{}
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		fake.ServeHTTP(w, r)
	}))
	template := &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if ip := net.ParseIP(host); ip != nil {
		template.DNSNames, template.IPAddresses = nil, []net.IP{ip}
	}
	der, key := a.sign(t, template)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		MinVersion: tls.VersionTLS10, MaxVersion: version}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, requests
}

// runTLS runs the program against an address, and returns its exit code and its words.
func runTLS(t *testing.T, base, ca string, env ...string) (int, string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "agc-export.toml"), []byte(defaults), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := program(t, dir, "sync", "--quiet", "--nango-base-url", base,
		"--nango-connection-id", faketenant.Connection, "--nango-ca-file", ca)
	cmd.Env = append(append(cmd.Env, "NANGO_SECRET_KEY="+faketenant.Key), env...)
	out, _ := cmd.CombinedOutput() // the code counts
	if strings.Contains(string(out), faketenant.Key) {
		t.Errorf("the key stands in %s", out)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// Over TLS the program trusts the machine's authorities and those of ca_file, speaks
// 1.2 or newer, says what is wrong with a certificate and what to do, and sends nothing
// where something is.
func TestTLS(t *testing.T) {
	a, soon := newAuthority(t), time.Now().Add(time.Hour)
	nothing := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(nothing, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, host, ca string
		until          time.Time
		version        uint16
		code           int
		says           string
	}{
		{name: "own authority", host: "127.0.0.1", ca: a.file, until: soon, version: tls.VersionTLS13, code: 0},
		{name: "TLS 1.2", host: "127.0.0.1", ca: a.file, until: soon, version: tls.VersionTLS12, code: 0},
		{name: "unknown authority", host: "127.0.0.1", until: soon, version: tls.VersionTLS13, code: 1,
			says: "name its certificates in nango.ca_file"},
		{name: "expired", host: "127.0.0.1", ca: a.file, until: time.Now().Add(-time.Minute), version: tls.VersionTLS13,
			code: 1, says: "has expired, or this machine's clock is wrong"},
		{name: "another host", host: "wiki.example", ca: a.file, until: soon, version: tls.VersionTLS13, code: 1,
			says: "the certificate is for another host"},
		{name: "TLS 1.0", host: "127.0.0.1", ca: a.file, until: soon, version: tls.VersionTLS10, code: 1,
			says: "TLS 1.2 or newer"},
		{name: "TLS 1.1", host: "127.0.0.1", ca: a.file, until: soon, version: tls.VersionTLS11, code: 1,
			says: "TLS 1.2 or newer"},
		{name: "no such file", host: "127.0.0.1", ca: "nowhere.pem", until: soon, version: tls.VersionTLS13, code: 2,
			says: "cannot read [nango] ca_file"},
		{name: "no certificate in it", host: "127.0.0.1", ca: nothing, until: soon, version: tls.VersionTLS13, code: 2,
			says: "holds no certificate"},
	} {
		server, requests := a.serve(t, c.host, c.until, c.version)
		code, out := runTLS(t, server.URL, c.ca)
		if code != c.code || !strings.Contains(out, c.says) || requests.Load() > 0 != (c.code == 0) {
			t.Errorf("%s: exit code %d, want %d, after %d requests: %s, want %q", c.name, code, c.code, requests.Load(),
				out, c.says)
		}
	}
}

// tunnel is a proxy that connects each CONNECT to one address, or refuses.
func tunnel(t *testing.T, to string, refuse int, connects *atomic.Int32) string {
	t.Helper()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connects.Add(1)
		if r.Method != http.MethodConnect || refuse != 0 {
			w.WriteHeader(max(refuse, http.StatusBadRequest))
			return
		}
		server, err := net.Dial("tcp", to)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer server.Close()
		w.WriteHeader(http.StatusOK)
		client, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer client.Close()
		go io.Copy(server, client)
		io.Copy(client, server)
	}))
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// The proxy of the environment is used, by CONNECT, so that it sees neither key nor
// content; one that refuses is named, with what to do, and not asked again.
func TestProxy(t *testing.T) {
	a := newAuthority(t)
	server, requests := a.serve(t, "nango.example", time.Now().Add(time.Hour), tls.VersionTLS13)
	for _, c := range []struct {
		refuse, code int
		says         string
		most         int32
	}{
		{refuse: 0, code: 0, most: 100},
		{refuse: 407, code: 1, says: "the proxy answers 407 to CONNECT; HTTPS_PROXY names a proxy that refuses",
			most: 1},
		{refuse: 403, code: 1, says: "the proxy answers 403 to CONNECT", most: 1},
	} {
		var connects atomic.Int32
		requests.Store(0)
		proxy := tunnel(t, strings.TrimPrefix(server.URL, "https://"), c.refuse, &connects)
		code, out := runTLS(t, "https://nango.example", a.file, "HTTPS_PROXY="+proxy)
		if code != c.code || !strings.Contains(out, c.says) || connects.Load() < 1 || connects.Load() > c.most {
			t.Errorf("proxy that answers %d: exit code %d, want %d, after %d connections: %s", c.refuse, code, c.code,
				connects.Load(), out)
		}
		if (requests.Load() > 0) != (c.code == 0) {
			t.Errorf("proxy that answers %d: %d requests came through", c.refuse, requests.Load())
		}
		code, out = runTLS(t, server.URL, a.file, "HTTPS_PROXY="+proxy) // to this machine: never through a proxy
		if connects.Load() > c.most || code != 1 || !strings.Contains(out, "another host") {
			t.Errorf("to loopback: exit code %d: %s", code, out)
		}
	}
}

// NO_PROXY names what is reached without the proxy. Names below .onion are asked of no
// server, so that nothing leaves this machine where the proxy is passed by.
func TestNoProxy(t *testing.T) {
	a := newAuthority(t)
	server, _ := a.serve(t, "nango.onion", time.Now().Add(time.Hour), tls.VersionTLS13)
	for none, passes := range map[string]bool{"other.onion": false, "nango.onion": true, "x.example,.onion": true,
		"*": true} {
		t.Run(none, func(t *testing.T) {
			t.Parallel()
			calls := "0"
			if passes {
				calls = "1" // not to be tried for long
			}
			var connects atomic.Int32
			proxy := tunnel(t, strings.TrimPrefix(server.URL, "https://"), 0, &connects)
			code, out := runTLS(t, "https://nango.onion", a.file, "HTTPS_PROXY="+proxy, "NO_PROXY="+none,
				"AGC_EXPORT_FETCH_MAX_CALLS="+calls,
				"GODEBUG="+os.Getenv("GODEBUG")+",netdns=go")
			if n := connects.Load(); (n == 0) != passes || (code == 0) == passes {
				t.Errorf("exit code %d after %d connections to the proxy: %s", code, n, out)
			}
		})
	}
}
