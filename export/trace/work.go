package trace

import (
	"agc-export/render/markdown"
)

// The questions of a piece of work, by the first letter of their text.
const (
	askTarget  = 't' // what a target is: markdown.Tenant's Resolve
	askQuery   = 'q' // what a macro lists: its Find
	askAddress = 'a' // where a destination of the Markdown leads in the site
	askPicture = 'p' // how large a picture is
	askName    = 'n' // what an account is called
)

// Teller answers the questions of a piece of work on one page.
type Teller interface {
	markdown.Tenant
	Page() markdown.Page                     // that it is about
	Address(dest string) string              // in the site, of a destination of the page's Markdown
	Picture(href string) (width, height int) // that the page shows, in pixels
	Name(account string) string              // for people
}

// Work is one piece of work, while it is done: what it is given, and what it asks. It is not for
// several at once.
type Work struct {
	Record
	Key    string
	Spoilt bool // it shall not be taken over
	build  *Build
	of     Teller
	asked  map[string]bool
}

// Begin begins a piece of work under a key, which is given what input sums up.
func (b *Build) Begin(key string, of Teller, input ...any) *Work {
	return &Work{Record: Record{Input: SumOf(input...)}, Key: key, build: b, of: of, asked: map[string]bool{}}
}

// Last is what the last build kept of this piece of work, if it was given the same and all answers
// are still the same.
func (w *Work) Last() (*Record, bool) {
	r, ok := w.build.Last(w.Key, w.Input)
	if !ok {
		return nil, false
	}
	for _, q := range r.Asked {
		if answer, ok := w.answer(q.Text); !ok || answer != q.Answer {
			return nil, false
		}
	}
	return r, true
}

// Known reads what came of it in the last build into result and keeps it, if it need not be done
// again.
func (w *Work) Known(result any) bool {
	r, ok := w.Last()
	if !ok || !r.Read(result) {
		return false
	}
	w.build.Put(w.Key, r)
	return true
}

// Read reads what came of a piece of work.
func (r *Record) Read(result any) bool {
	rest, err := Decode(r.Result, result)
	return err == nil && len(rest) == 0
}

// Done keeps what came of it.
func (w *Work) Done(result any) {
	if w.Spoilt {
		return
	}
	w.Result = Append(nil, result)
	w.build.Put(w.Key, &w.Record)
}

// note notes a question with its answer, the first time.
func (w *Work) note(kind byte, question []byte, answer ...any) {
	text := string(kind) + string(question)
	if !w.asked[text] {
		w.asked[text] = true
		w.Asked = append(w.Asked, Question{Text: text, Answer: SumOf(answer...)})
	}
}

// answer is what a question that was noted gives now.
func (w *Work) answer(text string) (Sum, bool) {
	if text == "" {
		return Sum{}, false
	}
	rest := text[1:]
	switch text[0] {
	case askAddress:
		return SumOf(w.of.Address(rest)), true
	case askPicture:
		width, height := w.of.Picture(rest)
		return SumOf(width, height), true
	case askName:
		return SumOf(w.of.Name(rest)), true
	case askTarget:
		var q targetQuestion
		if _, err := Decode([]byte(rest), &q); err != nil {
			return Sum{}, false
		}
		return SumOf(w.of.Resolve(w.from(q.From), q.Target)), true
	case askQuery:
		var q markdown.Query
		if _, err := Decode([]byte(rest), &q); err != nil {
			return Sum{}, false
		}
		q.From = w.from(q.From)
		rows, err := w.of.Find(q)
		return SumOf(rows, reason(err)), true
	}
	return Sum{}, false
}

// targetQuestion asks for a target. From is the zero value for the page of the work itself, which
// is where nearly all questions come from.
type targetQuestion struct {
	From   markdown.Page
	Target markdown.Target
}

// self is who asks, as it is noted, and from the reverse.
func (w *Work) self(from markdown.Page) markdown.Page {
	if from == w.of.Page() {
		return markdown.Page{}
	}
	return from
}

func (w *Work) from(noted markdown.Page) markdown.Page {
	if noted == (markdown.Page{}) {
		return w.of.Page()
	}
	return noted
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Address asks where a destination leads; the others ask likewise.
func (w *Work) Address(dest string) string {
	href := w.of.Address(dest)
	w.note(askAddress, []byte(dest), href)
	return href
}

// Picture asks for the size of a picture.
func (w *Work) Picture(href string) (width, height int) {
	width, height = w.of.Picture(href)
	w.note(askPicture, []byte(href), width, height)
	return width, height
}

// Name asks what an account is called.
func (w *Work) Name(account string) string {
	name := w.of.Name(account)
	w.note(askName, []byte(account), name)
	return name
}

// Asking is a tenant whose answers to a piece of work are noted.
type Asking struct {
	markdown.Tenant
	*Work
}

// Resolve is that of the tenant. The comments on a text are among what its work is given.
func (a Asking) Resolve(from markdown.Page, t markdown.Target) markdown.Ref {
	ref := a.Tenant.Resolve(from, t)
	switch t.Kind {
	case markdown.TargetComment:
	case markdown.TargetPicture: // its address is as long as the picture, and to ask is to publish it
		a.Spoilt = true
	default:
		a.note(askTarget, Append(nil, targetQuestion{a.self(from), t}), ref)
	}
	return ref
}

// Find is that of the tenant.
func (a Asking) Find(q markdown.Query) ([]markdown.Ref, error) {
	rows, err := a.Tenant.Find(q)
	noted := q
	noted.From = a.self(q.From)
	a.note(askQuery, Append(nil, noted), rows, reason(err))
	return rows, err
}
