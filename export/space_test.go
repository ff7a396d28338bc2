package export

import (
	"encoding/json"
	"net/http"
	"testing"

	"agc-export/export/exit"
)

// Where the list of spaces does not tell which there are, it is not complete: that none is
// selected then is no fault of the configuration.
func TestSpacesUntold(t *testing.T) {
	each := func(change func(map[string]any) any) func(*http.Request, []byte) []byte {
		return func(r *http.Request, body []byte) []byte {
			v, _ := decodeAny(body)
			answer, _ := v.(map[string]any)
			list, _ := answer["results"].([]any)
			if kindOfRequest(r) != "/api/v2/spaces" || len(list) == 0 {
				return body
			}
			for i := range list {
				list[i] = change(list[i].(map[string]any))
			}
			data, err := json.Marshal(answer)
			if err != nil {
				return body
			}
			return data
		}
	}
	lacks := func(field string) func(*http.Request, []byte) []byte {
		return each(func(o map[string]any) any { delete(o, field); return o })
	}
	tests := []struct {
		name     string
		edit     func(*http.Request, []byte) []byte
		selected []string
		code     int
	}{
		{"without ids", lacks("id"), nil, exit.Failure},
		{"without keys", lacks("key"), nil, exit.Failure},
		{"of one key", each(func(o map[string]any) any { o["key"] = "ONE"; return o }), nil, exit.Failure},
		{"null", each(func(map[string]any) any { return nil }), nil, exit.Failure},
		{"numbers", each(func(map[string]any) any { return 7 }), nil, exit.Failure},
		{"lists", each(func(map[string]any) any { return []any{} }), nil, exit.Failure},
		{"the selected one is null", each(func(o map[string]any) any {
			if o["key"] == "HALF" {
				return nil
			}
			return o
		}), []string{"HALF"}, exit.Failure},
		{"another one is null", each(func(o map[string]any) any {
			if o["key"] == "HALF" {
				return nil
			}
			return o
		}), []string{"OPEN"}, exit.Incomplete},
		{"all are told, and none is selected", nil, []string{"NONE*"}, exit.Guard},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, aviary("group:few"))
			w.edit, w.Config.Export.Spaces = tt.edit, tt.selected
			w.export(t, tt.code)
		})
	}
}
