package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/report"
	"agc-export/export/status"
	"agc-export/export/tenantsync"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// What check waits for is short: somebody waits for the answer.
const (
	checkPatience = 5 * time.Second
	checkAnswer   = 30 * time.Second
)

// checker asks step by step whether an export would work. The first step that fails
// ends it, since later ones need the earlier.
type checker struct {
	*Job
	*Checked
	client *fetch.Client
	spaces []wiki.Space // selected
	passed bool         // Nango let a request through
}

// Check asks, step by step, whether an export would work, and tells each to c. It
// returns the first error.
func (j *Job) Check(ctx context.Context, c *Checked) error {
	c.ok("secret key", "found")
	j.Limits.Patience, j.Limits.Answer = checkPatience, checkAnswer
	k := &checker{Job: j, Checked: c}
	for _, step := range []func(context.Context) error{
		k.checkFolders, k.checkNango, k.checkMirror, k.checkAccount, k.checkScopes, k.checkAge, k.checkRules,
		k.checkSpaces, k.checkCost,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	c.note("folders", "restrictions of folders are not in the API: folders count as open")
	return nil
}

// checkFolders makes sure that mirror and output can be made and written, before
// anybody waits for a first run.
func (k *checker) checkFolders(context.Context) error {
	for _, f := range []struct{ what, dir string }{{"mirror", k.Config.Output.Mirror},
		{"output", k.Config.Output.Dir}} {
		if err := writable(f.what, f.dir); err != nil {
			return k.fail(f.what, err)
		}
		k.ok(f.what, f.dir+" can be written")
	}
	return nil
}

// writable makes sure that a folder can be made and written.
func writable(what, dir string) error {
	err := os.MkdirAll(dir, 0o755)
	if what == "mirror" && err == nil {
		err = os.Chmod(dir, 0o700)
	}
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".check-*")
	if err != nil {
		return err
	}
	name := f.Name()
	return errors.Join(f.Close(), os.Remove(name))
}

// checkNango asks whether Nango accepts key, integration and connection, and which
// site they lead to.
func (k *checker) checkNango(ctx context.Context) error {
	var err error
	if k.client, err = k.Job.client(); err != nil {
		return k.fail("nango", err)
	}
	site, err := k.client.Site(ctx)
	k.accepted(err)
	if err != nil {
		return k.failed("site", err)
	}
	name := names.Plain(cmp.Or(k.client.SiteName(ctx), "site"))
	k.Site = &CheckedSite{CloudID: site.CloudID, Name: name, URL: site.URL}
	k.ok("site", fmt.Sprintf("%s (%s), cloud id %s", name, site.URL, site.CloudID))
	return nil
}

// accepted tells once that Nango takes key, integration and connection: when an answer came from beyond it.
func (k *checker) accepted(err error) {
	var (
		answer   *fetch.Error
		sites    *fetch.SitesError
		nowhere  *fetch.NoAddressError
		answered = k.Config.Confluence.CloudID == "" || k.client.Stats().Total() > 0
	)
	beyond := err == nil || errors.As(err, &sites) || errors.As(err, &nowhere) ||
		errors.As(err, &answer) && answer.Code != fetch.CodeNotNango &&
			(answer.Origin == fetch.OriginGateway || answer.Origin == fetch.OriginConfluence)
	if k.passed || !answered || !beyond {
		return
	}
	k.passed = true
	n := k.Config.Nango
	k.ok("nango", fmt.Sprintf("%s accepts the key, integration %s and connection %s", n.BaseURL, n.IntegrationID,
		n.ConnectionID))
}

// failed tells of a failure as the step of who is to blame: until an answer came from beyond Nango, that is Nango.
func (k *checker) failed(step string, err error) error {
	if !k.passed {
		step = "nango"
	}
	return k.fail(step, err)
}

