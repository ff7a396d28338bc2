package site

// tocEntry is a heading with those below it.
type tocEntry struct {
	Heading
	Below []tocEntry
}

// tocDepth is the deepest level that a table of contents lists, tocMax the number
// of headings above which it lists only the second level.
const (
	tocDepth = 4
	tocMax   = 120
)

// toc returns the table of contents of a body, nested by level. A body with less
// than two headings has none.
func toc(b Body) []tocEntry {
	depth := tocDepth
	if len(b.Headings) > tocMax {
		depth = 2
	}
	var listed []Heading
	for _, h := range b.Headings {
		if h.Level <= depth && h.Text != "" {
			listed = append(listed, h)
		}
	}
	if len(listed) < 2 {
		return nil
	}
	return nest(listed)
}

// nest puts each heading below the last one of a smaller level. Levels may be
// skipped; the first headings may be deeper than later ones.
func nest(hs []Heading) []tocEntry {
	var out []tocEntry
	for len(hs) > 0 {
		n := 1
		for n < len(hs) && hs[n].Level > hs[0].Level {
			n++
		}
		out = append(out, tocEntry{hs[0], nest(hs[1:n])})
		hs = hs[n:]
	}
	return out
}
