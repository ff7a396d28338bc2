package export

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/render/expression"
)

// spentError says that a run has used up what it may ask for, and how far it is.
type spentError struct {
	text  string
	cause error
}

func (e *spentError) Error() string { return e.text }

func (e *spentError) Unwrap() error { return e.cause }

// unfinished counts what is here after a sync that did not come to its end, whatever ended it,
// and returns that error; one of a spent budget with these figures.
func (r *run) unfinished(ctx context.Context, err error) error {
	n, wrong := r.stored(context.WithoutCancel(ctx))
	if wrong != nil {
		return errors.Join(err, wrong)
	}
	r.report.Count(func(s *report.Synced) { s.Unfinished = &n })
	var e *fetch.Error
	if !errors.As(err, &e) || !fetch.IsBudget(err) {
		return err
	}
	f, what := r.Config.Fetch, ""
	switch e.Code {
	case fetch.CodeCalls:
		what = fmt.Sprintf("[fetch] max_calls (%d) is spent", f.MaxCalls)
	case fetch.CodeWait:
		what = fmt.Sprintf("[fetch] max_wait (%d minutes) is spent", f.MaxWait)
	case fetch.CodeDeadline:
		what = fmt.Sprintf("[fetch] deadline (%d minutes) is over", f.Deadline)
	default:
		return err
	}
	return &spentError{what + ": " + report.Here(n) + ".\nNothing new is published, and the last output stays", err}
}

// stored counts what the mirror holds of the spaces that the configuration asks for.
func (r *run) stored(ctx context.Context) (n mirror.Stored, err error) {
	keys, err := r.mirror.SpaceKeys(ctx)
	if err != nil {
		return n, err
	}
	spaces, err := r.mirror.Spaces(ctx)
	if err != nil {
		return n, err
	}
	all, err := r.mirror.Stored(ctx)
	for _, sp := range spaces {
		if r.Config.Export.WantsSpace(sp.Space, keys[sp.ID]) {
			n.Add(all[sp.ID])
		}
	}
	return n, err
}

// tellExposed tells what others could read of the mirror: most of it they cannot any more.
func (r *run) tellExposed() {
	private, open := 0, 0
	for _, e := range r.mirror.Exposed() {
		if e.Private {
			private++
		} else {
			open++
		}
	}
	if private > 0 {
		r.Log.Warn("others could read or write the mirror: it is private again", "files", private)
		r.report.Lack(fmt.Sprintf("%d files or folders of the mirror could be read or written by others until "+
			"now; they are private again", private))
	}
	if open > 0 {
		r.report.Lack(fmt.Sprintf("%d files or folders of the mirror can be read or written by others, and are "+
			"not this user's to change: run chmod -R go= %s", open, r.Config.Output.Mirror))
	}
}

// knownValues are the values that Confluence documents; "" where silence is no news.
var knownValues = map[string][]string{
	"parentType":        {"", "page", "folder", "whiteboard", "database", "embed", "blogpost"},
	"attachment status": {"current", "archived"},
	"comment status":    {"", "current", "archived"},
	"space status":      {"current", "archived"},
	"space type": {"global", "personal", "collaboration", "knowledge_base", "system", "onboarding",
		"xflow_sample_space"},
}

// plainValue is a value that may be repeated: it looks like a name of the API, not like text.
var plainValue = expression.New(`^[A-Za-z0-9_.:-]{1,40}$`)

// nameUnknown names the values that nobody knows. What has them is carried as it is.
func (r *run) nameUnknown(ctx context.Context) error {
	all, err := r.mirror.Values(ctx)
	for _, v := range all {
		if slices.Contains(knownValues[v.Field], v.Value) {
			continue
		}
		value := "none"
		switch {
		case plainValue.MatchString(v.Value):
			value = strconv.Quote(v.Value)
		case v.Value != "":
			value = "of another form"
		}
		r.report.Lack(fmt.Sprintf("what the %s %s means, which %d objects have (%s): they are exported as they are",
			v.Field,
			value, v.Count, names.Plain(v.ID)))
	}
	return err
}
