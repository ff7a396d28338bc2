package access

import (
	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// Closed finds what not every reader of a space may see: contents with view
// restrictions, all that lies below them by any place that was told, and contents of which
// nobody has told who may see them, or where they stand. The API shows a page's own
// restrictions only, so they are passed down here.
func Closed(all []mirror.Entry, unchecked map[string]bool, at mirror.Places) map[string]string {
	return PassDown(all, at, func(e *mirror.Entry) string {
		why := Own(e, unchecked)
		if why == "" && at.Unknown[e.ID] {
			why = Unchecked
		}
		return why
	})
}

// PassDown finds the contents that something closes, or something above them.
func PassDown(all []mirror.Entry, at mirror.Places, own func(*mirror.Entry) string) map[string]string {
	below := map[string][]string{}
	closed := map[string]string{}
	var queue []string
	for i := range all {
		e := &all[i]
		for _, above := range append([]string{e.ParentID}, at.Also[e.ID]...) {
			below[above] = append(below[above], e.ID)
		}
		if why := own(e); why != "" {
			closed[e.ID] = why
			queue = append(queue, e.ID)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, id := range below[queue[0]] {
			if closed[id] == "" {
				closed[id] = closed[queue[0]]
				queue = append(queue, id)
			}
		}
	}
	return closed
}

// Own is the reason of a content itself, "" for none: a restriction of its own, or that
// nobody knows.
func Own(e *mirror.Entry, unchecked map[string]bool) string {
	switch {
	case unchecked[e.ID]:
		return Unchecked
	case len(e.Readers) > 0:
		return Restricted
	case !e.HasMetadata && e.Type != wiki.TypeFolder: // the API does not tell who may see folders
		return Unchecked
	}
	return ""
}
