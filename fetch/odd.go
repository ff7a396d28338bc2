package fetch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"agc-export/render/expression"
)

// Odd is an object of a list that cannot be used: it is null, has no id or no documented
// shape, or contradicts itself. It is left out and the list goes on, so that one odd
// object keeps no other from being read. A list with odd objects in it is not complete:
// nothing follows from what it does not hold.
type Odd struct {
	Op  string // the operation, as in Stats.Calls
	ID  string // as far as it is told
	Why string // never text of a page
}

// Odds returns the odd objects that lists have held so far, each once.
func (c *Client) Odds() []Odd {
	c.oddsMu.Lock()
	defer c.oddsMu.Unlock()
	return slices.Clone(c.odds)
}

func (c *Client) odd(o Odd) {
	c.oddsMu.Lock()
	defer c.oddsMu.Unlock()
	if !slices.Contains(c.odds, o) {
		c.odds = append(c.odds, o)
	}
}

// oddError says why an object cannot be used.
type oddError struct{ id, why string }

func (e *oddError) Error() string { return e.why }

// oddly names an object that cannot be decoded.
func oddly(raw json.RawMessage, err error) Odd {
	if bytes.Equal(raw, []byte("null")) {
		return Odd{Why: "null in the place of an object"}
	}
	var odd *oddError
	if errors.As(err, &odd) {
		return Odd{ID: odd.id, Why: odd.why}
	}
	known, _ := into[struct{ ID maybe[str] }](raw)
	return Odd{ID: string(known.ID.value), Why: "an object of another shape than documented"}
}

// Addresses tell ids as well. What an address does not tell says nothing; what it tells
// must be what the fields say.
var (
	contentAddress = expression.New(`/(?:pages|folder|whiteboard|database|embed|blog/\d+/\d+/\d+)/(\d+)` +
		`(?:[/?#]|$)`)
	restrictedAddress   = expression.New(`/content/(\d+)/restriction`)
	restrictedOperation = expression.New(`/restriction/byOperation/(\w+)`)
	commentAddress      = expression.New(`[?&]focusedCommentId=(\d+)`)
	holderAddress       = expression.New(`/download/(?:attachments|thumbnails)/(\d+)/|/rest/api/content/(\d+)` +
		`/child/attachment/`)
)

// told returns the first id that an address tells, "" for none.
func told(address string, form *expression.Expression) string {
	found := form.FindStringSubmatch(address)
	for i := 1; i < len(found); i++ {
		if found[i] != "" {
			return found[i]
		}
	}
	return ""
}

// agree is an error where an object's id, or what it stands on, is not what its address
// tells.
func agree(what, id, field, address string) error {
	if field == "" || address == "" || field == address {
		return nil
	}
	return &oddError{id, fmt.Sprintf("it names %s as its %s, and its address %s", shownID(field), what,
		shownID(address))}
}

// shownID is an id as messages show it: what is none is not repeated.
func shownID(id string) string {
	for _, r := range id {
		if (r < '0' || r > '9') && (r < 'a' || r > 'z') || len(id) > 32 {
			return "something else"
		}
	}
	return id
}
