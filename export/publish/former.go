package publish

import (
	"cmp"
	"net/url"
	"strings"
	"sync"

	"agc-export/export/address"
	"agc-export/export/catalog"
	"agc-export/export/titles"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// bareTitles finds contents by what an address makes of their titles.
type bareTitles struct {
	once   sync.Once
	nodes  map[string]*catalog.Node // nil where several have it
	secret map[string]bool          // space and title; without space: in any
}

// former turns an address of a site that the wiki was before into a link to what is published
// of the space and title that it names, or to what may not be. It is not ok for all else:
// that stays the address that it is.
func (l *linker) former(from markdown.Page, u *url.URL) (markdown.Ref, bool) {
	t, ok := l.sites.Former(u)
	if !ok {
		return markdown.Ref{}, false
	}
	shut := l.named(from, &t)
	if t.Container != nil {
		shut = l.named(from, t.Container)
	}
	if shut {
		return catalog.RestrictedRef, true
	}
	ref := l.Resolve(from, t)
	return ref, ref.ID != "" || catalog.IsSilent(ref)
}

// named makes a target by title one by number where no title is written so, but one has the
// same letters. It reports those of which one may not be published.
func (l *linker) named(from markdown.Page, t *markdown.Target) (shut bool) {
	if t.Kind != markdown.TargetPage && t.Kind != markdown.TargetBlogPost {
		return false
	}
	kind := map[bool]string{true: wiki.TypeBlogPost, false: wiki.TypePage}[t.Kind == markdown.TargetBlogPost]
	space := cmp.Or(t.SpaceKey, from.SpaceKey)
	key := catalog.TitleKey(space, kind, t.Title)
	if l.catalog.Titles[key] != nil || l.catalog.Secret.Named(space, t.Title) != titles.Nothing {
		return false
	}
	l.bare.once.Do(l.bare.fill(l.catalog))
	title := titles.Folded(t.Title)
	shut = l.bare.secret[bareKey(strings.ToUpper(space)+"\x00"+title)] || l.bare.secret[bareKey("\x00"+title)]
	if n := l.bare.nodes[bareKey(key)]; n != nil && !shut {
		*t = markdown.Target{Kind: markdown.TargetContent, ID: n.ID, Anchor: t.Anchor}
	}
	return shut
}

// fill returns what fills the table of titles.
func (b *bareTitles) fill(c *catalog.Catalog) func() {
	return func() {
		b.nodes, b.secret = make(map[string]*catalog.Node, len(c.Titles)), map[string]bool{}
		for key, n := range c.Titles {
			bare := bareKey(key)
			if other, taken := b.nodes[bare]; taken && other != n {
				n = nil
			}
			b.nodes[bare] = n
		}
		c.Secret.Each(func(space, title string) { b.secret[bareKey(space+"\x00"+title)] = true })
	}
}

// bareKey is a key of a title, see titleKey, with the title as addresses have it. A title
// without a letter has none of its own.
func bareKey(key string) string {
	at := strings.LastIndexByte(key, 0) + 1
	return key[:at] + cmp.Or(address.Bare(key[at:]), key[at:])
}
