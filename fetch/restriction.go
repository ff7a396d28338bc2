package fetch

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"agc-export/fetch/wiki"
)

// Silence is no answer: to take what an answer leaves out for "no restrictions" would
// publish what few may see. So each part of it must be there and agree with the others,
// and where one does not, Access.Untold says why. That is no error of a list: it is about
// one content.

// The bounds of asking for restrictions.
const (
	restrictionLimit   = 100 // users and groups that one answer names
	restrictionAnswers = 100 // answers about one operation of one content
)

// The operations that contents are asked about.
const (
	opRead   = "read"
	opUpdate = "update"
)

// operations are all that Confluence restricts. One that is not among them may be a
// restriction of reading under a new name.
var operations = set(opRead, opUpdate, "administer", "copy", "create", "delete", "export", "move", "purge",
	"purge_version",
	"restore", "use")

// Why restrictions count as untold.
const (
	untoldAbsent    = "restrictions are not in the answer, or not whole"
	untoldSize      = "the list of restrictions is not as long as it says"
	untoldOperation = "the answer restricts an operation that is not known"
	untoldOther     = "the restrictions are those of another content or operation"
	untoldTwice     = "the answer restricts another operation than reading twice"
	untoldLoop      = "the list of users and groups does not end"
)

// restrictions are the restrictions of one content by operation.
type restrictions struct{ Read, Update maybe[restriction] }

// restriction is who may do one operation.
type restriction struct {
	Operation    maybe[str]
	Restrictions struct {
		User       *nested[person]
		Group      *nested[group]
		Expandable map[string]any `json:"_expandable"`
	}
	Expandable map[string]any     `json:"_expandable"`
	Links      struct{ Self str } `json:"_links"`
}

// closed says whether the answer plainly does not hold the lists, though they were asked for.
func (r *restriction) closed() bool {
	in := r.Restrictions
	_, all := r.Expandable["restrictions"]
	_, users := in.Expandable["user"]
	_, groups := in.Expandable["group"]
	return in.User == nil && in.Group == nil && (all || users && groups)
}

// group is a group as v1 writes it.
type group struct{ ID, Name str }

// whole says whether the restriction is one of the operation, names both users and
// groups, if none of them, from start on, and names each.
func (r *restriction) whole(operation string, start int) bool {
	named := r.Operation.told && r.Operation.value == str(operation) || r.Operation == maybe[str]{}
	return named && r.Restrictions.User.whole(start, func(p *person) bool { return p.AccountID != "" }) &&
		r.Restrictions.Group.whole(start, func(g *group) bool { return g.ID != "" || g.Name != "" })
}

// about says whether the restriction is this content's, and of this operation, as far as its
// addresses tell.
func (r *restriction) about(id, operation string) bool {
	addresses := []str{r.Links.Self}
	if r.Restrictions.User != nil {
		addresses = append(addresses, r.Restrictions.User.Links.Self)
	}
	if r.Restrictions.Group != nil {
		addresses = append(addresses, r.Restrictions.Group.Links.Self)
	}
	for _, self := range addresses {
		at, of := told(string(self), restrictedAddress), told(string(self), restrictedOperation)
		if at != "" && at != id || of != "" && of != operation {
			return false
		}
	}
	return true
}

// more says whether there are users or groups that the answer does not hold.
func (r *restriction) more() bool { return r.Restrictions.User.more() || r.Restrictions.Group.more() }

// subjects returns users, then groups, each by id, each once.
func (r *restriction) subjects() []wiki.Subject {
	var out []wiki.Subject
	for _, p := range r.Restrictions.User.list() {
		out = append(out, wiki.Subject{Type: "user", ID: string(p.AccountID), Name: string(p.DisplayName)})
	}
	for _, g := range r.Restrictions.Group.list() {
		out = append(out, wiki.Subject{Type: "group", ID: string(g.ID), Name: string(g.Name)})
	}
	return sorted(out)
}

// sorted puts subjects in order, each once.
func sorted(all []wiki.Subject) []wiki.Subject {
	slices.SortFunc(all, func(a, b wiki.Subject) int {
		return cmp.Or(cmp.Compare(b.Type, a.Type), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Name, b.Name))
	})
	return slices.Compact(all)
}

// access takes what the search tells of a content's restrictions, where that is whole.
// Lists that go on are read to their end. ok is false where the content must be asked
// about alone.
func (c *Client) access(ctx context.Context, id string, r maybe[restrictions], ops ...string) (a wiki.Access, ok bool,
	err error) {
	if !r.told {
		return a, false, nil
	}
	of := map[string]*maybe[restriction]{opRead: &r.value.Read, opUpdate: &r.value.Update}
	for _, op := range ops {
		if !of[op].told || !of[op].value.whole(op, 0) || !of[op].value.about(id, op) {
			return a, false, nil
		}
	}
	for _, op := range ops {
		if err := c.take(ctx, id, op, &a, []restriction{of[op].value}); err != nil {
			return a, false, err
		}
	}
	return a, true, nil
}

// unanswered is what is known of who may read a content, of which the question may have been
// refused: that closes this one, and is no error of the list that it stands in.
func unanswered(a wiki.Access, err error) (wiki.Access, error) {
	if IsAlone(err) {
		return wiki.Access{Untold: err.Error()}, nil
	}
	return a, err
}