// checkMirror says whether the mirror, if there is one, belongs to the site.
func (k *checker) checkMirror(ctx context.Context) error {
	dir := k.Config.Output.Mirror
	if needMirror(dir) != nil {
		return nil
	}
	m, err := mirror.Open(ctx, dir, mirror.Options{ReadOnly: true})
	if err != nil {
		return k.fail("mirror", err)
	}
	defer m.Close()
	old, known, err := m.Site(ctx)
	if err == nil && known && old.CloudID != k.Site.CloudID {
		err = &exit.GuardError{Text: "the mirror in " + dir + " belongs to " + old.URL + ", not to " + k.Site.URL +
			"; name another in [output] mirror"}
	}
	if err != nil {
		return k.fail("mirror", err)
	}
	return nil
}

// checkAccount asks who the connection is. It is also the proof that Confluence takes the
// credentials at all: v2 answers revoked ones as if nothing existed.
func (k *checker) checkAccount(ctx context.Context) error {
	user, err := k.client.CurrentUser(ctx)
	k.accepted(err)
	if err != nil {
		return k.failed("account", err)
	}
	k.Account = &CheckedAccount{ID: user.AccountID, Name: names.Plain(user.DisplayName)}
	k.ok("account", k.Account.Name+": what this account may not see is not exported")
	return nil
}

// checkScopes compares the scopes of the connection with those that an export uses. What
// is needed and not in the list is tried: a list is no proof.
func (k *checker) checkScopes(ctx context.Context) error {
	granted, err := k.client.Granted(ctx)
	if err != nil {
		return k.fail("scopes", err)
	}
	if len(granted) == 0 {
		k.note("scopes", "not known: the list of sites cannot be asked")
		return nil
	}
	var refusal error
	had := 0
	for _, s := range fetch.Scopes() {
		if !k.uses(s) {
			continue
		}
		held := slices.Contains(granted, s.Name)
		if !held {
			if held, err = k.missed(ctx, s); err != nil {
				return k.fail("scopes", err)
			}
		}
		k.Scopes = append(k.Scopes, CheckedScope{Name: s.Name, For: s.For, Needed: s.Core, Granted: held})
		switch {
		case held:
			had++
		case s.Core && refusal == nil:
			refusal = &exit.UngrantedError{Scope: s.Name, For: s.For}
		}
	}
	for _, name := range granted {
		if strings.HasPrefix(name, "write:") || strings.HasPrefix(name, "delete:") ||
			strings.HasPrefix(name, "manage:") {
			k.note("scopes", names.Plain(name)+
				" is granted; nothing is ever written, and the connection is safer without it")
		}
	}
	if refusal != nil {
		return k.fail("scopes", refusal)
	}
	k.ok("scopes", fmt.Sprintf("%d of %d that can be used are granted", had, len(k.Scopes)))
	return nil
}

// missed looks after a scope that is not in the list, and says whether it is held.
func (k *checker) missed(ctx context.Context, s fetch.Scope) (bool, error) {
	if !s.Core {
		k.note("scopes", fmt.Sprintf("%s is not granted (for: %s)", s.Name, s.For))
		return false, nil
	}
	lacks, err := k.client.Lacks(ctx, s)
	if err == nil && !lacks {
		k.note("scopes", s.Name+" is not in the connection's list, and what it is for is answered all the same")
	}
	return !lacks, err
}

// uses tells whether this configuration makes use of a scope.
func (k *checker) uses(s fetch.Scope) bool {
	switch s.Name {
	case "read:jira-work":
		return k.Config.Export.Jira
	case "write:page:confluence":
		return k.Config.Export.Classification == config.ClassifyPage
	case "read:content.metadata:confluence": // that export has no use for
		return false
	}
	return true
}

// checkAge says how old the authorization is, as far as Nango tells.
func (k *checker) checkAge(ctx context.Context) error {
	const rule = "Atlassian's refresh tokens die after 365 days without use, and 90 days after their owner became " +
		"inactive"
	created, renewed, err := k.client.Authorized(ctx)
	if err != nil {
		return k.fail("credentials", err)
	}
	k.Credentials = &CheckedAge{Authorized: created, Renewed: renewed}
	at, err1 := time.Parse(time.RFC3339, created)
	last, err2 := time.Parse(time.RFC3339, renewed)
	if err1 != nil || err2 != nil {
		k.note("credentials", "their age is not known: the key may not read the connection. "+rule)
		return nil
	}
	text := fmt.Sprintf("authorized on %s, last renewed %s ago. %s", at.Format(time.DateOnly),
		report.Number(max(int(k.Now().Sub(last).Hours()/24), 0), "day"), rule)
	if days, short := status.Short(last, k.Now()); short {
		k.note("credentials", fmt.Sprintf("%s: without a run they end in %s", text, report.Number(days, "day")))
		return nil
	}
	k.ok("credentials", text)
	return nil
}

