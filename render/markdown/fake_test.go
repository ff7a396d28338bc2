package markdown

import (
	"errors"
	"net/url"
	"slices"
	"strings"
)

// fake is the tenant of the tests: a few pages of two spaces, some files, two users.
// What it does not know is not exported.
type fake struct {
	pages []fakePage
	mute  bool // Find cannot answer
}

type fakePage struct {
	id, kind, space, title, path, parent, body string
	labels                                     []string
}

const site = "https://acme.atlassian-us-gov-mod.net/wiki"

func newFake() fake {
	return fake{pages: []fakePage{
		{id: "1", kind: "page", space: "ENG", title: "Home", path: "ENG/home.md", body: "<p>Welcome.</p>"},
		{id: "2", kind: "page", space: "ENG", title: "Test page", path: "ENG/test-page.md", parent: "1",
			labels: []string{"alpha", "beta"}},
		{id: "3", kind: "page", space: "ENG", title: "Runbook", path: "ENG/runbook.md", parent: "2",
			labels: []string{"alpha"},
			body: `<h1>First steps</h1><p>Call <strong>someone</strong>.</p><ac:structured-macro ac:name="excerpt">` +
				`<ac:parameter ac:name="name">short</ac:parameter><ac:rich-text-body>` +
				`<p>In short.</p></ac:rich-text-body></ac:structured-macro>` +
				`<ac:structured-macro ac:name="details"><ac:rich-text-body><table><tbody><tr><th>Owner</th>` +
				`<td>Ann</td></tr><tr><th>Due</th><td><time datetime="2026-05-04"/></td></tr></tbody></table>` +
				`</ac:rich-text-body></ac:structured-macro>` +
				`<ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status>` +
				`<ac:task-body>Write it down</ac:task-body></ac:task></ac:task-list>` +
				`<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-node type="decision-item">` +
				`<ac:adf-attribute key="state">DECIDED</ac:adf-attribute>` +
				`<ac:adf-content>Keep it</ac:adf-content></ac:adf-node></ac:adf-node></ac:adf-extension>`},
		{id: "4", kind: "page", space: "ENG", title: "Loop", path: "ENG/loop.md", parent: "3",
			body: `<p>Round</p><ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link>` +
				`<ri:page ri:content-title="Loop"/></ac:link></ac:parameter></ac:structured-macro>`},
		{id: "5", kind: "blogpost", space: "ENG", title: "News", path: "ENG/blog/2026-05-04-news.md"},
		{id: "6", kind: "page", space: "OPS", title: "Über uns", path: "OPS/über-uns.md"},
	}}
}

func (f fake) ref(from Page, p fakePage, anchor string) Ref {
	href := "../" + p.path
	if strings.HasPrefix(p.path, from.SpaceKey+"/") {
		href = strings.TrimPrefix(p.path, from.SpaceKey+"/")
	}
	if anchor != "" {
		if fragment, ok := Anchors([]byte(p.body), Page{ID: p.id, Title: p.title}, f).Lookup(anchor); ok {
			href += "#" + fragment
		}
	}
	return Ref{
		Type: p.kind, ID: p.id, SpaceKey: p.space, Title: p.title, Href: href, Labels: p.labels, Author: "Ann Lee",
		Created: "2026-01-02T03:04:05Z",
		Updated: "2026-05-04T03:02:01Z", Version: 7,
		Page: Page{ID: p.id, Type: p.kind, Title: p.title, SpaceKey: p.space, Path: p.path},
	}
}

// Resolve implements Tenant.
func (f fake) Resolve(from Page, t Target) Ref {
	switch t.Kind {
	case TargetURL:
		if id, ok := strings.CutPrefix(t.URL, site+"/spaces/ENG/pages/"); ok {
			return f.Resolve(from, Target{Kind: TargetContent, ID: strings.SplitN(id, "/", 2)[0], Anchor: t.Anchor})
		}
		return Ref{Type: "url", Href: t.URL}
	case TargetUser:
		if t.ID == "u1" {
			return Ref{Type: "user", ID: "u1", Title: "Ann Lee"}
		}
		return Ref{Type: "user", Title: "unknown user", Missing: "not in the directory"}
	case TargetSpace:
		if t.SpaceKey == "OPS" {
			return Ref{Type: "space", Title: "Operations", Href: "../OPS/index.md"}
		}
	case TargetAttachment:
		return f.file(t)
	case TargetComment:
		if t.ID == "open" {
			return Ref{Type: TargetComment, ID: "77"}
		}
		return Ref{Type: TargetComment, Missing: "not shown"}
	case TargetPicture:
		switch {
		case strings.HasPrefix(t.URL, "data:image/png;base64,iVBORw0KGgo"):
			return Ref{Type: "picture", Title: "picture", Href: "attachments/2_pictures/a.png", Image: true}
		case strings.Contains(t.URL, "<svg"):
			return Ref{Type: "picture", Title: "picture", Href: "attachments/2_pictures/b.svg.txt",
				Picture: "attachments/2_pictures/b.svg", Image: !strings.Contains(t.URL, "hostile")}
		}
		return Ref{Type: "picture", Missing: "not one that can be shown"}
	case TargetTitle:
		return Ref{}
	case TargetMissing:
		return Ref{Href: "../attachments/missing.png", Image: true}
	case TargetSearch:
		return Ref{Type: "search", Href: "https://acme.atlassian-us-gov-mod.net/issues/?jql=" +
			url.QueryEscape(t.Title)}
	case TargetIssue:
		if t.ID == "AGC-1" {
			return Ref{Type: "issue", Title: "AGC-1: Mirror it",
				Href: "https://acme.atlassian-us-gov-mod.net/browse/AGC-1", Status: "Done"}
		}
		return Ref{Type: "issue", Missing: "not fetched"}
	}
	space := t.SpaceKey
	if space == "" {
		space = from.SpaceKey
	}
	for _, p := range f.pages {
		if t.ID != "" && t.ID == p.id || t.Title != "" && p.title == t.Title && p.space == space {
			return f.ref(from, p, t.Anchor)
		}
	}
	if t.Title == "" {
		return Ref{Missing: "no such page"}
	}
	return Ref{Type: "page", Title: t.Title,
		Href: site + "/display/" + space + "/" + strings.ReplaceAll(t.Title, " ", "+"), Missing: "not exported"}
}

