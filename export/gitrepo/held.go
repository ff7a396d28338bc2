package gitrepo

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// What a history holds stands in its tree, in the file .agc-export-ids: the ids of all contents and files of any
// commit. Each commit carries those of the one before on, so the newest tells of all; and since it is part of the
// tree, it cannot be changed without another commit, which Check would find. It holds no titles.

// idsFile is its name. No file of a page or an attachment begins with a dot.
const idsFile = ".agc-export-ids"

// ID is what a history holds: a content, or a file on one, or older versions of a content. What may stay there may
// be a part of a content alone.
type ID struct{ Kind, ID string }

// The kinds of an ID.
const (
	Content    = "content"
	Attachment = "attachment"
	Older      = "older" // with the id of the content
	Part       = "part"
)

// Fact is what is known of it.
type Fact struct {
	Parts int    // of a content: parts that were left out of it, the fewest of any commit
	On    string // of a file: the id of its content
}

// Held is what a history or a snapshot holds.
type Held map[ID]Fact

// with is what a history holds after another snapshot.
func (h Held) with(more Held) Held {
	all := maps.Clone(h)
	if all == nil {
		all = Held{}
	}
	for id, f := range more {
		if was, ok := all[id]; ok {
			f.Parts = min(f.Parts, was.Parts)
		}
		all[id] = f
	}
	return all
}

// text is a line for each id, sorted.
func (h Held) text() []byte {
	lines := make([]string, 0, len(h))
	for id, f := range h {
		more := strconv.Itoa(f.Parts)
		if id.Kind == Attachment {
			more = url.QueryEscape(f.On)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s\n", id.Kind, url.QueryEscape(id.ID), more))
	}
	slices.Sort(lines)
	return []byte("# ids of all pages and files that this history holds; agc-export git reads it\n" +
		strings.Join(lines, ""))
}

// readHeld reads what text wrote. A line that it cannot have written is not ok.
func readHeld(text []byte) (h Held, ok bool) {
	h = Held{}
	for line := range bytes.Lines(text) {
		if bytes.HasPrefix(line, []byte("#")) {
			continue
		}
		f := strings.Fields(string(line))
		if len(f) != 3 {
			return nil, false
		}
		id, err1 := url.QueryUnescape(f[1])
		var fact Fact
		var err2 error
		if f[0] == Attachment {
			fact.On, err2 = url.QueryUnescape(f[2])
		} else {
			fact.Parts, err2 = strconv.Atoi(f[2])
		}
		if err1 != nil || err2 != nil {
			return nil, false
		}
		h[ID{f[0], id}] = fact
	}
	return h, true
}

// Holds returns what the history holds; nothing where there is none.
func (r *Repository) Holds(ctx context.Context) (Held, error) {
	if r.tip == "" {
		return Held{}, nil
	}
	text, err := r.git.run(ctx, nil, "cat-file", "blob", r.tip+":"+idsFile)
	if err != nil {
		return nil, r.damaged(err)
	}
	h, ok := readHeld(text)
	if !ok {
		return nil, r.damaged(&failure{command: "cat-file", text: idsFile + " has another form"})
	}
	return h, nil
}

// keptFile names the ids of what may stay in the history although it is withheld.
const keptFile = "kept"

// Kept returns what a person has said may stay in the history.
func (r *Repository) Kept() (Held, error) {
	data, err := r.read(keptFile)
	h, ok := readHeld(data)
	if !ok {
		return Held{}, err // nobody can have said so
	}
	return h, err
}

// Keep notes it.
func (r *Repository) Keep(kept Held) error {
	if len(kept) == 0 {
		return r.remove(keptFile)
	}
	return r.write(keptFile, kept.text())
}
