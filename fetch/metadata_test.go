package fetch

import (
	"encoding/json"
	"testing"

	"agc-export/fetch/wiki"
)

// TestProperty: a cover may be written as text or as an object; the others are text,
// and anything else under their names is an app's.
func TestProperty(t *testing.T) {
	for _, tc := range []struct{ key, raw, want string }{
		{propCover, `{"value":"a.jpg"}`, "a.jpg"}, {propCover, `{"value":{"id":"a"}}`, `{"id":"a"}`},
		{propCover, `{}`, ""}, {propCover, `[]`, ""},
		{propAppearance, `{"value":"full-width"}`, "full-width"}, {propAppearance, `{"value":{}}`, ""},
		{propEmoji, `{"value":"1f510"}`, "🔐"}, {propEmoji, `{"value":[]}`, ""}, {"other", `{"value":"x"}`, ""},
	} {
		var m wiki.Metadata
		takeProperty(&m, tc.key, json.RawMessage(tc.raw))
		if got := m.Cover + m.Appearance + m.EmojiTitle; got != tc.want {
			t.Errorf("%s %s: %q, want %q", tc.key, tc.raw, got, tc.want)
		}
	}
}
