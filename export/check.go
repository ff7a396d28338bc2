package export

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"agc-export/export/mirror"
	"agc-export/fetch"
)

// checkPatience is short: somebody waits for the answer.
const checkPatience = 5 * time.Second

// Check asks, step by step, whether an export would work, and prints for each step
// whether it is well, and if not, what to do. It returns the first error; later steps
// that need an earlier one are left out.
func (j *Job) Check(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, "ok    secret key   found\n")
	j.Patience = checkPatience
	if err := checkWritable(w, "mirror", j.Config.Output.Mirror); err != nil {
		return err
	}
	if err := checkWritable(w, "output", j.Config.Output.Dir); err != nil {
		return err
	}
	client, err := j.client()
	if err != nil {
		return failed(w, "nango", err)
	}
	site, err := client.Site(ctx)
	if err != nil {
		return failed(w, "nango", err)
	}
	fmt.Fprintf(w, "ok    nango        %s accepts the key, integration %s and connection %s\n", j.Config.Nango.BaseURL, j.Config.Nango.IntegrationID, j.Config.Nango.ConnectionID)
	fmt.Fprintf(w, "ok    site         %s (%s), cloud id %s\n", plain(cmp.Or(client.SiteName(ctx), "site")), site.URL, site.CloudID)
	if err := j.checkMirror(ctx, w, site); err != nil {
		return err
	}
	user, err := client.CurrentUser(ctx)
	if err != nil {
		return failed(w, "account", err)
	}
	fmt.Fprintf(w, "ok    account      %s: what this account may not see is not exported\n", plain(user.DisplayName))
	if blocked, err := client.ContentBlocked(ctx); err == nil && blocked {
		fmt.Fprintf(w, "note  access rule  an app access rule hides content from this connection; an administrator of the site can say which\n")
	}
	return j.checkSpaces(ctx, w, client)
}

// checkMirror says whether the mirror, if there is one, belongs to the site.
func (j *Job) checkMirror(ctx context.Context, w io.Writer, site fetch.Site) error {
	if needMirror(j.Config.Output.Mirror) != nil {
		return nil
	}
	m, err := mirror.Open(ctx, j.Config.Output.Mirror, mirror.Options{ReadOnly: true})
	if err != nil {
		return failed(w, "mirror", err)
	}
	defer m.Close()
	old, known, err := m.Site(ctx)
	if err == nil && known && old.CloudID != site.CloudID {
		err = &GuardError{"the mirror in " + j.Config.Output.Mirror + " belongs to " + old.URL + ", not to " + site.URL + "; name another in [output] mirror"}
	}
	if err != nil {
		return failed(w, "mirror", err)
	}
	return nil
}

// checkSpaces lists the spaces that the account sees, and which are selected.
func (j *Job) checkSpaces(ctx context.Context, w io.Writer, client *fetch.Client) error {
	var all []fetch.Space
	for _, status := range []string{fetch.StatusCurrent, fetch.StatusArchived} {
		for s, err := range client.Spaces(ctx, status) {
			if err != nil {
				return failed(w, "spaces", err)
			}
			all = append(all, s)
		}
	}
	var selected, left []string
	for _, s := range all {
		if j.Config.Export.wants(s) {
			selected = append(selected, s.Key)
		} else {
			left = append(left, s.Key)
		}
	}
	slices.Sort(selected)
	slices.Sort(left)
	if len(selected) == 0 {
		return failed(w, "spaces", &GuardError{fmt.Sprintf("none of the %d visible spaces is selected by [export] spaces and exclude_spaces (visible: %s)", len(all), strings.Join(left, ", "))})
	}
	for _, want := range j.Config.Export.Spaces {
		if !strings.ContainsAny(want, `*?[\`) && !slices.ContainsFunc(selected, func(k string) bool { return strings.EqualFold(k, want) }) {
			return failed(w, "spaces", &GuardError{"space " + want + " is configured, but the account does not see it (visible: " + strings.Join(append(selected, left...), ", ") + ")"})
		}
	}
	fmt.Fprintf(w, "ok    spaces       %d of %d visible: %s\n", len(selected), len(all), strings.Join(selected, ", "))
	if len(left) > 0 {
		fmt.Fprintf(w, "      left out     %s\n", strings.Join(left, ", "))
	}
	return nil
}

// checkWritable makes sure that a folder can be made and written.
func checkWritable(w io.Writer, what, dir string) error {
	err := os.MkdirAll(dir, 0o755)
	if what == "mirror" && err == nil {
		err = os.Chmod(dir, 0o700)
	}
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(dir, ".check-*"); err == nil {
			name := f.Name()
			f.Close()
			err = os.Remove(name)
		}
	}
	if err != nil {
		return failed(w, what, err)
	}
	fmt.Fprintf(w, "ok    %-12s %s can be written\n", what, dir)
	return nil
}

// failed prints a step that is not well and passes its error on.
func failed(w io.Writer, what string, err error) error {
	fmt.Fprintf(w, "FAIL  %-12s %v\n", what, err)
	return err
}

// plain makes a name from the wiki harmless in a terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '�'
		}
		return r
	}, s)
}
