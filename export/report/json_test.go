package report

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"
	"time"
)

// jsonKinds has what is written without the standard.
type jsonKinds struct {
	Text   string      `json:"text"`
	Left   string      `json:"left,omitempty"`
	Number int         `json:"number,omitempty"`
	Big    int64       `json:"big"`
	Yes    bool        `json:"yes,omitempty"`
	Some   []string    `json:"some,omitempty"`
	None   []int       `json:"none"`
	More   []jsonInner `json:"more"`
	At     *jsonInner  `json:"at,omitempty"`
	JSONInner
	jsonInnerX
}

type (
	jsonInner struct {
		C string `json:"c"`
	}
	jsonInnerX struct {
		D string `json:"d"`
		E int    `json:"e"`
	}
	JSONInner struct {
		F string `json:"f,omitempty"`
	}
	jsonByPointer struct {
		A string `json:"a"`
		*JSONInner
	}
	jsonTimes struct {
		T time.Time `json:"t"`
	}
)

// nested is so deep.
func nested(deep int) any {
	if deep == 0 {
		return "end"
	}
	return []any{nested(deep - 1), []string{"x"}}
}

// TestJSON: the form is that of the standard, whatever a value holds.
func TestJSON(t *testing.T) {
	odd := "\"\\{}[],: \n\u2028\x00<&>é"
	for _, v := range []any{
		nil, true, -1.5e30, 0.1, 1.0, 12.345, 1e-6, 9e-7, 1e20, 1e21,
		"", odd, []int{}, []int(nil), map[string]int{}, []any{}, struct{}{},
		[]any{[]any{}, map[string]any{}, []any{[]any{1}, nil}}, json.RawMessage("{ \"a\" : [ ] , \"b\":[1 ,2]}"),
		map[string]any{odd: odd, "a\\": []string{"\\", "\\\"", odd}, "b": map[string]any{"c": nil}},
		struct {
			A []struct{ B, C string } `json:"a"`
			D *int                    `json:"d,omitempty"`
		}{A: []struct{ B, C string }{{odd, ""}, {}}},
		member{}, []jsonKinds{{}, {Text: odd, Some: []string{}},
			{Text: "é\x7f\xff", Left: "<&>", Number: -3, Big: 1 << 60, Yes: true,
				Some: []string{odd, "", "\u2029"}, More: []jsonInner{{}, {C: "\\"}}, At: &jsonInner{C: "x"},
				jsonInnerX: jsonInnerX{D: "d", E: 7}, JSONInner: JSONInner{F: odd}}},
		[]jsonByPointer{{"a", nil}, {"b", &JSONInner{}}, {"c", &JSONInner{F: odd}}},
		nested(30), jsonTimes{T: time.Unix(1, 0).UTC()},
		struct {
			A string `json:"<"`
			B string `json:"-"`
			C int    `json:"c,string"`
			D json.RawMessage
		}{"1", "2", 3, nil},
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
		var got bytes.Buffer
		if err := WriteJSON(&got, v); err != nil || !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("written: %#v, %v:\n%s\nwant:\n%s", v, err, &got, &want)
		}
	}
	unfit := struct {
		A []chan int `json:"a"`
	}{make([]chan int, 1)}
	if _, err := JSON(make(chan int)); err == nil || WriteJSON(io.Discard, unfit) == nil {
		t.Error("what is no JSON has a form")
	}
}
