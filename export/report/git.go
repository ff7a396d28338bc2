package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Git says what a run did to a git repository of the published Markdown.
type Git struct {
	Dir     string `json:"dir"`
	Branch  string `json:"branch"`
	Commit  string `json:"commit,omitempty"` // the newest
	New     bool   `json:"new"`              // it was made by this run
	Anew    bool   `json:"anew,omitempty"`   // and is the first of a fresh history
	Changes string `json:"changes,omitempty"`
	LeftOut int    `json:"attachments_left_out,omitempty"` // files above [git] max_attachment_mb
	Copy    string `json:"working_copy,omitempty"`         // why that was left as it is
	// what the history holds although it may not be shown any more
	Withheld *GitWithheld `json:"history_withheld,omitempty"`
}

// GitWithheld is what the history of a repository holds that is withheld now, by ids alone.
type GitWithheld struct {
	Pages       []string       `json:"pages"`
	Attachments []string       `json:"attachments,omitempty"` // of pages that are not withheld
	Reasons     map[string]int `json:"reasons"`
	Kept        bool           `json:"kept"` // a person said that it may stay
}

// Text says how much it is: "2 withheld pages and 1 withheld attachments".
func (w *GitWithheld) Text() string {
	var parts []string
	if n := len(w.Pages); n > 0 {
		parts = append(parts, fmt.Sprintf("%d withheld pages", n))
	}
	if n := len(w.Attachments); n > 0 {
		parts = append(parts, fmt.Sprintf("%d withheld attachments", n))
	}
	return strings.Join(parts, " and ")
}

// List says for a person why, and names the first ids.
func (w *GitWithheld) List() string {
	var b strings.Builder
	for _, why := range slices.Sorted(maps.Keys(w.Reasons)) {
		fmt.Fprintf(&b, "\n  %d: %s", w.Reasons[why], why)
	}
	all := append(slices.Clone(w.Pages), w.Attachments...)
	fmt.Fprintf(&b, "\n  %s", strings.Join(all[:min(ShownItems, len(all))], ", "))
	if n := len(all) - ShownItems; n > 0 {
		fmt.Fprintf(&b, " and %d more, see run.json beside the mirror", n)
	}
	return b.String()
}

// summary prints it for a person.
func (g *Git) summary(w io.Writer) {
	switch {
	case g.Commit == "":
	case g.New && g.Anew:
		fmt.Fprintf(w, "committed  %.12s to %s in %s, a fresh history: %s\n", g.Commit, g.Branch, g.Dir, g.Changes)
	case g.New:
		fmt.Fprintf(w, "committed  %.12s to %s in %s: %s\n", g.Commit, g.Branch, g.Dir, g.Changes)
	default:
		fmt.Fprintf(w, "committed  nothing: what is published is commit %.12s in %s\n", g.Commit, g.Dir)
	}
	if g.LeftOut > 0 {
		fmt.Fprintf(w, "left out   %d attachments: [git] max_attachment_mb\n", g.LeftOut)
	}
	if g.Copy != "" {
		fmt.Fprintf(w, "note       %s\n", g.Copy)
	}
	if g.Withheld != nil && g.Withheld.Kept {
		fmt.Fprintf(w, "history    still holds %s, as --keep-history said:%s\n", g.Withheld.Text(), g.Withheld.List())
	}
}
