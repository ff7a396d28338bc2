package report

import (
	"bytes"
	"encoding/json"
	"testing"
)

// TestJSON: the form is that of the standard, whatever a value holds.
func TestJSON(t *testing.T) {
	odd := "\"\\{}[],: \n\u2028\x00<&>é"
	for _, v := range []any{
		nil, true, -1.5e30, "", odd, []int{}, []int(nil), map[string]int{}, []any{}, struct{}{},
		[]any{[]any{}, map[string]any{}, []any{[]any{1}, nil}}, json.RawMessage("{ \"a\" : [ ] , \"b\":[1 ,2]}"),
		map[string]any{odd: odd, "a\\": []string{"\\", "\\\"", odd}, "b": map[string]any{"c": nil}},
		struct {
			A []struct{ B, C string } `json:"a"`
			D *int                    `json:"d,omitempty"`
		}{A: []struct{ B, C string }{{odd, ""}, {}}},
	} {
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
		if got, err := JSON(v); err != nil || !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%#v, %v:\n%s\nwant:\n%s", v, err, got, &want)
		}
	}
	if _, err := JSON(make(chan int)); err == nil {
		t.Error("what is no JSON has a form")
	}
}
