package find

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"agc-export/export/mirror"
)

// meets tells which objects meet a condition.
func (k *asker) meets(ctx context.Context, c *condition) (set []bool, err error) {
	set = make([]bool, len(k.things.all))
	switch c.field {
	case "space":
		spaces, err := k.spaceNumbers(ctx, c.values)
		for n, o := range k.things.all {
			set[n] = spaces[k.things.all[o.content].space]
		}
		return set, err
	case "type":
		kinds, err := k.kindNumbers(c.values)
		for n, o := range k.things.all {
			set[n] = kinds[o.kind]
		}
		return set, err
	case "created":
		for n, o := range k.things.all {
			set[n] = o.created != 0 && c.within(o.created)
		}
		return set, nil
	case "lastmodified":
		for _, r := range k.docs.all {
			if r.flags&(docAlive|docOlder) == docAlive && r.changed != 0 && c.within(r.changed) {
				set[r.object] = true
			}
		}
		return set, nil
	case "label":
		return set, k.carrying(ctx, markLabel, c.values, set)
	case "creator", "contributor", "mention":
		accounts, err := k.accounts(ctx, c.values)
		if err != nil {
			return nil, err
		}
		mark := map[string]byte{"creator": markCreator, "contributor": markContributor, "mention": markMention}[c.field]
		return set, k.carrying(ctx, mark, accounts, set)
	}
	return set, k.named(ctx, c, set)
}

// within tells whether a time fits a condition.
func (c *condition) within(at uint32) bool { return int64(at) >= c.from && int64(at) < c.to }

