package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"time"
)

// newTransport returns the transport of a client without one: TLS 1.2 or newer,
// the proxy that the environment names, no header over 1 MiB. The wait for a
// response's header is long, for Nango sends none before it has the whole of a
// body.
func newTransport(workers int) *http.Transport {
	dialer := &net.Dialer{Timeout: 20 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    20 * time.Second,
		ResponseHeaderTimeout:  10 * time.Minute,
		MaxResponseHeaderBytes: 1 << 20,
		MaxIdleConnsPerHost:    workers,
		IdleConnTimeout:        90 * time.Second,
		ForceAttemptHTTP2:      true,
	}
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
	)
	// crypto/tls wraps the alerts of either side in an OpError with these names.
	alert := errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error")
	if alert || errors.As(err, &cert) || errors.As(err, &unknown) || errors.As(err, &host) || errors.As(err, &record) {
		return CodeTLS
	}
	return CodeConnection
}
