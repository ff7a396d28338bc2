package export

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agc-export/export/exporttest"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/nango"
)

// Neither the key nor the connection's token is in any file that a run writes, mirror
// and audit log among them, in its log, its errors, its report or a dump of the job,
// through either door and whether or not the run succeeds.
func TestSecretsNowhere(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{nango.ModeProxy, nango.ModeCredentials} {
		for name, faults := range map[string][]faketenant.Fault{
			"well": nil,
			"refused": {always("pages+body", 401,
				`{"error":{"code":"unknown_account","message":"no account for `+faketenant.Key+`"}}`)},
			"quoted": {always("pages+body", 400,
				`{"errors":[{"status":400,"code":"`+faketenant.Key+`","title":"bad `+faketenant.Key+`"}]}`)},
			"echoed": {always("download", 500, "<html>"+faketenant.Key+"</html>")},
		} {
			if mode == nango.ModeCredentials && variant(name, "quoted", "echoed") {
				continue
			}
			t.Run(mode+" "+name, func(t *testing.T) {
				w := newWorld(t, exporttest.Tenant(), faults...)
				fake := w.fake.Load()
				if w.Config.Nango.Mode = mode; mode == nango.ModeCredentials {
					fake.Credentials, fake.MediaURL = true, w.Config.Nango.BaseURL
					w.Config.Confluence.APIURL, w.Config.Confluence.MediaHosts = w.Config.Nango.BaseURL,
						[]string{"127.0.0.1"}
				}
				var log bytes.Buffer
				w.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
				report, err := w.Export(t.Context())
				var summary bytes.Buffer
				report.Summary(&summary)
				printed := fmt.Sprintf("%v %+v %#v %+v %#v %v", err, err, err, w.Job, w.Job,
					report) + log.String() + summary.String()
				read := 0
				walk := filepath.WalkDir(filepath.Dir(w.Config.Output.Mirror),
					func(p string, d fs.DirEntry, err error) error {
						if err != nil || !d.Type().IsRegular() {
							return err
						}
						data, err := os.ReadFile(p)
						read++
						for _, secret := range []string{faketenant.Key, fake.Token()} {
							if bytes.Contains(data, []byte(secret)) {
								t.Errorf("%s holds %s", p, secret)
							}
						}
						return err
					})
				if walk != nil || read < 4 || log.Len() == 0 {
					t.Fatalf("%d files and %d bytes of log read: %v", read, log.Len(), walk)
				}
				for _, secret := range []string{faketenant.Key, fake.Token()} {
					if strings.Contains(printed, secret) {
						t.Errorf("%s was printed", secret)
					}
				}
			})
		}
	}
}
