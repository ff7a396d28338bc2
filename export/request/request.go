// Package request decides what of a mirror is packed where that was asked for: all of it, some spaces, a page with
// all below it, or single contents. It parts what every reader may see from the rest, and finds what is asked for
// and went from Confluence. request.go chooses, named.go knows what ids name, asked.go what they and questions find.
package request

import (
	"context"
	"slices"
	"strings"

	"agc-export/export/access"
	"agc-export/export/catalog"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
)

// Request is what is asked for.
type Request struct {
	Spaces     []string // keys; none: all that the configuration exports
	Page       string   // id of the page at the top of a tree; "": all
	Named      []string // ids of contents, these alone; nil: all
	Restricted bool     // what not every reader may see as well, apart
}

// Chosen is what there is of it.
type Chosen struct {
	All, Open, Shut *catalog.Catalog // of both parts together; of each. Shut is nil where that is not asked for
	Went, ShutWent  []catalog.Gone   // what went, of each part
	Withheld        map[string]int   // contents that the open part has not, by reason
}

// choosing is a choice under way.
type choosing struct {
	Request
	ctx     context.Context
	m       *mirror.Mirror
	cfg     config.Config
	named   map[string]bool
	parents map[string]string // of all contents
	gone    []catalog.Gone
}

// Choose chooses.
func (q Request) Choose(ctx context.Context, m *mirror.Mirror, cfg config.Config) (*Chosen, error) {
	r := &choosing{Request: q, ctx: ctx, m: m, cfg: cfg, named: map[string]bool{}, parents: map[string]string{}}
	if len(q.Spaces) > 0 {
		r.cfg.Export.Spaces = q.Spaces
	}
	for _, id := range q.Named {
		r.named[id] = true
	}
	for e, err := range m.WalkEntries(ctx) {
		if err != nil {
			return nil, err
		}
		r.parents[e.ID] = e.ParentID
	}
	open, err := r.read(r.cfg, nil)
	if err != nil {
		return nil, err
	}
	all := open
	if q.Restricted {
		if all, err = r.read(r.shown(), nil); err != nil {
			return nil, err
		}
	}
	if r.gone, err = open.Gone(ctx, m, r.cfg.Export); err != nil {
		return nil, err
	}
	if err := r.check(all, cfg.Export); err != nil {
		return nil, err
	}
	r.gone = slices.DeleteFunc(r.gone, func(g catalog.Gone) bool { return !r.covers(g.ID) })
	return r.part(all, open)
}

// part makes the parts.
func (r *choosing) part(all, open *catalog.Catalog) (c *Chosen, err error) {
	c = &Chosen{All: all, Open: open, Withheld: r.tally(open)}
	for _, g := range r.gone {
		switch {
		case g.Never:
		case g.Why == "":
			c.Went = append(c.Went, g)
		case r.Restricted:
			c.ShutWent = append(c.ShutWent, g)
		}
	}
	if r.Page != "" || r.Named != nil {
		if c.All, err = r.read(r.shown(), r.selection(all, r.asked(all))); err != nil {
			return nil, err
		}
		if c.Open, err = r.read(r.cfg, r.selection(open, r.asked(open))); err != nil {
			return nil, err
		}
	}
	if r.Restricted {
		rest := slices.DeleteFunc(slices.Clone(c.All.Nodes), func(n *catalog.Node) bool {
			o := c.Open.ByID[n.ID]
			return o != nil && !o.Held || c.All.Titled(n.ID)
		})
		c.Shut, err = r.read(r.shown(), r.selection(c.All, rest))
	}
	return c, err
}

// shown is a configuration that leaves out nothing for its readers' sake, where that is asked for.
func (r *choosing) shown() config.Config {
	cfg := r.cfg
	if r.Restricted {
		cfg.Export.Restricted, cfg.Export.Conditional = config.RestrictedInclude, config.ConditionalShow
	}
	return cfg
}

// read reads what is published by a configuration, of a selection perhaps, under names for every archive's tools.
func (r *choosing) read(cfg config.Config, only *output.Holdings) (*catalog.Catalog, error) {
	c, err := catalog.Read(r.ctx, r.m, cfg, only, nil)
	if err == nil {
		c.Port()
	}
	return c, err
}

