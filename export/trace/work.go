package trace

import (
	"bytes"

	"agc-export/render/markdown"
)

// The questions of a piece of work, by the first letter of their text.
const (
	askTarget   = 't' // what a target is: markdown.Tenant's Resolve
	askOwn      = 'T' // the same, where each page has an answer of its own
	askQuery    = 'q' // what a macro lists: its Find
	askOwnQuery = 'Q'
	askPlace    = 'a' // where a file of the Markdown lies in the site
	askPicture  = 'p' // how large a picture is
	askName     = 'n' // what an account is called
)

// Teller answers the questions of a piece of work on one page.
type Teller interface {
	markdown.Tenant
	Page() markdown.Page                     // that it is about
	Place(file string) string                // in the site, of a file of the Markdown tree; "" for none
	Picture(file string) (width, height int) // of a file of the site, in pixels
	Name(account string) string              // for people
	Leaves(address string) bool              // an address, which is then its own answer in every build of this base
}

// Work is one piece of work, while it is done: what it is given, and what it asks. It is not for
// several at once.
type Work struct {
	Record
	Key      string
	Spoilt   bool // it shall not be taken over
	HasFiles bool // what the files of its page are is among what it is given
	build    *Build
	of       Teller
	asked    map[string]bool
}

// Begin begins a piece of work under a key, which is given what input sums up, and that in whose name its page asks
// what others ask too.
func (b *Build) Begin(key string, of Teller, input ...any) *Work {
	page := of.Page()
	sum := SumOf(append(input, page.SpaceKey, page.Guarded)...)
	return &Work{Record: Record{Input: sum}, Key: key, build: b, of: of}
}

// Last is what the last build kept of this piece of work, if it was given the same and all answers
// are still the same.
func (w *Work) Last() (*Kept, bool) {
	k, ok := w.build.Last(w.Key, w.Input)
	if !ok {
		return nil, false
	}
	for text, was := range k.questions() {
		if answer, ok := w.find(text); !ok || answer != was {
			k.release()
			return nil, false
		}
	}
	for number := range k.numbers() {
		if !w.build.shared.holds(number, w.findShared) {
			k.release()
			return nil, false
		}
	}
	return k, true
}

// Known reads what came of it in the last build into result and keeps it, if it need not be done
// again.
func (w *Work) Known(result any) bool {
	r, ok := w.Last()
	if !ok || !r.Read(result) {
		return false
	}
	w.build.PutAgain(w.Key, r)
	return true
}

// Done keeps what came of it.
func (w *Work) Done(result any) {
	if w.Spoilt {
		return
	}
	w.Result = Append(nil, result)
	w.build.Put(w.Key, &w.Record)
}

// note notes a question with the sum of its answer, the first time.
func (w *Work) note(kind byte, question []byte, answer func() Sum) {
	if w.build == nil {
		return
	}
	if w.asked == nil { // work that is taken over asks nothing anew
		w.asked = map[string]bool{}
	}
	if text := string(append([]byte{kind}, question...)); !w.asked[text] {
		w.asked[text] = true
		w.Asked = append(w.Asked, Question{Text: text, Answer: answer()})
	}
}

// find is what a question that was noted gives now.
func (w *Work) find(text []byte) (Sum, bool) {
	if len(text) == 0 {
		return Sum{}, false
	}
	rest := text[1:]
	switch text[0] {
	case askPlace:
		return SumOf(w.of.Place(string(rest))), true
	case askPicture:
		width, height := w.of.Picture(string(rest))
		return SumOf(width, height), true
	case askName:
		return SumOf(w.of.Name(string(rest))), true
	case askTarget, askOwn:
		var q targetQuestion
		if !q.decode(rest) {
			return Sum{}, false
		}
		ref := w.of.Resolve(w.asker(text[0] == askOwn, q.From), q.Target)
		return sumOfRef(&ref), true
	case askQuery, askOwnQuery:
		var q markdown.Query
		if _, err := Decode(rest, &q); err != nil {
			return Sum{}, false
		}
		q.From = w.asker(text[0] == askOwnQuery, q.From)
		rows, err := w.of.Find(q)
		return sumOfRows(rows, err), true
	}
	return Sum{}, false
}

