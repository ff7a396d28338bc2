package export

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
)

// A run and check tell of an authorization that was about to end, from 30 days before; what Nango calls renewed longer
// ago than any token lives tells nothing. After a run that Confluence answered it lasts for a year.
func TestAuthorizationEnds(t *testing.T) {
	renewed := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC) // as the tenant of the tests says
	for days, want := range map[int]string{300: "", 334: "", 336: "29", 364: "1", 366: ""} {
		w := newWorld(t, exporttest.Tenant())
		w.at(renewed.AddDate(0, 0, days).Add(-time.Hour))
		log := w.listen()
		a := w.export(t, exit.Complete).Authorization
		if a == nil || a.DaysLeft != 364 || !a.Authorized.Equal(renewed) {
			t.Errorf("after %d days: %+v", days, a)
		}
		if says := strings.Contains(log.String(), "days_left="+want+"\n"); says != (want != "") ||
			want == "" && strings.Contains(log.String(), "about to end") {
			t.Errorf("after %d days the run says %s", days, log)
		}
		c := &Checked{}
		if err := w.Check(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		told := fmt.Sprint(c.Steps)
		if noted := strings.Contains(told, "they end in "+want+" day"); noted != (want != "") {
			t.Errorf("after %d days check says %s", days, told)
		}
		// One that Confluence answered and the guard stopped says the same.
		w.Config.Export.Spaces = []string{"NOPE"}
		if a := w.export(t, exit.Guard).Authorization; a == nil || a.DaysLeft != 364 {
			t.Errorf("after %d days, stopped by the guard: %+v", days, a)
		}
	}
}
