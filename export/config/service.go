package config

import (
	"strings"

	"agc-export/render/expression"
)

// Kubernetes tells each container of the services beside it, in variables that begin with
// the service's name: one that is called agc-export, or agc-export-site, looks like settings.
// https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables

var (
	serviceName = expression.New(
		`^AGC_EXPORT_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|` +
			`PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$`)
	servicePort = expression.New(`^AGC_EXPORT_([A-Z0-9_]+_)?PORT$`)
	serviceAt   = expression.New(`^(tcp|udp|sctp)://`)
)

// isService tells variables that Kubernetes sets from settings.
func isService(name, value string) bool {
	return serviceName.MatchString(name) ||
		servicePort.MatchString(name) && (name == Prefix+"PORT" || serviceAt.MatchString(strings.ToLower(value)))
}