// carrying adds the objects of documents that have one of several marks.
func (k *asker) carrying(ctx context.Context, mark byte, values []string, set []bool) error {
	for _, v := range values {
		if mark == markLabel {
			v = strings.ToLower(v)
		}
		err := k.marked(ctx, string(mark)+v, func(doc uint32) {
			if k.in[doc] {
				set[k.docs.all[doc].object] = true
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// accounts are the ids of accounts that are called by their id or their name.
func (k *asker) accounts(ctx context.Context, values []string) (all []string, err error) {
	for _, v := range values {
		found := false
		err := k.rows(ctx, func(rows *sql.Rows) error {
			var id, name string
			err := rows.Scan(&id, &name)
			if id == v || strings.EqualFold(name, v) {
				all, found = append(all, id), true
			}
			return err
		}, "SELECT id, coalesce(nullif(display_name, ''), public_name) FROM m.user")
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, wrong("the mirror knows nobody called "+quoted(v),
				"Give the name as Confluence shows it, or the account's id.")
		}
	}
	return all, nil
}

// namedBy selects the names of objects that a value of a field stands for.
var namedBy = map[string]string{
	"id": "SELECT 'c' || ?1 UNION SELECT 'm' || ?1 UNION SELECT 'a' || ?1",
	"title": `SELECT 'c' || id FROM m.content WHERE title = ?1
		UNION SELECT 'a' || id FROM m.attachment WHERE title = ?1`,
	"parent": `SELECT 'c' || id FROM m.content WHERE parent_id = ?1
		UNION ALL SELECT 'm' || id FROM m.comment WHERE page_id = ?1
		UNION ALL SELECT 'a' || id FROM m.attachment WHERE page_id = ?1`,
	"ancestor": `WITH RECURSIVE below (id) AS (SELECT id FROM m.content WHERE parent_id = ?1
			UNION SELECT c.id FROM m.content c JOIN below b ON c.parent_id = b.id WHERE c.parent_id <> '')
		SELECT 'c' || id FROM below
		UNION ALL SELECT 'm' || id FROM m.comment WHERE page_id = ?1 OR page_id IN (SELECT id FROM below)
		UNION ALL SELECT 'a' || id FROM m.attachment WHERE page_id = ?1 OR page_id IN (SELECT id FROM below)`,
}

// named adds the objects that a condition names by ids or titles.
func (k *asker) named(ctx context.Context, c *condition, set []bool) error {
	values := c.values
	if c.field == "title" {
		var err error
		if values, err = k.titled(ctx, values); err != nil {
			return err
		}
	}
	for _, v := range values {
		err := k.rows(ctx, func(rows *sql.Rows) error {
			var n int
			err := rows.Scan(&n)
			if n > 0 && n < len(set) {
				set[n] = true
			}
			return err
		}, "SELECT o.n FROM object o WHERE o.name IN ("+namedBy[cmp.Or(map[string]string{"content": "id"}[c.field],
			c.field)]+")", v)
		if err != nil {
			return err
		}
	}
	return nil
}

// titled are the titles that the mirror has of those that are asked for, in capitals or not.
func (k *asker) titled(ctx context.Context, asked []string) (all []string, err error) {
	for _, v := range asked {
		err = errors.Join(err, k.rows(ctx, func(rows *sql.Rows) error {
			var title string
			err := rows.Scan(&title)
			if strings.EqualFold(title, v) {
				all = append(all, title)
			}
			return err
		}, `SELECT title FROM m.content WHERE length(title) = length(?1)
			UNION SELECT title FROM m.attachment WHERE length(title) = length(?1)`, v))
	}
	return all, err
}

// keys are the comparisons of contents that "order by" asks for.
func (k *asker) keys(ctx context.Context) (all []func(a, b uint32) int, err error) {
	for _, o := range k.q.order {
		var compare func(a, b uint32) int
		switch o.Field {
		case "created":
			compare = func(a, b uint32) int { return cmp.Compare(k.things.all[a].created, k.things.all[b].created) }
		case "lastmodified":
			changed := make([]uint32, len(k.things.all))
			for _, r := range k.docs.all {
				if r.flags&(docAlive|docOlder) == docAlive {
					changed[r.object] = r.changed
				}
			}
			compare = func(a, b uint32) int { return cmp.Compare(changed[a], changed[b]) }
		case "id":
			compare = func(a, b uint32) int { return cmp.Compare(k.things.all[a].id, k.things.all[b].id) }
		case "type":
			compare = func(a, b uint32) int { return cmp.Compare(k.kind(a), k.kind(b)) }
		default:
			texts, err := k.texts(ctx, o.Field)
			if err != nil {
				return nil, err
			}
			compare = func(a, b uint32) int { return strings.Compare(texts[a], texts[b]) }
		}
		if o.Descending {
			up := compare
			compare = func(a, b uint32) int { return up(b, a) }
		}
		all = append(all, compare)
	}
	return all, nil
}

// kind is what kind of thing an object is.
func (x *index) kind(n uint32) string {
	if kind := int(x.things.all[n].kind); kind > 0 && kind <= len(x.head.Kinds) {
		return x.head.Kinds[kind-1]
	}
	return ""
}

// texts are the titles of all contents, or the keys of their spaces, by number.
func (k *asker) texts(ctx context.Context, field string) ([]string, error) {
	all := make([]string, len(k.things.all))
	byID := make(map[uint64]uint32, len(k.firsts))
	for _, n := range k.firsts {
		byID[k.things.all[n].id] = n
	}
	query := "SELECT id, title FROM m.content"
	if field == "space" {
		query = "SELECT c.id, coalesce(s.key, c.space_key) FROM m.content c LEFT JOIN m.space s ON s.id = c.space_id"
	}
	err := k.rows(ctx, func(rows *sql.Rows) error {
		var id, text sql.RawBytes
		if err := rows.Scan(&id, &text); err != nil {
			return err
		}
		number, _ := strconv.ParseUint(string(id), 10, 64) // as records have it
		if n := byID[number]; n != 0 {
			all[n] = strings.ToLower(string(text))
		}
		return nil
	}, query)
	return all, err
}

// stateOf is in a word how an object does in Confluence.
func stateOf(status, gone string) string {
	if gone != mirror.GonePresent {
		return gone
	}
	return cmp.Or(status, "current")
}

// quoted is a word of a question as an error repeats it.
func quoted(word string) string { return strconv.Quote(word) }
