package search

import "unicode/utf8"

const (
	rowsPerFile = 64       // documents in a file of rows
	textFile    = 16 << 10 // bytes of text after which a file of texts ends
	// bytes of a document's text that excerpts are taken from; what is over that stands in a file
	// of its own, which is read for phrases only
	maxText = 20000
)

// rows is a d- file.
type rows struct {
	Texts [][2]any `json:"texts"` // how many documents a file of texts has, and its name without "x-"
	Rows  []row    `json:"rows"`
}

// row is what the list of results shows of a document. Empty fields are left out.
type row struct {
	Title  string   `json:"t"`
	Href   string   `json:"h"`
	Space  string   `json:"s,omitempty"`
	Kind   string   `json:"k,omitempty"`
	Trail  []string `json:"b,omitempty"`
	Labels []string `json:"l,omitempty"`
	Files  []string `json:"f,omitempty"`
	People []string `json:"p,omitempty"`
	Rest   string   `json:"x,omitempty"` // name, without "x-", of the file with the text beyond maxText
}

// maxNames bounds the labels, files and people of a row.
const maxNames = 30

// rowWriter writes the files of rows and texts.
type rowWriter struct {
	files *filer
	rows  rows
	texts []string
	size  int // bytes in texts
	names []string
}

// add appends a document.
func (w *rowWriter) add(d Document) error {
	r := row{d.Title, d.Href, d.Space, d.Kind, d.Trail, some(d.Labels), some(d.Files), some(d.People), ""}
	text := d.Text
	if len(text) > maxText {
		end := maxText
		for !utf8.RuneStart(text[end]) {
			end--
		}
		var err error
		if r.Rest, err = w.files.addJSON("x", []string{text[end:]}); err != nil {
			return err
		}
		text = text[:end]
	}
	w.rows.Rows = append(w.rows.Rows, r)
	w.texts = append(w.texts, text)
	if w.size += len(text); w.size >= textFile {
		if err := w.flushTexts(); err != nil {
			return err
		}
	}
	if len(w.rows.Rows) == rowsPerFile {
		return w.flush()
	}
	return nil
}

func some(names []string) []string { return names[:min(len(names), maxNames)] }

func (w *rowWriter) flushTexts() error {
	name, err := w.files.addJSON("x", w.texts)
	w.rows.Texts = append(w.rows.Texts, [2]any{len(w.texts), name})
	w.texts, w.size = w.texts[:0], 0
	return err
}

func (w *rowWriter) flush() error {
	if len(w.texts) > 0 {
		if err := w.flushTexts(); err != nil {
			return err
		}
	}
	name, err := w.files.addJSON("d", w.rows)
	w.names = append(w.names, name)
	w.rows = rows{}
	return err
}

// close writes what is left.
func (w *rowWriter) close() error {
	if len(w.rows.Rows) == 0 {
		return nil
	}
	return w.flush()
}
