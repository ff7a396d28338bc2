package mirror

import "context"

// Icon is the picture of a space.
type Icon struct {
	Source string // where the API had it, as SetIcon was told; another picture has another
	Sum    string // SHA-256 of its bytes, for OpenBlob; "": there is none
	Size   int64  // their number
}

// iconRow is the icon of a space with its key.
type iconRow struct{ space, source, sum string }

var icons = table[iconRow]{
	name:    "space_icon",
	columns: []string{"id", "source", "sha256"},
	fields:  func(i *iconRow) []any { return []any{&i.space, &i.source, &i.sum} },
}

// SetIcon notes which bytes the picture of a space has. The blob must be on disk.
func (m *Mirror) SetIcon(ctx context.Context, spaceID string, icon Icon) error {
	_, err := m.update(ctx, "noting the icon of "+spaceID, func(b *batch) (int, error) {
		if err := m.nameBlob(ctx, b, icon.Sum, icon.Size); err != nil {
			return 0, err
		}
		return b.exec(ctx, icons.upsert(), icons.row(&iconRow{spaceID, icon.Source, icon.Sum})...)
	})
	return err
}
