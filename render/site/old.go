package site

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Old is an address of the wiki that is answered by a page or a file of the site.
// Addresses with the number of a page in them need no Old beside the short one: a rule of
// the server leads them on.
type Old struct {
	Path string // below /wiki, as it reads: "/display/ENG/Rotate certificates", "/x/AQAB"
	To   string // path of the page or the file
}

// short tells the addresses that hold the number of a content.
func (o Old) short() bool { return strings.HasPrefix(o.Path, "/x/") }

// exact tells addresses in which case counts from those with a title or a key.
func (o Old) exact() bool { return o.short() || strings.HasPrefix(o.Path, oldFiles) }

// oldFiles begins the addresses of files. A rule of the server leads on those of which
// PlainFile is true; the others need an Old.
const oldFiles = "/download/attachments/"

// PlainFile tells whether a file's name stands in addresses as it is, so that a server
// can lead on from it without knowing it: no byte of it can mean anything in a header or
// begin another part of an address.
func PlainFile(name string) bool { return plainFile(name) }

// plainFile is what the rules of nginx.conf and apache.conf match.
var plainFile = matches(`^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$`)

// spellings are the ways in which an address is written: Confluence writes "+" for the
// spaces of a title, people and programs "%20".
func (o Old) spellings() []string {
	if plus := strings.ReplaceAll(o.Path, " ", "+"); plus != o.Path {
		return []string{plus, o.Path}
	}
	return []string{o.Path}
}

// Stream is a file that is written as it is made, by a writer that keeps its first error: it may be larger than what
// memory should hold.
type Stream struct {
	Path  string
	Write func(io.Writer) error
}

// Redirects are the files that answer old addresses, by their paths below the generation:
// those below "site/" for servers that read them there and for 404.html, the others for
// the configurations in server/. shards is what NotFound must be told.
func (s *Site) Redirects(all []Old) (files []Stream, shards int) {
	all = unique(all)
	slices.SortFunc(all, func(a, b Old) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.To, b.To)) })
	lines := func(path string, write func(io.Writer, []Old)) {
		files = append(files, Stream{path, func(w io.Writer) error {
			write(w, all)
			return nil // the writer keeps its first error
		}})
	}
	lines("server/redirects.nginx.map", s.nginxMap)
	lines("server/redirects.apache.txt", s.apacheMap)
	lines("site/_redirects", s.netlify)
	lost := s.oldShards(all)
	for i, pages := range lost {
		files = append(files, Stream{fmt.Sprintf("site/redirects/%d.js", i), func(w io.Writer) error {
			_, err := w.Write(script("AGC.old", pages))
			return err
		}})
	}
	return files, len(lost)
}

// unique keeps the first of addresses that mean the same: where two contents have the same title, the
// page of the smallest id has the address.
func unique(old []Old) []Old {
	var all []Old
	taken := map[string]bool{}
	for _, o := range old {
		if key, ok := OldKey(o.Path); ok {
			if taken[key] {
				continue
			}
			taken[key] = true
		}
		all = append(all, o)
	}
	return all
}

// target is where a redirect leads: a path on the server in which nothing but letters,
// digits and four marks is not percent-encoded, for whatever reads it.
func (s *Site) target(to string) string { return s.basePath() + EncodePath(path.Clean(to)) }

