// Package prompt asks a person on a terminal, line by line.
package prompt

import (
	"context"
	"errors"
	"io"
	"os"

	"golang.org/x/term"
)

// ErrEnded is that a person ended the questions, with Ctrl-C or Ctrl-D.
var ErrEnded = errors.New("ended at a question")

// Terminal is where a person is asked.
type Terminal struct {
	fd   int
	term *term.Terminal
}

// Open gives the terminal that in and out are, nil where they are none.
func Open(in, out *os.File) *Terminal {
	if !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return nil
	}
	return &Terminal{int(in.Fd()), term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, out}, "")}
}

// Line asks a question and returns the answer without its end. What is hidden does not show while it is typed. It
// ends with ErrEnded, or as soon as ctx does.
func (t *Terminal) Line(ctx context.Context, question string, hidden bool) (string, error) {
	state, err := term.MakeRaw(t.fd)
	if err != nil {
		return "", err
	}
	defer term.Restore(t.fd, state)
	type answer struct {
		line string
		err  error
	}
	given := make(chan answer, 1)
	go func() {
		if hidden {
			line, err := t.term.ReadPassword(question)
			given <- answer{line, err}
			return
		}
		t.term.SetPrompt(question)
		line, err := t.term.ReadLine()
		given <- answer{line, err}
	}()
	select {
	case <-ctx.Done():
		return "", context.Cause(ctx)
	case a := <-given:
		if errors.Is(a.err, io.EOF) {
			return "", ErrEnded
		}
		if errors.Is(a.err, term.ErrPasteIndicator) { // the line is whole, and was pasted
			a.err = nil
		}
		return a.line, a.err
	}
}
