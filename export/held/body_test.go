package held

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// bodiesAsJSON are objects whose body is easy to miss: names and values that look like it,
// escapes, what stands twice, what is no JSON at all.
var bodiesAsJSON = []string{
	`{"body":{"storage":{"value":"a"}}}`, `{"body":{"storage":{"value":""}}}`, `{"body":{"storage":{"value":null}}}`,
	`{"body":{"storage":{"value":1}}}`, `{"body":{"storage":null}}`, `{"body":null}`, `{"body":"a"}`, `{}`, ``, `null`,
	`[]`,
	` { "id" : 1 , "body" : { "storage" : { "representation" : "storage", "value" : "a" } } } `,
	`{"title":"\"body\":{\"storage\":{\"value\":\"no\"}}","body":{"storage":{"value":"a"}}}`,
	`{"a":{"body":{"storage":{"value":"no"}}},"body":{"storage":{"value":"a"}}}`,
	`{"a":[1,[{"}":"]"}],true,null,-1.5e3],"body":{"view":{"value":"no"},"storage":{"value":"a"}},"z":{}}`,
	`{"body":{"storage":{"value":"a"}},"body":{"storage":{"value":"b"}}}`,
	`{"body":{"storage":{"value":"a","value":"b"}}}`,
	`{"body":{"storage":{"value":"a"}},"Body":{"storage":{"VALUE":"b"}}}`, `{"BODY":{"Storage":{"vAlue":"b"}}}`,
	`{"b\u006fdy":{"storage":{"value":"b"}}}`,
	`{"body":{"storage":{"value":"a"}},"bod\u0079":{"storage":{"value":"b"}}}`,
	`{"body":{"storage":{"value":"\"\\\/\b\f\n\r\t\u00e9\u20AC\u0000\\"}}}`, `{"body":{"storage":{"value":"\\\\\""}}}`,
	`{"body":{"storage":{"value":"\ud83d\ude42\ud83d"}}}`, `{"body":{"storage":{"value":"\ud83d\u0041\ude42"}}}`,
	"{\"body\":{\"storage\":{\"value\":\"a\xffb\"}}}", "{\"body\":{\"storage\":{\"value\":\"a\nb\"}}}",
	`{"body":{"storage":{"value":"\x"}}}`, `{"body":{"storage":{"value":"\u12"}}}`,
	`{"body":{"storage":{"value":"\u+123"}}}`,
	`{"body":{"storage":{"value":"a"}}`, `{"body":{"storage":{"value":"a`, `{"body":{"storage":{"value":"a"}}} x`,
	`{"body":{"storage":{"value":"a"}},}`, `{"body" {"storage":{"value":"a"}}}`, `{body:{"storage":{"value":"a"}}}`,
	`{"body":{"storage":{"value":"a" "b"}}}`, `{"body":{"storage":{"value":}}}`, `{"body":{"storage":{"value":"é🙂 "}}}`,
}

// TestBody: a body that is read at a glance is that which a decoder reads, and what the API
// writes is read so.
func TestBody(t *testing.T) {
	glanced := 0
	check := func(raw string) {
		got, ok := plain(raw)
		if !ok || !json.Valid([]byte(raw)) { // what is damaged has another sum than its row
			return
		}
		glanced++
		if want, ok := decoded([]byte(raw)); !ok || got != want {
			t.Errorf("%q: read %q, decoded %q %v", raw, got, want, ok)
		}
	}
	dice := rand.New(rand.NewPCG(1, 2))
	pieces := []string{`"`, `\`, `{`, `}`, `,`, `:`, ` `, `u`, `a`, `\\`, `\"`, `"body":`, `"value":"b",`,
		`{"body":1},`, "\x00", "é"}
	for _, raw := range bodiesAsJSON {
		check(raw)
		for range 3000 {
			changed := raw
			for range 1 + dice.IntN(2) {
				at := dice.IntN(len(changed) + 1)
				to := min(at+dice.IntN(3), len(changed))
				changed = changed[:at] + pieces[dice.IntN(len(pieces))] + changed[to:]
			}
			check(changed)
		}
	}
	if glanced < 1000 {
		t.Errorf("only %d were read at a glance", glanced)
	}
	for _, size := range []int{0, 66, 500} {
		raw, want := object(size)
		if body, ok := plain(raw); !ok || body != want {
			t.Errorf("%.80s is not read at a glance", raw)
		}
	}
}

// object is a page as the API writes it, and its body.
func object(size int) (raw, body string) {
	body = strings.Repeat(`<p>Rotate the certificates <strong>every</strong> ninety days.</p>`, size/66+1)
	return `{"id":"100000","title":"Page","version":{"number":1},"body":{"storage":{"representation":"storage",` +
		`"value":` + strconv.Quote(body) + `}}}`, body
}

func BenchmarkBody(b *testing.B) {
	raw, _ := object(13000)
	raw = strings.ReplaceAll(raw, "<strong>", `<strong class=\"a\">`)
	for _, read := range []struct {
		name string
		body func(string) (string, bool)
	}{{"glance", Body}, {"decoder", func(s string) (string, bool) { return decoded([]byte(s)) }}} {
		b.Run(read.name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				read.body(raw)
			}
		})
	}
}