// checkRules says whether app access rules hide content, and of which spaces.
func (k *checker) checkRules(ctx context.Context) error {
	blocked, err := k.client.ContentBlocked(ctx)
	switch {
	case fetch.IsAbsent(err):
		k.AccessRules = "unknown"
		k.note("access rule", "whether one hides content is not known: "+err.Error())
		return nil
	case err != nil:
		return k.fail("access rule", err)
	case !blocked:
		k.AccessRules = "none"
		k.ok("access rule", "none hides content from this connection")
		return nil
	}
	k.AccessRules = "hides content"
	for sp, err := range k.client.BlockedSpaces(ctx) {
		if err != nil {
			break // which spaces it is, is a kindness
		}
		k.Blocked = append(k.Blocked, sp.Key)
	}
	where := ""
	if len(k.Blocked) > 0 {
		where = " of " + strings.Join(k.Blocked, ", ")
	}
	k.note("access rule", "an app access rule hides content"+where+
		" from this connection; an administrator of the site can say which")
	return nil
}

// checkSpaces lists the spaces that the account sees, and which are selected.
func (k *checker) checkSpaces(ctx context.Context) error {
	visible := 0
	for _, status := range []string{wiki.StatusCurrent, wiki.StatusArchived} {
		for s, err := range k.client.Spaces(ctx, status) {
			if err != nil {
				return k.fail("spaces", err)
			}
			if visible++; k.Config.Export.Wants(s) {
				k.spaces = append(k.spaces, s)
				k.Selected = append(k.Selected, s.Key)
			} else {
				k.LeftOut = append(k.LeftOut, s.Key)
			}
		}
	}
	slices.Sort(k.Selected)
	slices.Sort(k.LeftOut)
	if len(k.Selected) == 0 {
		return k.fail("spaces", &exit.GuardError{Text: fmt.Sprintf("none of the %d visible spaces is selected by "+
			"[export] spaces and exclude_spaces (visible: %s)", visible, strings.Join(k.LeftOut, ", "))})
	}
	for _, want := range k.Config.Export.Named() {
		if !slices.ContainsFunc(k.Selected, func(key string) bool { return strings.EqualFold(key, want) }) {
			return k.fail("spaces", &exit.GuardError{Text: "space " + want +
				" is configured, but the account does not see it (visible: " +
				strings.Join(append(k.Selected, k.LeftOut...), ", ") + ")"})
		}
	}
	k.ok("spaces", fmt.Sprintf("%d of %d visible: %s", len(k.Selected), visible, strings.Join(k.Selected, ", ")))
	if len(k.LeftOut) > 0 {
		k.note("spaces", "left out: "+strings.Join(k.LeftOut, ", "))
	}
	return nil
}

// checkCost estimates what a full run would take. Where the search does not count, it
// is not known, and nothing else depends on it.
func (k *checker) checkCost(ctx context.Context) error {
	cost, err := estimate(ctx, k.client, k.spaces)
	if err != nil && !tenantsync.Stops(err) {
		k.note("cost", "not known: "+err.Error())
		return nil
	}
	if err != nil {
		return k.fail("cost", err)
	}
	k.Cost = &cost
	k.ok("cost", fmt.Sprintf("a full run takes about %s and %s, %s, %s at %d calls a minute; an estimate by what "+
		"the search counts", report.Number(cost.Calls, "call"), report.Number(cost.Downloads, "download"),
		report.Number(cost.Points, "point"), report.Number(cost.Minutes, "minute"), CallsPerMinute))
	return nil
}
