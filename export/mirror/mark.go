package mirror

import (
	"context"

	"agc-export/fetch/wiki"
)

// Marks are what people put on spaces and contents and what no list of these tells: their levels of
// classification, and how far pages are. A mirror has the methods as its own.
type Marks struct{ disk *disk }

// Level is the classification of one space or content, as far as it was asked for.
type Level struct {
	ID    string // of the space or content
	Level string // of fetch.Classification; "": it has none of its own
}

var classifications = table[wiki.Classification]{
	name:    "classification",
	columns: []string{"id", "name", "description", "guideline", "color", "position", "status", "raw"},
	fields: func(c *wiki.Classification) []any {
		return []any{&c.ID, &c.Name, &c.Description, &c.Guideline, &c.Color, &c.Order, &c.Status, (*[]byte)(&c.Raw)}
	},
}

var (
	spaceLevels   = levels("space_level")
	contentLevels = levels("content_level")
)

// State is how far a content is, as far as it was asked for.
type State struct {
	ID string // of the content
	wiki.State
	Version int // of the content, when it was asked for
}

var contentStates = table[State]{
	name: "content_state", columns: []string{"id", "name", "color", "version"},
	fields: func(s *State) []any { return []any{&s.ID, &s.State.Name, &s.State.Color, &s.Version} },
}

func levels(name string) table[Level] {
	return table[Level]{
		name: name, columns: []string{"id", "level"}, fields: func(l *Level) []any { return []any{&l.ID, &l.Level} },
	}
}

// PutClassifications writes the levels that there are.
func (m Marks) PutClassifications(ctx context.Context, list []wiki.Classification) (int, error) {
	return put(ctx, m.disk, classifications, list, func(c wiki.Classification) wiki.Classification { return c })
}

// Classifications returns the levels that there are, the least order first.
func (m Marks) Classifications(ctx context.Context) ([]wiki.Classification, error) {
	all, err := list(ctx, m.disk, classifications.fields,
		"SELECT "+classifications.selection()+" FROM classification ORDER BY position, id")
	return all, wrap("reading classifications", err)
}

// PutSpaceLevels writes the levels that contents of spaces have by default.
func (m Marks) PutSpaceLevels(ctx context.Context, list []Level) (int, error) {
	return put(ctx, m.disk, spaceLevels, list, func(l Level) Level { return l })
}

// PutContentLevels writes the levels of single contents.
func (m Marks) PutContentLevels(ctx context.Context, list []Level) (int, error) {
	return put(ctx, m.disk, contentLevels, list, func(l Level) Level { return l })
}

// PutStates writes the states of contents.
func (m Marks) PutStates(ctx context.Context, list []State) (int, error) {
	return put(ctx, m.disk, contentStates, list, func(s State) State { return s })
}

// SpaceLevels returns for each space that was asked about its default level, "" for
// none.
func (m Marks) SpaceLevels(ctx context.Context) (map[string]string, error) {
	all, err := list(ctx, m.disk, spaceLevels.fields, "SELECT id, level FROM space_level")
	byID := make(map[string]string, len(all))
	for _, l := range all {
		byID[l.ID] = l.Level
	}
	return byID, wrap("reading levels", err)
}