// check wants the spaces and the page that are asked for to be among what may be packed.
func (r *choosing) check(c *catalog.Catalog, cfg config.Export) error {
	for _, key := range r.Spaces {
		wanted := func(s *catalog.Space) bool { return strings.EqualFold(s.Key, key) && cfg.Wants(s.Space.Space) }
		if !slices.ContainsFunc(c.Spaces, wanted) &&
			!slices.ContainsFunc(r.gone, func(g catalog.Gone) bool { return wanted(g.Space) }) {
			return &exit.UsageError{Text: "the mirror has no space " + config.Told(key) + " that is exported",
				Hint: "[export] spaces says which are."}
		}
	}
	if r.Page != "" && c.ByID[r.Page] == nil && !slices.ContainsFunc(r.gone, func(g catalog.Gone) bool {
		return g.ID == r.Page && !g.Never && (g.Why == "" || r.Restricted)
	}) {
		return &exit.UsageError{Text: "no page " + config.Told(r.Page) + " may be packed",
			Hint: "--page takes the id in the page's address. What not every reader may see is packed with " +
				"--restricted."}
	}
	return nil
}

// covers tells whether a content is asked for by its id.
func (r *choosing) covers(id string) bool {
	if r.Named != nil {
		return r.named[id]
	}
	for range len(r.parents) {
		if r.Page == "" || id == r.Page {
			return true
		}
		if id == "" {
			break
		}
		id = r.parents[id]
	}
	return false
}

// asked are the contents of a catalog that are asked for.
func (r *choosing) asked(c *catalog.Catalog) (all []*catalog.Node) {
	if r.Named == nil {
		return tree(c, r.Page)
	}
	for _, n := range c.Nodes {
		if r.named[n.ID] {
			all = append(all, n)
		}
	}
	return all
}

// tree are a content and all that stands below it.
func tree(c *catalog.Catalog, id string) (all []*catalog.Node) {
	top := c.ByID[id]
	if top == nil { // not in this part
		return nil
	}
	all = []*catalog.Node{top}
	for i := 0; i < len(all); i++ {
		all = append(all, all[i].Children...)
	}
	return all
}

// selection is a selection of what a catalog publishes. Of what is asked for one by one the contents above are in it
// by their titles.
func (r *choosing) selection(c *catalog.Catalog, nodes []*catalog.Node) *output.Holdings {
	h := &output.Holdings{Site: c.Site().CloudID, Spaces: map[string]bool{}, Contents: map[string]bool{},
		Files: map[string]bool{}, SpaceOf: map[string]string{}, Titled: map[string]bool{}, Why: access.Unpackaged}
	for _, n := range nodes {
		h.Spaces[n.Space.ID], h.Contents[n.ID], h.SpaceOf[n.ID] = true, true, n.Space.Key
		for _, a := range n.Files {
			h.Files[a.ID] = true
		}
	}
	if r.Named == nil {
		return h
	}
	for _, n := range nodes {
		for up := n.Parent; up != nil && !h.Contents[up.ID]; up = up.Parent {
			h.Contents[up.ID], h.Titled[up.ID], h.SpaceOf[up.ID] = true, true, up.Space.Key
		}
	}
	return h
}

// tally counts what is asked for and in no open part, by reason.
func (r *choosing) tally(c *catalog.Catalog) map[string]int {
	gone := map[string]*catalog.Gone{}
	for i := range r.gone {
		gone[r.gone[i].ID] = &r.gone[i]
	}
	tally := map[string]int{}
	for id := range r.parents {
		why, g := c.Why(id), gone[id]
		if why == "" || !r.covers(id) || g != nil && g.Why == "" {
			continue
		}
		if g != nil {
			why = g.Why
		} else if elsewhere := why == access.NotExported || why == access.SpaceDeleted; elsewhere &&
			r.Page == "" && r.Named == nil {
			continue
		}
		tally[why]++
	}
	return tally
}
