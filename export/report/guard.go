package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"agc-export/export/mirror"
	"agc-export/export/names"
)

// Advice says what to do. What is not open has left the output already.
func (r *Guard) Advice() string {
	var b strings.Builder
	b.WriteString("\nNothing new is published; what is new is in the mirror. What may not be shown any more, such as " +
		"what is restricted, has left the output all the same.")
	if r.Approve == "" {
		b.WriteString(" If that is right, there is nothing to do: the next run goes on from there.")
		return b.String()
	}
	b.WriteString(" This stays published:")
	writeItems(&b, r.Missing)
	fmt.Fprintf(&b, "\nIf all of this shall leave, run once with --approve-deletions %s, which approves exactly "+
		"this list.", r.Approve)
	return b.String()
}

// Guard is what the guards had against a run, in the report beside the mirror.
type Guard struct {
	Reasons []string `json:"reasons"`
	Approve string   `json:"approve,omitempty"` // for --approve-deletions and --withhold: means exactly Missing
	Missing []Item   `json:"missing,omitempty"`
	Taken   bool     `json:"taken,omitempty"` // [guard] missing = "withhold": Missing is out of the output
}

// Item is an object that is in no list any more.
type Item struct {
	Kind mirror.Kind `json:"kind"`
	ID   string      `json:"id"`
	// trashed, deleted, unseen or unanswered; of what would not be published: why
	State string `json:"state"`
	Space string `json:"space,omitempty"` // key
	Title string `json:"title,omitempty"`
}

// SortItems puts items in the order of kinds and ids.
func SortItems(items []Item) {
	slices.SortFunc(items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind),
			mirror.CompareIDs(a.ID, b.ID))
	})
}

// ApprovalHash names a list of objects: the first 16 hexadecimal digits of the SHA-256
// of its lines "kind id", sorted. Another list has another.
func ApprovalHash(items []Item) string {
	h := sha256.New()
	for _, item := range items {
		fmt.Fprintf(h, "%s %s\n", item.Kind, item.ID)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// ShownItems bounds the missing objects that a message lists.
const ShownItems = 20

// Text says what the guards have against a run, and what to do. It names ids, and no
// titles: those are in the report alone.
func (r *Guard) Text() string {
	var b strings.Builder
	b.WriteString(strings.Join(r.Reasons, ".\n"))
	b.WriteString(".\nNothing was deleted and nothing new is published; what is new is in the mirror.")
	writeItems(&b, r.Missing)
	if r.Approve == "" {
		return b.String()
	}
	fmt.Fprintf(&b, "\nIf all of these were deleted on purpose, run once with --approve-deletions %s, which approves "+
		"exactly this list.", r.Approve)
	b.WriteString("\nIt may be restriction as well as loss: what is restricted away from the account looks like " +
		"this too. ")
	if r.Taken {
		fmt.Fprintf(&b, "They are out of the output, as [guard] missing asks, and nothing new is published until "+
			"they are listed again or approved; --withhold %s keeps exactly this list out and lets the rest be "+
			"published.", r.Approve)
		return b.String()
	}
	fmt.Fprintf(&b, "They stay published until then; --withhold %s takes exactly this list out of the output at "+
		"once, and nothing out of the mirror.", r.Approve)
	return b.String()
}

// writeItems lists objects, the first few.
func writeItems(b *strings.Builder, items []Item) {
	for i, item := range items {
		if i == ShownItems {
			fmt.Fprintf(b, "\n  ... and %d more, all in run.json beside the mirror", len(items)-i)
			break
		}
		fmt.Fprintf(b, "\n  %s %s %s", item.Kind, names.Plain(item.ID), item.State)
	}
}
