package hold

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/report"
)

// Shown is a content that a hold covers, as the mirror has it.
type Shown struct {
	mirror.Entry
	Since  string        // when it was covered, RFC 3339; "": the audit log does not tell
	States []mirror.Kept // of it and of what stands on it, without what they say
}

// Show tells what a hold covers and which states of that were kept. log is the audit log of the mirror.
func (h *Hold) Show(ctx context.Context, m *mirror.Mirror, log []byte) ([]Shown, error) {
	states := map[string][]mirror.Kept{}
	for k, err := range m.Kept(ctx) {
		if err != nil {
			return nil, err
		}
		k.Raw, k.Body.String = nil, ""
		states[k.On] = append(states[k.On], k)
	}
	covered, since := map[string]bool{}, h.since(log)
	for _, id := range h.Covered {
		covered[id] = true
	}
	var all []Shown
	for e, err := range m.WalkEntries(ctx) {
		if err != nil {
			return nil, err
		}
		if !covered[e.ID] && h.Scope.Kind != All {
			continue
		}
		s := Shown{Entry: e, Since: since[e.ID], States: states[e.ID]}
		if h.Scope.Kind == All {
			s.Since = h.Date
		}
		slices.SortFunc(s.States, func(a, b mirror.Kept) int {
			return cmp.Or(cmp.Compare(rank(a.ID), rank(b.ID)), cmp.Compare(a.ID, b.ID),
				cmp.Compare(a.Version, b.Version), cmp.Compare(a.Row, b.Row))
		})
		all = append(all, s)
	}
	return all, nil
}

// rank orders what stands on a content behind it.
func rank(object string) int {
	kind, _, _ := bytes.Cut([]byte(object), []byte("/"))
	return slices.Index([]string{"content", "metadata", "attachment", "comment"}, string(kind))
}

// since is when each content was covered first, as far as the log tells.
func (h *Hold) since(log []byte) map[string]string {
	at := map[string]string{}
	lines, _ := report.AuditLines(log)
	for _, line := range lines {
		var r report.AuditRecord
		if !bytes.Contains(line, []byte(`"held"`)) || json.Unmarshal(line, &r) != nil || r.Event != "held" ||
			r.Detail != fmt.Sprintf("hold %d covers", h.ID) {
			continue
		}
		for _, id := range r.Objects {
			at[id] = cmp.Or(at[id], r.Time)
		}
	}
	return at
}

// Print says it to a person; place tells where a package has the answer about a state.
func Print(w io.Writer, all []Shown, place func(*mirror.Kept) string) {
	for _, s := range all {
		state, since := "", "since when the audit log does not tell"
		if s.Gone != "" {
			state = ", " + s.Gone
		}
		if s.Since != "" {
			since = "covered since " + s.Since
		}
		fmt.Fprintf(w, "%-10s %q (%s)%s; %s\n", names.Plain(s.ID), names.Plain(s.Title), s.Type, state, since)
		for _, k := range s.States {
			now := "as it was"
			if k.Is {
				now = "as it is"
			}
			fmt.Fprintf(w, "           %s, %s of version %d: %s\n", place(&k), now, k.Version, names.Plain(k.ID))
		}
	}
}
