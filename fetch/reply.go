package fetch

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"strings"
	"time"

	"agc-export/fetch/wiki"
)

// Replies returns the replies to a comment of a kind, and the replies to them, each
// before those that answer it. Where those to one of them cannot be had, those to the others
// follow its error. It costs a call for the comment and one for every
// reply, since any of them may have been answered; SearchComments gives those of
// whole spaces in bulk.
func (c *Client) Replies(ctx context.Context, kind, id string, bodies bool) iter.Seq2[wiki.Comment, error] {
	if kind != wiki.CommentFooter && kind != wiki.CommentInline {
		return refused[wiki.Comment]("replies", "no such kind of comment")
	}
	return func(yield func(wiki.Comment, error) bool) {
		seen := map[string]bool{id: true}
		for queue := []string{id}; len(queue) > 0; queue = queue[1:] {
			for v, err := range c.children(ctx, kind, queue[0], bodies) {
				if err == nil && seen[v.ID] {
					continue
				}
				if !yield(v, err) || ctx.Err() != nil {
					return
				}
				if err != nil {
					break
				}
				seen[v.ID] = true
				queue = append(queue, v.ID)
			}
		}
	}
}

// children returns the direct replies to a comment.
func (c *Client) children(ctx context.Context, kind, id string, bodies bool) iter.Seq2[wiki.Comment, error] {
	part, err := segment(id)
	if err != nil {
		return refused[wiki.Comment]("replies", "the comment has no id")
	}
	return c.comments(ctx, "replies", "/api/v2/"+kind+"-comments/"+part+"/children", id,
		CommentQuery{Kind: kind, Bodies: bodies})
}

// CommentSearch says which comments to search for.
type CommentSearch struct {
	SearchIn
	Bodies bool      // with the storage format
	Since  time.Time // only those whose version is of that day, the day before or later; zero: all
}

// SearchComments returns the comments of both kinds in the spaces, replies among
// them, as the search knows them: not those of archived contents or spaces, and new
// ones only after some minutes. It is the bulk way to replies where Comments keeps
// them out. Where the search leaves out a body, that comment is asked for alone.
func (c *Client) SearchComments(ctx context.Context, q CommentSearch) iter.Seq2[wiki.Comment, error] {
	l := listing[wiki.Comment]{
		op:     "search:comments",
		query:  query{{"expand", "ancestors,container,version,extensions.inlineProperties,extensions.resolution"}},
		decode: decodeFoundComment,
		id:     func(v wiki.Comment) string { return v.ID },
	}
	if q.Bodies {
		l.op += "+body"
		l.query[0].value += ",body.storage"
	}
	clause := "type = comment"
	if !q.Since.IsZero() { // in the time zone of the account, whatever that is
		clause += ` and lastmodified >= "` + q.Since.UTC().AddDate(0, 0, -1).Format(time.DateOnly) + `"`
	}
	return func(yield func(wiki.Comment, error) bool) {
		for v, err := range search(ctx, c, q.SearchIn, clause, l) {
			if err == nil && q.Bodies && !v.HasBody {
				v, err = c.comment(ctx, v)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// comment asks for a comment that was found without its body. One that is not there
// any more, or refused, is as it was found.
func (c *Client) comment(ctx context.Context, found wiki.Comment) (wiki.Comment, error) {
	v, err := c.Comment(ctx, found.Kind, found.ID)
	if IsAlone(err) {
		return found, nil
	}
	return v, err
}

// Comment returns one comment of a kind with its body, in whatever state it is, see
// its Status.
func (c *Client) Comment(ctx context.Context, kind, id string) (wiki.Comment, error) {
	part, err := segment(id)
	if err != nil || kind != wiki.CommentFooter && kind != wiki.CommentInline {
		return wiki.Comment{}, &Error{Origin: OriginClient, Op: "comment", Code: CodeRefused,
			Message: "no such kind of comment or id"}
	}
	k := call{op: "comment+body", path: "/api/v2/" + kind + "-comments/" + part,
		query: query{{"body-format", "storage"}}}
	v, err := one(ctx, c, k, func(raw json.RawMessage) (wiki.Comment, error) { return decodeComment(kind, "", raw) })
	if err == nil && v.ID != id {
		err = shape(k.op, "another comment than was asked for")
	}
	return v, err
}

// foundComment is a comment as the search of v1 writes it.
type foundComment struct {
	found
	Container  struct{ ID, Type str }
	Body       wireBody
	Extensions struct {
		Location   str // footer, inline, or resolved for an inline one that is
		Resolution struct{ Status str }
		Inline     struct {
			MarkerRef str
			Selection str `json:"originalSelection"`
		} `json:"inlineProperties"`
	}
}

func decodeFoundComment(raw json.RawMessage) (wiki.Comment, error) {
	f, err := into[foundComment](raw)
	x := f.Extensions
	v := wiki.Comment{
		ID: string(f.ID), Kind: wiki.CommentFooter, Status: string(f.Status), Version: f.version(),
		Resolution: string(x.Resolution.Status), MarkerRef: string(x.Inline.MarkerRef),
		Selection: string(x.Inline.Selection),
		Raw:       raw,
	}
	if x.Location == "inline" || x.Location == "resolved" || v.MarkerRef != "" {
		v.Kind = wiki.CommentInline
	}
	if f.Container.Type == "attachment" {
		v.AttachmentID = string(f.Container.ID)
		if v.AttachmentID != "" && !strings.HasPrefix(v.AttachmentID, "att") {
			v.AttachmentID = "att" + v.AttachmentID
		}
	} else {
		v.PageID = string(f.Container.ID)
	}
	for _, a := range f.Ancestors.value { // the one that it answers comes last
		if a != nil && a.Type == "comment" {
			v.ParentID = string(a.ID)
		}
	}
	v.Body, v.HasBody = f.Body.storage()
	if err == nil {
		err = cmp.Or(agree("id", v.ID, v.ID, told(string(f.Links.WebUI), commentAddress)),
			agree("page", v.ID, v.PageID, told(string(f.Links.WebUI), contentAddress)))
	}
	return v, err
}
