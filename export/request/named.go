package request

import (
	"bufio"
	"context"
	"io"
	"slices"
	"strings"
	"unicode"

	"agc-export/export/mirror"
)

// Ids reads ids from a list: what stands in each line before a blank, comma or semicolon, in quotes or not, as tables
// have them; what begins with "#" is none.
func Ids(from io.Reader) (all []string, err error) {
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		words := strings.FieldsFunc(strings.TrimPrefix(lines.Text(), "\ufeff"), func(c rune) bool {
			return unicode.IsSpace(c) || strings.ContainsRune(`,;"`, c)
		})
		if len(words) > 0 && !strings.HasPrefix(words[0], "#") {
			all = append(all, words[0])
		}
	}
	return all, lines.Err()
}

// contents finds which contents of a mirror ids name, sorted and each once: that of a file or a comment names the
// content on which it stands. unknown are those that the mirror does not know, in their order.
func contents(ctx context.Context, m *mirror.Mirror, ids []string) (all, unknown []string, err error) {
	of, known := make(map[string]string, len(ids)), map[string]bool{} // id -> content; all contents
	for _, id := range ids {
		of[id] = ""
	}
	for e, err := range m.WalkEntries(ctx) {
		if err != nil {
			return nil, nil, err
		}
		known[e.ID] = true
		if _, asked := of[e.ID]; asked {
			of[e.ID] = e.ID
		}
	}
	if err := namedByOthers(ctx, m, of); err != nil {
		return nil, nil, err
	}
	all = []string{}
	for _, id := range ids {
		switch on := of[id]; {
		case known[on]:
			all = append(all, on)
		case !slices.Contains(unknown, id):
			unknown = append(unknown, id)
		}
	}
	slices.SortFunc(all, mirror.CompareIDs)
	return slices.Compact(all), unknown, nil
}

// namedByOthers finds the contents on which files and comments stand, of ids that name no content.
func namedByOthers(ctx context.Context, m *mirror.Mirror, of map[string]string) error {
	left := 0
	for _, on := range of {
		if on == "" {
			left++
		}
	}
	if left == 0 {
		return nil
	}
	for a, err := range m.Attachments(ctx) {
		if err != nil {
			return err
		}
		if on, asked := of[a.ID]; asked && on == "" {
			of[a.ID] = a.PageID
		}
	}
	sums, err := m.CommentSums(ctx)
	for page, rows := range sums {
		for _, row := range rows {
			if on, asked := of[row.ID]; asked && on == "" {
				of[row.ID] = page
			}
		}
	}
	return err
}
