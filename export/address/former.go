package address

import (
	"errors"
	"net/url"
	"strings"
	"unicode"

	"agc-export/render/markdown"
)

// former is a site that the wiki was before: its host, and the path below which it stood.
type former struct{ host, context string }

// Check accepts the address of a former site, such as "https://agency.atlassian.net/wiki" or
// "https://confluence.agency.gov".
func Check(address string) error {
	_, err := parseFormer(address)
	return err
}

func parseFormer(address string) (former, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		u.Scheme != "http" && u.Scheme != "https" {
		return former{}, errors.New("must be the address of a site, such as https://agency.atlassian.net/wiki or " +
			"https://confluence.agency.gov")
	}
	return former{hostOf(u), strings.TrimRight(u.EscapedPath(), "/")}, nil
}

// hostOf is a host without a port that goes without saying.
func hostOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	return strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
}

// Former reads an address of a site that the wiki was before. Numbers of contents were others
// there, so it leads by space and title, and an address that tells no more than a number
// leads nowhere. A file by the number of its page is one of the page that the address
// stands on.
func (s Sites) Former(u *url.URL) (markdown.Target, bool) {
	inner, ok := s.within(u)
	if !ok {
		return markdown.Target{}, false
	}
	t, ok := Target(inner)
	switch {
	case !ok:
		return t, false
	case t.Kind == markdown.TargetContent:
		return titled(partsOf(inner), u.Fragment)
	case t.Kind == markdown.TargetAttachment && t.Container.Kind == markdown.TargetContent:
		return markdown.Target{Kind: t.Kind, Filename: t.Filename}, t.ID == ""
	}
	return t, true
}

// within is an address of a former site below the path that this had, as it reads below /wiki.
func (s Sites) within(u *url.URL) (*url.URL, bool) {
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, false
	}
	for _, f := range s.former {
		rest, ok := strings.CutPrefix(u.EscapedPath(), f.context)
		if hostOf(u) != f.host || !ok || rest != "" && rest[0] != '/' {
			continue
		}
		inner := *u
		inner.RawPath = rest
		if inner.Path = part(rest).text(); inner.EscapedPath() != rest {
			continue // no address that anybody has written
		}
		return &inner, true
	}
	return nil, false
}

// titled is the content that an address with a number names by its title too.
func titled(parts []part, anchor string) (markdown.Target, bool) {
	t := markdown.Target{Kind: markdown.TargetPage, Anchor: anchor}
	switch {
	case parts[0] != "spaces":
		return t, false
	case len(parts) == 5 && parts[2] == "pages" && !strings.HasPrefix(string(parts[3]), "edit"):
		t.Title = parts[4].title()
	case len(parts) == 8 && parts[2] == "blog":
		t.Kind, t.Title = markdown.TargetBlogPost, parts[7].title()
		t.PostingDay = string(parts[3] + "/" + parts[4] + "/" + parts[5])
	default:
		return t, false
	}
	t.SpaceKey = parts[1].text()
	return t, t.Title != ""
}

// Bare is equal for a title and for what an address makes of it: Confluence leaves signs out
// of titles there, and which depends on its version.
func Bare(title string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			return r
		}
		return -1
	}, title)
}