// take sets in a who may do one operation, by the restrictions of it that an answer
// holds, each of which counts.
func (c *Client) take(ctx context.Context, id, operation string, a *wiki.Access, parts []restriction) error {
	var all []wiki.Subject
	more := false
	for i := range parts {
		all, more = append(all, parts[i].subjects()...), more || parts[i].more()
	}
	all = sorted(all)
	if more {
		rest, why, err := c.subjects(ctx, id, operation)
		if err != nil {
			return err
		}
		all, a.Untold = sorted(append(all, rest...)), cmp.Or(a.Untold, why)
	}
	if operation == opRead {
		a.Readers = all
	} else {
		a.Editors = all
	}
	return nil
}

// subjects asks for all who may do an operation, answer by answer. untold says why that
// is not known.
func (c *Client) subjects(ctx context.Context, id, operation string) (all []wiki.Subject, untold string, err error) {
	k, err := c.restrictionCall(ctx, id, "/byOperation/"+operation)
	if err != nil {
		return nil, "", err
	}
	start := 0
	for range restrictionAnswers {
		k.query = query{{"expand", "restrictions.user,restrictions.group"},
			{"start", strconv.Itoa(start)}, {"limit", strconv.Itoa(restrictionLimit)}}
		answer, _, err := get[maybe[restriction]](ctx, c, k)
		if err != nil {
			return nil, "", err
		}
		next := &answer.value
		if !answer.told || !next.whole(operation, start) || !next.about(id, operation) {
			return nil, untoldAbsent, nil
		}
		before := len(all)
		all = sorted(append(all, next.subjects()...))
		if !next.more() {
			return all, "", nil
		}
		if len(all) == before {
			break
		}
		start += max(len(next.Restrictions.User.list()), len(next.Restrictions.Group.list()))
	}
	return nil, untoldLoop, nil
}

// restrictionCall is a call about the restrictions of a content.
func (c *Client) restrictionCall(ctx context.Context, id, below string) (call, error) {
	part, err := segment(id)
	if err != nil {
		return call{}, err
	}
	root, err := c.root(ctx)
	return call{op: "restriction", path: root + "/rest/api/content/" + part + "/restriction" + below}, err
}

// Restrictions asks who may read one content of any type, at one call, and one more for each
// hundred users or groups beyond the first; who may edit it is not asked. An answer that does
// not tell is no error, see Access.Untold.
func (c *Client) Restrictions(ctx context.Context, id string) (wiki.Access, error) {
	a, _, err := c.readers(ctx, id)
	return a, err
}

// restrict asks the same and who may edit it, each at a call of its own: who may do what
// stands within lists that do not say for what they are, and in an answer that has both,
// nothing would contradict the one in the place of the other. It returns the answer about
// reading as it came.
func (c *Client) restrict(ctx context.Context, id string) (a wiki.Access, raw json.RawMessage, err error) {
	a, raw, err = c.readers(ctx, id)
	if err != nil || a.Untold != "" {
		return a, raw, err
	}
	editors, untold, err := c.subjects(ctx, id, opUpdate)
	if err != nil || untold != "" {
		return wiki.Access{Untold: untold}, raw, err
	}
	a.Editors = editors
	return a, raw, nil
}

// readers asks who may read a content. The answer names all operations that are restricted,
// and of this one alone who may do it.
func (c *Client) readers(ctx context.Context, id string) (a wiki.Access, raw json.RawMessage, err error) {
	k, err := c.restrictionCall(ctx, id, "")
	if err != nil {
		return a, nil, err
	}
	k.query = query{{"expand", "read.restrictions.user,read.restrictions.group"},
		{"limit", strconv.Itoa(restrictionLimit)}}
	answer, raw, err := get[maybe[nested[restriction]]](ctx, c, k)
	if err != nil {
		return a, nil, err
	}
	parts, untold := reading(id, &answer.value)
	if untold != "" {
		return wiki.Access{Untold: untold}, raw, nil
	}
	if len(parts) == 1 && parts[0].closed() {
		a.Readers, a.Untold, err = c.subjects(ctx, id, opRead)
		return a, raw, err
	}
	return a, raw, c.take(ctx, id, opRead, &a, parts)
}

// reading finds who may read in the list of all restrictions of a content, in which an
// operation that is left out is unrestricted. untold says why the list is not one to conclude
// that from.
func reading(id string, all *nested[restriction]) (parts []restriction, untold string) {
	if !all.whole(0, func(r *restriction) bool { return r.Operation.told }) {
		return nil, untoldAbsent
	}
	if all.more() || len(*all.Results) == 0 && all.Size == nil {
		return nil, untoldSize
	}
	seen := map[string]bool{}
	twice := false
	for _, r := range *all.Results {
		op := string(r.Operation.value)
		if !operations[op] {
			return nil, untoldOperation
		}
		twice, seen[op] = twice || seen[op], true
		if op != opRead {
			continue
		}
		switch {
		case !r.whole(op, 0) && !r.closed():
			return nil, untoldAbsent
		case !r.about(id, op):
			return nil, untoldOther
		}
		parts = append(parts, *r)
	}
	if twice && (parts == nil || parts[0].closed()) {
		return nil, untoldTwice // one of them may be that of reading
	}
	return parts, ""
}
