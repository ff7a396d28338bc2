package markdown

import (
	"strings"

	"agc-export/render/storage"
)

// Piece is a part of a page that reports of other pages show.
type Piece struct {
	Source string // storage format: the element or macro
	Status string // of tasks and decisions: Status… below
	Person string // whom a task is assigned to: account id, user key or name
	Due    string // of a task: "2026-05-04"
}

// The states of tasks and decisions.
const (
	StatusDone = "complete" // also: decided
	StatusOpen = "incomplete"
)

// The kinds of pieces.
const (
	PieceExcerpt    = "excerpt"    // excerpt macros of all families
	PieceProperties = "properties" // page properties
	PieceTask       = "task"
	PieceDecision   = "decision"
)

// pieceSigns are what a body with pieces of a kind holds in any case, so that most
// bodies need not be parsed.
var pieceSigns = map[string][]string{
	PieceExcerpt:    {"excerpt", "shared-block", emptied},
	PieceProperties: {"details"},
	PieceTask:       {"<ac:task>", "<ac:task "},
	PieceDecision:   {"decision-item"},
}

// Pieces cuts the pieces of a kind out of a storage body, in order. Of a page that is to be
// published without what some readers only see, it must be given what Withhold leaves. A task within
// another is a piece of its own too. It takes time in proportion to the body.
func Pieces(body, kind string) []Piece {
	signs := pieceSigns[kind]
	found := false
	for _, s := range signs {
		found = found || strings.Contains(body, s)
	}
	if !found {
		return nil
	}
	root, _ := storage.Parse(body)
	var out []Piece
	for n := range root.All() {
		if !isPiece(n, kind) {
			continue
		}
		p := Piece{Source: body[n.Offset:n.End]}
		switch kind {
		case PieceTask:
			p.task(n)
		case PieceDecision:
			if p.Status = StatusDone; strings.EqualFold(adfAttribute(n, "state"), undecided) {
				p.Status = StatusOpen
			}
		}
		out = append(out, p)
	}
	return out
}

// isPiece tells whether a node is a piece of a kind.
func isPiece(n *storage.Node, kind string) bool {
	switch kind {
	case PieceTask:
		return n.Name == "ac:task" && n.Child("ac:task-body") != nil
	case PieceDecision:
		return n.Name == "ac:adf-node" && n.Get("type") == "decision-item"
	}
	name := macroName(n)
	if kind == PieceExcerpt && name != "" && forSome(name) && isEmptied(n) {
		return true // an excerpt may have stood in it
	}
	return macros[name].piece == kind
}

// undecided is the state of a decision that is still to be made.
const undecided = "UNDECIDED"

// statusOf is what Confluence calls the status of a task, "" where it says none.
func statusOf(task *storage.Node) string {
	if s := task.Child("ac:task-status"); s != nil {
		return strings.TrimSpace(s.TextContent())
	}
	return ""
}

// task reads a task: the first person that it mentions is whom it is assigned to, the
// first date when it is due, as Confluence has it.
func (p *Piece) task(n *storage.Node) {
	p.Status = StatusOpen
	if strings.EqualFold(statusOf(n), StatusDone) {
		p.Status = StatusDone
	}
	for d := range n.Child("ac:task-body").All() {
		if d.Name == "ac:task" { // what follows belongs to a task within it
			return
		}
		if t, ok := identifier(d); ok && t.Kind == TargetUser && p.Person == "" {
			p.Person = t.ID
		}
		if d.Name == "time" && p.Due == "" {
			p.Due, _, _ = strings.Cut(d.Get("datetime"), "T")
		}
	}
}
