package site

import (
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"
)

// schemeOf is what browsers read as the scheme of an address, or "".
func schemeOf(address string) string {
	for i := range len(address) {
		switch c := address[i] | 0x20; {
		case 'a' <= c && c <= 'z':
		case i > 0 && address[i] == ':':
			return address[:i]
		case i == 0 || strings.IndexByte("0123456789+.-", address[i]) < 0:
			return ""
		}
	}
	return ""
}

// destination returns an address as browsers read it, without the characters that
// they skip, and whether a page may lead there: to a scheme of schemes or to a
// relative path. A path from the server's root is no use in a site that may lie
// anywhere, and "//host" is an address without a scheme.
func destination(raw string) (dest string, ok bool) {
	dest = raw
	if strings.ContainsFunc(raw, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
		dest = strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return -1
			}
			return r
		}, raw)
	}
	dest = strings.Trim(dest, " ")
	if s := schemeOf(dest); s != "" {
		return dest, schemes[strings.ToLower(s)]
	}
	dest = strings.ReplaceAll(strings.ReplaceAll(dest, `\`, "%5C"), " ", "%20")
	return dest, dest != "" && dest[0] != '/'
}

// target asks rewrite for the new destination of a link, picture or file. ok is
// false if there is none, or none that may stand.
func (p *pass) target(raw string, image bool) (dest string, ok bool) {
	dest, ok = destination(raw)
	if image && pictures.MatchString(dest) {
		return dest, true
	}
	if schemeOf(dest) != "" && !ok {
		p.tookAway("link with a scheme that is not allowed", "")
		return "", false
	}
	rewritten := p.rewrite(dest, image)
	if rewritten == "" {
		return "", false
	}
	dest, ok = destination(rewritten)
	if !ok {
		p.tookAway("link that leads nowhere from here", "")
	}
	return dest, ok
}

// link completes an <a>. One that leads nowhere becomes its text; one that has an
// id stays as an anchor.
func (p *pass) link(n *html.Node) {
	raw := get(n, "href")
	if strings.HasPrefix(raw, "#") && len(raw) > 1 {
		p.inner = append(p.inner, n)
		nameLink(n, raw)
		return
	}
	dest, ok := "", false
	if raw != "" {
		dest, ok = p.target(raw, false)
	}
	switch {
	case ok:
		set(n, "href", dest)
		if external(dest) {
			set(n, "rel", "noopener noreferrer")
			if bare(textOf(n)) == bare(dest) {
				addClass(n, "bare") // on paper its address stands there once
			}
		}
		nameLink(n, dest)
	case get(n, "id") != "":
		unset(n, "href")
	default:
		unwrap(n)
	}
}

// bare is an address as people write it.
func bare(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		rest = address
	}
	return strings.TrimSuffix(rest, "/")
}

// nameLink gives a link without anything to see or to hear the name of its
// destination: nobody would find it otherwise.
func nameLink(n *html.Node, dest string) {
	if !says(n) && !holdsPicture(n) {
		n.AppendChild(&html.Node{Type: html.TextNode, Data: linkName(dest)})
	}
}

// linkName returns a short name for a destination: host and path, or the file.
func linkName(dest string) string {
	u, err := url.Parse(dest)
	switch {
	case err != nil || u.Opaque != "":
		return dest
	case u.Host != "":
		return strings.TrimSuffix(u.Host+u.Path, "/")
	case u.Path == "":
		return "#" + u.Fragment
	}
	return path.Base(u.Path)
}
