package trace

import (
	"encoding/binary"

	"agc-export/render/markdown"
)

// Questions and answers of which a build has very many, in the form of Append and Decode: what these do field by field
// takes many times as long. A test compares the two.

// sumOfRef is SumOf of what a target is.
func sumOfRef(r *markdown.Ref) Sum {
	return sumWith(func(b []byte) []byte { return appendRef(b, r) })
}

// sumOfRows is SumOf of what a query gives.
func sumOfRows(rows []markdown.Ref, err error) Sum {
	return sumWith(func(b []byte) []byte {
		b = binary.AppendUvarint(b, uint64(len(rows)))
		for i := range rows {
			b = appendRef(b, &rows[i])
		}
		return appendText(b, reason(err))
	})
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendBool(b []byte, yes bool) []byte {
	if yes {
		return append(b, 1)
	}
	return append(b, 0)
}

func appendRef(b []byte, r *markdown.Ref) []byte {
	for _, s := range [...]string{r.Type, r.ID, r.SpaceKey, r.Title, r.Href, r.Missing, r.Heading, r.MediaType} {
		b = appendText(b, s)
	}
	b = appendBool(binary.AppendVarint(b, r.Size), r.Image)
	b = appendText(appendText(b, r.Picture), r.Status)
	b = binary.AppendVarint(b, int64(r.Depth))
	b = binary.AppendUvarint(b, uint64(len(r.Labels)))
	for _, s := range r.Labels {
		b = appendText(b, s)
	}
	b = appendText(appendText(appendText(b, r.Author), r.Created), r.Updated)
	b = appendText(binary.AppendVarint(b, int64(r.Version)), r.Editor)
	b = binary.AppendVarint(b, int64(r.Count))
	b = appendText(appendText(b, r.About), r.Body)
	return appendPage(b, &r.Page)
}

func appendPage(b []byte, p *markdown.Page) []byte {
	for _, s := range [...]string{p.ID, p.Type, p.Title, p.SpaceKey, p.Path} {
		b = appendText(b, s)
	}
	return appendText(appendBool(b, p.Guarded), p.At)
}

// append appends a question for a target.
func (q *targetQuestion) append(b []byte) []byte {
	return appendTarget(appendPage(b, &q.From), &q.Target)
}

func appendTarget(b []byte, t *markdown.Target) []byte {
	for _, s := range [...]string{t.Kind, t.SpaceKey, t.Title, t.PostingDay, t.ID, t.Filename, t.URL, t.Anchor} {
		b = appendText(b, s)
	}
	if t.Container == nil {
		return append(b, 0)
	}
	return appendTarget(append(b, 1), t.Container)
}

// decode reads one.
func (q *targetQuestion) decode(b []byte) bool {
	d := decoder{b}
	return d.page(&q.From) && d.target(&q.Target)
}

func (d *decoder) texts(all ...*string) bool {
	for _, to := range all {
		text, ok := d.bytes()
		if !ok {
			return false
		}
		*to = string(text)
	}
	return true
}

func (d *decoder) page(p *markdown.Page) bool {
	if !d.texts(&p.ID, &p.Type, &p.Title, &p.SpaceKey, &p.Path) {
		return false
	}
	n, ok := d.uvarint()
	p.Guarded = n == 1
	return ok && d.texts(&p.At)
}

func (d *decoder) target(t *markdown.Target) bool {
	if !d.texts(&t.Kind, &t.SpaceKey, &t.Title, &t.PostingDay, &t.ID, &t.Filename, &t.URL, &t.Anchor) {
		return false
	}
	n, ok := d.uvarint()
	if !ok || n == 0 {
		return ok
	}
	t.Container = new(markdown.Target)
	return d.target(t.Container)
}