func (f fake) file(t Target) Ref {
	folder := "attachments/2/"
	if t.Container != nil {
		folder = "attachments/3/"
	}
	switch {
	case strings.HasPrefix(t.Filename, "gone"):
		return Ref{Type: "attachment", Title: t.Filename, Missing: "not exported"}
	case strings.HasSuffix(t.Filename, ".png"):
		return Ref{Type: "attachment", Title: t.Filename, Href: folder + strings.ReplaceAll(t.Filename, " ", "%20"),
			Image: true, MediaType: "image/png", Size: 2345}
	}
	return Ref{Type: "attachment", Title: t.Filename, Href: folder + strings.ReplaceAll(t.Filename, " ", "%20"),
		Size: 1_234_567, Updated: "2026-05-04T03:02:01Z"}
}

// Find implements Tenant.
func (f fake) Find(q Query) ([]Ref, error) {
	if f.mute || strings.Contains(q.CQL, "contributor") {
		return nil, errors.New("the mirror does not know that")
	}
	var refs []Ref
	switch q.Select {
	case SelectSelf:
		t := q.Of
		if t.Kind == "" {
			t = Target{Kind: TargetContent, ID: q.From.ID}
		}
		if r := f.Resolve(q.From, t); r.Missing == "" && r.Type != TargetURL {
			refs = append(refs, r)
		}
	case SelectAttachments:
		refs = []Ref{f.file(Target{Filename: "plan.pdf"}), f.file(Target{Filename: "view.png"})}
		for i := range refs {
			refs[i].Page.ID = "3"
		}
		return refs, nil
	case SelectChildren:
		root := q.From.ID
		if q.Of.Title == "@home" {
			root = "1"
		}
		refs = f.below(q, root, 1)
	case SelectLabels:
		return []Ref{{Type: "label", Title: "alpha", Count: 2}, {Type: "label", Title: "beta", Count: 1},
			{Type: "label", Title: "zeta", Count: 1}}, nil
	case SelectSpaces:
		return []Ref{
			{Type: "space", SpaceKey: "ENG", Title: "Engineering", Href: "home.md", About: "How it is built",
				Author: "Ann Lee", Created: "2026-01-02T03:04:05Z"},
			{Type: "space", SpaceKey: "OPS", Title: "Operations", Href: "../OPS/index.md"},
		}[:2-len(q.Spaces)], nil
	case SelectPeople:
		return []Ref{{Type: "user", Title: "Zoe Orr", Count: 3, Updated: "2026-05-04T03:02:01Z"},
			f.Resolve(q.From, Target{Kind: TargetUser, ID: "u1"})}, nil
	case SelectTasks:
		return f.cut(q, PieceTask), nil
	case SelectDecisions:
		return f.cut(q, PieceDecision), nil
	case SelectVersions:
		if q.From.ID != "2" {
			return nil, nil
		}
		return []Ref{{Version: 7, About: "typos"},
			{Version: 6, Updated: "2026-04-03T02:01:00Z", Editor: "Zoe Orr", About: "| new | table"},
			{Version: 5, Updated: "2026-04-02T02:01:00Z", Editor: "Zoe Orr"}}, nil
	default:
		for _, p := range f.pages {
			if (len(q.Labels) == 0 || slices.ContainsFunc(p.labels,
				func(l string) bool { return slices.Contains(q.Labels, l) })) &&
				(len(q.Types) == 0 || slices.Contains(q.Types, p.kind)) {
				refs = append(refs, f.ref(q.From, p, ""))
			}
		}
	}
	for i := range refs {
		page := slices.IndexFunc(f.pages, func(p fakePage) bool { return p.id == refs[i].ID })
		if page >= 0 && (q.WithBody || q.Piece != "") {
			refs[i].Body = f.pages[page].body
		}
	}
	return refs, nil
}

func (f fake) cut(q Query, kind string) []Ref {
	var refs []Ref
	for _, p := range f.pages {
		for _, piece := range Pieces(p.body, kind) {
			if q.Status == "" || piece.Status == q.Status {
				ref := f.ref(q.From, p, "")
				ref.Status, ref.Body = piece.Status, piece.Source
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

func (f fake) below(q Query, parent string, depth int) []Ref {
	var refs []Ref
	for _, p := range f.pages {
		if p.parent != parent || q.Depth > 0 && depth > q.Depth {
			continue
		}
		r := f.ref(q.From, p, "")
		r.Depth = depth
		refs = append(append(refs, r), f.below(q, p.id, depth+1)...)
	}
	return refs
}

// testPage is the page of the tests.
var testPage = Page{ID: "2", Type: "page", Title: "Test page", SpaceKey: "ENG", Path: "ENG/test-page.md"}
