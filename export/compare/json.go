package compare

import (
	"encoding/json"
	"io"

	"agc-export/render/change"
)

// The form of `diff --json`: one object, whose schema `help diff` explains.
type (
	allJSON struct {
		Schema int        `json:"schema"`
		From   string     `json:"from"`
		To     string     `json:"to"`
		Pages  []pageJSON `json:"pages"`
		Files  []fileJSON `json:"files"`
	}
	pageJSON struct {
		ID      string     `json:"id"`
		Title   string     `json:"title"`
		Space   string     `json:"space"`
		File    string     `json:"file"`
		State   string     `json:"state"` // new, gone, changed
		Renamed string     `json:"title_before,omitempty"`
		Moved   string     `json:"file_before,omitempty"`
		Version int        `json:"version"`
		Before  int        `json:"version_before,omitempty"`
		Added   int        `json:"words_added"`
		Gone    int        `json:"words_gone"`
		Facts   []factJSON `json:"facts,omitempty"`
		Parts   []partJSON `json:"text,omitempty"`
	}
	factJSON struct {
		Name   string `json:"name"`
		Before string `json:"before"`
		Now    string `json:"now"`
	}
	partJSON struct {
		Same   int         `json:"same,omitempty"` // so many paragraphs are left out, which stayed the same
		Pieces []pieceJSON `json:"pieces,omitempty"`
	}
	pieceJSON struct {
		Op   change.Op `json:"op"` // kept, gone, added
		Text string    `json:"text"`
	}
	fileJSON struct {
		ID    string `json:"id"`
		Title string `json:"title"`
		Page  string `json:"page"`
		State string `json:"state"`
		Size  int64  `json:"size"`
	}
)

// JSON tells of the changes for programs.
func (c *Changes) JSON(w io.Writer) error {
	all := allJSON{Schema: 1, From: c.From, To: c.To, Pages: []pageJSON{}, Files: []fileJSON{}}
	for _, p := range c.Pages {
		all.Pages = append(all.Pages, p.json())
	}
	for _, f := range c.Files {
		all.Files = append(all.Files, fileJSON{f.ID, f.Title, f.Page, state(f.New, f.Gone), f.Size})
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(all)
}

// json is the form of a page.
func (p Page) json() pageJSON {
	j := pageJSON{ID: p.ID, Title: p.Title, Space: p.Space, File: p.File, State: state(p.New, p.Gone),
		Renamed: p.Renamed, Moved: p.Moved, Version: p.Version, Before: p.Before}
	for _, f := range p.Facts {
		j.Facts = append(j.Facts, factJSON(f))
	}
	if p.Words == nil {
		return j
	}
	j.Added, j.Gone = p.Words.Added, p.Words.Gone
	for _, part := range p.Words.Parts {
		out := partJSON{Same: part.Folded}
		for _, piece := range part.Pieces {
			out.Pieces = append(out.Pieces, pieceJSON(piece))
		}
		j.Parts = append(j.Parts, out)
	}
	return j
}
