package search

const (
	rowsPerFile = 64      // documents in a file of rows
	textFile    = 8 << 10 // bytes of text after which a file of texts ends
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
	In     string   `json:"n,omitempty"`
	Kind   string   `json:"k,omitempty"`
	Date   string   `json:"d,omitempty"`
	Mark   string   `json:"m,omitempty"`
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
	texts []piece
	size  int // bytes in texts
	names []string
}

// piece is one of those that divide makes of a text.
type piece struct {
	Text
	at    int                    // which of them
	whole func() (string, error) // returns the text that was divided
}

// add appends a document.
func (w *rowWriter) add(d Document, texts []Text, whole func() (string, error)) error {
	r := row{d.Title, d.Href, d.Space, d.In, d.Kind, d.Date, d.Marking, d.Trail,
		some(d.Labels), some(d.Files), some(d.People), ""}
	for i, t := range texts {
		p := piece{t, i, whole}
		if i == 0 {
			w.texts = append(w.texts, p)
			w.size += t.Size
			continue
		}
		var err error
		if r.Rest, err = w.addTexts(p); err != nil {
			return err
		}
	}
	w.rows.Rows = append(w.rows.Rows, r)
	if w.size >= textFile {
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
	name, err := w.addTexts(w.texts...)
	w.rows.Texts = append(w.rows.Texts, [2]any{len(w.texts), name})
	clear(w.texts)
	w.texts, w.size = w.texts[:0], 0
	return err
}

// addTexts writes a file of texts, or takes it over without reading them.
func (w *rowWriter) addTexts(pieces ...piece) (hash string, err error) {
	file := Packed{Texts: make([]Sum, len(pieces))}
	for i, p := range pieces {
		file.Texts[i] = p.Sum
	}
	file.Of = sumOfTexts(file.Texts)
	if hash, ok, err := w.files.known(file); ok || err != nil {
		return hash, err
	}
	texts := make([]string, len(pieces))
	for i, p := range pieces {
		if texts[i], err = w.read(p); err != nil {
			return "", err
		}
		file.Texts[i] = sumOf([]byte(texts[i]))
	}
	file.Of = sumOfTexts(file.Texts) // of what it really holds, whatever the entries say
	data, err := encode(texts)
	if err != nil {
		return "", err
	}
	return w.files.write('x', data, file)
}

// read returns the text of a piece.
func (w *rowWriter) read(p piece) (string, error) {
	if text, ok := w.files.last.text(p.Sum); ok {
		return text, nil
	}
	whole, err := p.whole()
	if all := divide(whole); p.at < len(all) {
		return all[p.at], err
	}
	return "", err
}

// sumOfTexts is what a file of texts holds.
func sumOfTexts(texts []Sum) Sum {
	all := []byte{}
	for _, s := range texts {
		all = append(all, s[:]...)
	}
	return sumOf(append(all, 'x'))
}

func (w *rowWriter) flush() error {
	if len(w.texts) > 0 {
		if err := w.flushTexts(); err != nil {
			return err
		}
	}
	name, err := w.files.addJSON('d', w.rows)
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