// EncodePath percent-encodes all bytes of a path but its slashes and those that mean
// themselves in every part of an address.
func EncodePath(p string) string {
	var b strings.Builder
	for i := range len(p) {
		if c := p[i]; isPlain(c) || c == '/' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// isPlain reports the bytes that mean themselves in every part of an address (RFC 3986, 2.3).
func isPlain(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("-_.~", c) >= 0
}

// The longest lines that servers read: nginx takes words of 4096 bytes and refuses the whole
// configuration for one that is longer, Apache cuts lines at 1024. Addresses beyond that
// are left to 404.html.
const (
	longestWord = 2000
	longestLine = 1000
)

// nginxMap are the lines of a map. Its keys are compared without regard to case, so of
// exact addresses that differ in nothing else each becomes an expression.
func (s *Site) nginxMap(w io.Writer, all []Old) {
	count := map[string]int{}
	for _, o := range all {
		count[strings.ToLower(o.Path)]++
	}
	seen := map[string]bool{}
	for _, o := range all {
		for _, from := range o.spellings() {
			key, to := strings.ToLower(from), s.target(o.To)
			switch {
			case !inWord(from) || len(from)+len(to) > longestWord:
			case o.exact() && count[strings.ToLower(o.Path)] > 1:
				fmt.Fprintf(w, "\"~^%s$\" \"%s\";\n", inQuotes(regexp.QuoteMeta(from)), to)
			case !seen[key]:
				fmt.Fprintf(w, "\"%s\" \"%s\";\n", inQuotes(from), to)
			}
			seen[key] = true
		}
	}
}

// quoted is how nginx writes what would end a word.
var quoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// inQuotes writes a word of nginx between quotes. Nothing else begins anything there: "$"
// does so in values alone, and no target holds one.
func inQuotes(s string) string { return quoted.Replace(s) }

// inWord tells what nginx can hold in a quoted word: no line may end in one.
func inWord(s string) bool { return strings.IndexFunc(s, unicode.IsControl) < 0 }

// apacheMap are the lines of a RewriteMap: keys as int:escape and int:tolower make them.
func (s *Site) apacheMap(w io.Writer, all []Old) {
	seen := map[string]bool{}
	for _, o := range all {
		for _, key := range o.apacheKeys() {
			if line := key + " " + s.target(o.To) + "\n"; !seen[key] && len(line) < longestLine {
				io.WriteString(w, line)
			}
			seen[key] = true
		}
	}
}

// apacheKeys are the spellings of an address as int:escape makes them, some versions of it
// with ";" as it is, and as int:tolower does where case does not count.
func (o Old) apacheKeys() (keys []string) {
	for _, from := range o.spellings() {
		key := escapeApache(from)
		if !o.exact() {
			key = lowerASCII(key)
		}
		if keys = append(keys, key); strings.Contains(key, "%3b") {
			keys = append(keys, strings.ReplaceAll(key, "%3b", ";"))
		}
	}
	return keys
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
// None leads to what it has matched, for what stood there would be another's choice
// ("/wiki//host/"): what no line knows is left to 404.html.
// https://docs.netlify.com/manage/routing/redirects/overview/
func (s *Site) netlify(w io.Writer, all []Old) {
	fmt.Fprintf(w, "/wiki %sindex.html 301\n", s.basePath())
	for _, o := range all {
		to := s.target(o.To)
		if id, ok := o.number(); ok {
			fmt.Fprintf(w, "/wiki/spaces/:space/:kind/%s/* %s 301\n", id, to)
			fmt.Fprintf(w, "/wiki/spaces/:space/blog/:year/:month/:day/%s/* %s 301\n", id, to)
			fmt.Fprintf(w, "/wiki/pages/viewpage.action pageId=%s %s 301\n", id, to)
		}
		for _, from := range o.spellings() {
			from = strings.ReplaceAll(EncodePath(from), "%2B", "+")
			fmt.Fprintf(w, "/wiki%s %s 301\n%s %s 301\n", from, to, from, to)
		}
	}
}

// number is that of the content to which a short address leads.
func (o Old) number() (id string, ok bool) {
	id = strings.TrimSuffix(path.Base(o.To), path.Ext(o.To))
	return id, o.short() && id != "" && strings.Trim(id, "0123456789") == ""
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
		shards[OldShard(key, len(shards))][key] = to
	}
	return shards
}

// OldShard is the number of the file of redirects/ in which a key is looked up.
func OldShard(key string, shards int) int {
	h := fnv.New32a()
	h.Write([]byte(key))
	return int(h.Sum32() % uint32(shards))
}

// OldKey is under what an old address by title, key or name is looked up: "ENG/rotate
// certificates", "ENG/", "download/12/a b.html". ok is false for other addresses. lost.js
// does the same.
func OldKey(address string) (key string, ok bool) {
	if file, ok := strings.CutPrefix(address, oldFiles); ok { // keys of spaces have no small letters here
		return "download/" + strings.ReplaceAll(file, "+", " "), true
	}
	rest, ok := strings.CutPrefix(address, "/display/")
	if !ok {
		return "", false
	}
	space, title, _ := strings.Cut(rest, "/")
	fold := func(s string) string {
		return strings.Join(strings.Fields(strings.Map(unicode.ToLower, norm.NFKC.String(s))), " ")
	}
	return strings.ToUpper(fold(space)) + "/" + fold(title), true
}
