package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// newTransport returns the transport of a client without one: TLS 1.2 or newer,
// the proxy that the environment names (HTTPS_PROXY and NO_PROXY), no header over
// 1 MiB. roots are the authorities that are trusted; nil: those of this machine. The
// wait for a response's header is long, for Nango sends none before it has the whole
// of a body.
func newTransport(workers int, roots *x509.CertPool) *http.Transport {
	dialer := &net.Dialer{Timeout: 20 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		OnProxyConnectResponse: proxyAnswer,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    20 * time.Second,
		ResponseHeaderTimeout:  10 * time.Minute,
		MaxResponseHeaderBytes: 1 << 20,
		MaxIdleConnsPerHost:    workers,
		IdleConnTimeout:        90 * time.Second,
		ForceAttemptHTTP2:      true,
	}
}

// Transport returns a transport of that kind for who speaks to another host than a client does: with the authorities
// of a PEM text beside this machine's, and no patience for a silent server.
func Transport(pem []byte) (*http.Transport, error) {
	roots, err := trust(pem)
	if err != nil {
		return nil, err
	}
	t := newTransport(1, roots)
	t.ResponseHeaderTimeout = 0 // the request's own context has an end
	return t, nil
}

// trust returns the authorities of this machine and those of a PEM text, nil for no
// text. A text without any certificate is an error.
func trust(pem []byte) (*x509.CertPool, error) {
	if len(pem) == 0 {
		return nil, nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // a machine without a list of its own
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, errors.New("nango.ca_file holds no certificate in PEM form")
	}
	return roots, nil
}

// proxyError is a proxy on the way (HTTPS_PROXY) that does not connect.
type proxyError struct{ status int }

func (e *proxyError) Error() string {
	return fmt.Sprintf("the proxy answers %d to CONNECT", e.status)
}

// proxyAnswer makes a proxy's refusal an error that can be told from others.
func proxyAnswer(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return &proxyError{resp.StatusCode}
	}
	return nil
}

// transportCode tells what is permanently wrong (a certificate, a protocol) from
// what may pass.
func transportCode(err error) string {
	var (
		cert    *tls.CertificateVerificationError
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		record  tls.RecordHeaderError
		op      *net.OpError
		proxy   *proxyError
	)
	if errors.As(err, &proxy) && proxy.status < 500 {
		return CodeProxy
	}
	// crypto/tls wraps the alerts of either side in an OpError with these names.
	alert := errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error")
	if alert || errors.As(err, &cert) || errors.As(err, &unknown) || errors.As(err, &host) || errors.As(err, &record) {
		return CodeTLS
	}
	return CodeConnection
}

// tlsHint says what to do about a certificate or protocol that is not acceptable.
func tlsHint(err error) string {
	var (
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &unknown):
		return "if your agency has a certificate authority of its own, name its certificates in nango.ca_file"
	case errors.As(err, &host):
		return "the certificate is for another host: check nango.base_url and what HTTPS_PROXY leads to"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate has expired, or this machine's clock is wrong"
	}
	return "check nango.base_url, and that the server speaks TLS 1.2 or newer"
}