// targetQuestion asks for a target. From is the zero value for the page of the work itself, which
// is where nearly all questions come from.
type targetQuestion struct {
	From   markdown.Page
	Target markdown.Target
}

// asker is the page in whose name a question is asked that was noted as coming from one. Where any
// page of the space means the same, it is none of them, and the answer leads from the root of the
// tree: from there each page has its own way, which its path decides, and that is what it is given.
func (w *Work) asker(own bool, noted markdown.Page) markdown.Page {
	page := w.of.Page()
	switch {
	case noted != markdown.Page{}:
		return noted
	case own:
		return page
	}
	return markdown.Page{SpaceKey: page.SpaceKey, Guarded: page.Guarded}
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// general notes a question to which many pages have the same answer: all, or those of a space.
func (w *Work) general(kind byte, question []byte) {
	if w.build == nil {
		return
	}
	text := append([]byte{kind}, question...)
	if kind == askTarget || kind == askQuery {
		page := w.of.Page()
		text = append(appendBool(append(append(text[:1], page.SpaceKey...), 0), page.Guarded), question...)
	}
	if w.asked[string(text)] {
		return
	}
	if w.asked == nil {
		w.asked = map[string]bool{}
	}
	w.asked[string(text)] = true
	number, ok, answer := w.build.shared.note(text, w.findShared)
	if ok {
		w.Shared = append(w.Shared, number)
	} else {
		w.Asked = append(w.Asked, Question{Text: string(kind) + string(question), Answer: answer})
	}
}

// findShared is find for the text of a question that is shared.
func (w *Work) findShared(text []byte) (Sum, bool) {
	if kind := text[0]; kind == askTarget || kind == askQuery {
		space := bytes.IndexByte(text, 0)
		if space < 0 || space+2 > len(text) {
			return Sum{}, false
		}
		text = append([]byte{kind}, text[space+2:]...)
	}
	return w.find(text)
}

// Place asks where a file of the Markdown tree lies in the site; the others ask likewise.
func (w *Work) Place(file string) string {
	w.general(askPlace, []byte(file))
	return w.of.Place(file)
}

// Picture asks for the size of a picture.
func (w *Work) Picture(file string) (width, height int) {
	w.general(askPicture, []byte(file))
	return w.of.Picture(file)
}

// Name asks what an account is called.
func (w *Work) Name(account string) string {
	w.general(askName, []byte(account))
	return w.of.Name(account)
}

// usualQuestion is how many bytes most questions for a target take at most.
const usualQuestion = 128

// Asking is a tenant whose answers to a piece of work are noted.
type Asking struct {
	markdown.Tenant
	*Work
}

// Resolve is that of the tenant. The comments on a text are among what its work is given, and so may the files be.
func (a Asking) Resolve(from markdown.Page, t markdown.Target) markdown.Ref {
	ref := a.Tenant.Resolve(from, t)
	switch {
	case t.Kind == markdown.TargetComment:
	case t.Kind == markdown.TargetAttachment && t.Container == nil && from == a.of.Page() && a.HasFiles:
	case t.Kind == markdown.TargetURL && a.of.Leaves(t.URL):
	case t.Kind == markdown.TargetPicture: // its address is as long as the picture, and to ask is to publish it
		a.Spoilt = true
	case from != a.of.Page():
		q := targetQuestion{from, t}
		a.note(askOwn, q.append(make([]byte, 0, usualQuestion)), func() Sum { return sumOfRef(&ref) })
	case t.IsOwn():
		q := targetQuestion{Target: t}
		a.note(askOwn, q.append(make([]byte, 0, usualQuestion)), func() Sum { return sumOfRef(&ref) })
	default:
		q := targetQuestion{Target: t}
		a.general(askTarget, q.append(make([]byte, 0, usualQuestion)))
	}
	return ref
}

// Find is that of the tenant.
func (a Asking) Find(q markdown.Query) ([]markdown.Ref, error) {
	rows, err := a.Tenant.Find(q)
	noted, own := q, q.IsOwn()
	if q.From == a.of.Page() {
		noted.From = markdown.Page{}
	} else {
		own = true
	}
	if own {
		a.note(askOwnQuery, Append(nil, noted), func() Sum { return sumOfRows(rows, err) })
	} else {
		a.general(askQuery, Append(nil, noted))
	}
	return rows, err
}
