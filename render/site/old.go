package site

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Old is an address of the wiki that is answered by a page of the site. Addresses with
// the number of a page in them need no Old: a rule of the server leads them on.
type Old struct {
	Path string // below /wiki, as it reads: "/display/ENG/Rotate certificates", "/x/AQAB"
	To   string // path of the page
}

// short tells addresses in which case counts from those with a title or a key.
func (o Old) short() bool { return strings.HasPrefix(o.Path, "/x/") }

// spellings are the ways in which an address is written: Confluence writes "+" for the
// spaces of a title, people and programs "%20".
func (o Old) spellings() []string {
	if plus := strings.ReplaceAll(o.Path, " ", "+"); plus != o.Path {
		return []string{plus, o.Path}
	}
	return []string{o.Path}
}

// Redirects are the files that answer old addresses, by their paths below the generation:
// those below "site/" for servers that read them there and for 404.html, the others for
// the configurations in server/. shards is what NotFound must be told.
func (s *Site) Redirects(all []Old) (files []Asset, shards int) {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b Old) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.To, b.To)) })
	files = []Asset{
		{"server/redirects.nginx.map", s.nginxMap(all)},
		{"server/redirects.apache.txt", s.apacheMap(all)},
		{"site/_redirects", s.netlify(all)},
	}
	lost := s.oldShards(all)
	for i, pages := range lost {
		files = append(files, Asset{fmt.Sprintf("site/redirects/%d.js", i), script("AGC.old", pages)})
	}
	return files, len(lost)
}

// target is where a redirect leads: a path on the server, percent-encoded.
func (s *Site) target(to string) string { return s.basePath() + Rel("index.html", to) }

// nginxMap are the lines of a map. Its keys are compared without regard to case, so of
// short addresses that differ in nothing else each becomes an expression.
func (s *Site) nginxMap(all []Old) []byte {
	count := map[string]int{}
	for _, o := range all {
		count[strings.ToLower(o.Path)]++
	}
	var b strings.Builder
	seen := map[string]bool{}
	for _, o := range all {
		for _, from := range o.spellings() {
			key := strings.ToLower(from)
			switch {
			case o.short() && count[key] > 1:
				fmt.Fprintf(&b, "\"~^%s$\" \"%s\";\n", from, s.target(o.To))
			case !seen[key] && inLine(from):
				fmt.Fprintf(&b, "\"%s\" \"%s\";\n", strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(from), s.target(o.To))
			}
			seen[key] = true
		}
	}
	return []byte(b.String())
}

// inLine tells what nginx can hold in a quoted word: "$" would begin a variable nowhere in
// a key, but no line may end in one.
func inLine(s string) bool { return strings.IndexFunc(s, unicode.IsControl) < 0 }

// apacheMap are the lines of a RewriteMap: keys as int:escape and int:tolower make them.
func (s *Site) apacheMap(all []Old) []byte {
	var b strings.Builder
	seen := map[string]bool{}
	for _, o := range all {
		for _, from := range o.spellings() {
			key := escapeApache(from)
			if !o.short() {
				key = lowerASCII(key)
			}
			if !seen[key] {
				b.WriteString(key + " " + s.target(o.To) + "\n")
			}
			seen[key] = true
		}
	}
	return []byte(b.String())
}

// escapeApache is ap_os_escape_path: all but letters, digits and some marks as %xx.
func escapeApache(s string) string {
	const plain = "$-_.+!*'(),:@&=/~"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte(plain, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// netlify are the lines of _redirects, which Netlify, Cloudflare Pages and others read:
// the first that matches counts, ":name" stands for a part of a path and "*" for its end.
// https://docs.netlify.com/manage/routing/redirects/overview/
func (s *Site) netlify(all []Old) []byte {
	var b strings.Builder
	root := s.basePath()
	for _, wiki := range []string{"/wiki", ""} {
		for _, kind := range []string{"pages", "folder", "whiteboard", "database", "embed"} {
			for _, edit := range []string{"edit/", "edit-v2/", ""} {
				fmt.Fprintf(&b, "%s/spaces/:space/%s/%s:id/* %spages/:id.html 301\n", wiki, kind, edit, root)
			}
		}
		fmt.Fprintf(&b, "%s/spaces/:space/blog/:year/:month/:day/:id/* %spages/:id.html 301\n", wiki, root)
		fmt.Fprintf(&b, "%s/pages/viewpage.action pageId=:id %spages/:id.html 301\n", wiki, root)
		fmt.Fprintf(&b, "%s/download/attachments/:id/:file %sattachments/:id/:file 301\n", wiki, root)
	}
	fmt.Fprintf(&b, "/wiki %sindex.html 301\n/wiki/* /:splat 301\n", root)
	plain := strings.NewReplacer("/:", "/%3A", "*", "%2A") // what would stand for something else
	for _, o := range all {
		for _, from := range o.spellings() {
			fmt.Fprintf(&b, "%s %s 301\n", plain.Replace((&url.URL{Path: from}).EscapedPath()), s.target(o.To))
		}
	}
	return []byte(b.String())
}

// shardTitles is about the number of titles in a file that 404.html looks one up in.
const shardTitles = 400

// oldShards deals what 404.html cannot reckon itself, titles and keys, to files by the
// hash of their keys: key -> path of the page.
func (s *Site) oldShards(all []Old) []map[string]string {
	pages := map[string]string{}
	for _, o := range all {
		if key, ok := OldKey(o.Path); ok && pages[key] == "" {
			pages[key] = o.To
		}
	}
	shards := make([]map[string]string, (len(pages)+shardTitles-1)/shardTitles)
	for i := range shards {
		shards[i] = map[string]string{}
	}
	for key, to := range pages {
		h := fnv.New32a()
		h.Write([]byte(key))
		shards[h.Sum32()%uint32(len(shards))][key] = to
	}
	return shards
}

// OldKey is under what an old address by title or key is looked up: "ENG/rotate
// certificates", "ENG/". ok is false for other addresses. lost.js does the same.
func OldKey(path string) (key string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/display/")
	if !ok {
		return "", false
	}
	space, title, _ := strings.Cut(rest, "/")
	fold := func(s string) string {
		return strings.Join(strings.Fields(strings.Map(unicode.ToLower, norm.NFKC.String(s))), " ")
	}
	return strings.ToUpper(fold(space)) + "/" + fold(title), true
}

// policy is the Content-Security-Policy of pages as a header, which can say one thing
// more than the one in the pages themselves.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Servers are the sample configurations of web servers, from the folder server of fsys,
// by their paths below the generation.
func (s *Site) Servers(fsys fs.FS) ([]Asset, error) {
	names, err := fs.Glob(fsys, "server/*")
	if err != nil {
		return nil, err
	}
	var out []Asset
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		text := strings.NewReplacer("@ROOT@", s.basePath(), "@CSP@", policy, "@SITE@", "/srv/wiki/out/current/site", "@SERVER@", "/srv/wiki/out/current/server").Replace(string(data))
		out = append(out, Asset{name, []byte(text)})
	}
	return out, nil
}
