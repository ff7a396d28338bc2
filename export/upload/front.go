package upload

import (
	"strings"

	"agc-export/render/site"
	"agc-export/templates"
)

// Front is what has to stand before a bucket, as the sample of every generation says it (server/bucket.txt), for a
// site with any address.
func Front() (string, error) {
	samples, err := (&site.Site{}).Servers(templates.FS)
	for _, s := range samples {
		if strings.HasSuffix(s.Path, "/bucket.txt") {
			return strings.TrimSpace(string(s.Data)), err
		}
	}
	return "", err
}
