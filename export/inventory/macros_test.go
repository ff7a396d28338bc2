package inventory

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Macros are counted where they are called, within others too, and not where a page only shows how it is done.
func TestMacros(t *testing.T) {
	for body, want := range map[string]map[string]int{
		"":                {},
		"<p>a &lt; b</p>": {},
		`<ac:structured-macro ac:name="Panel" ac:schema-version="1"><ac:rich-text-body>` +
			`<ac:structured-macro ac:macro-id='x' ac:name='code'><ac:plain-text-body>` +
			`<![CDATA[<ac:structured-macro ac:name="toc"/>]]></ac:plain-text-body></ac:structured-macro>` +
			`<ac:structured-macro ac:name="code"/></ac:rich-text-body></ac:structured-macro>` +
			`<ac:macro ac:name="a&amp;b"/>`: {"panel": 1, "code": 2, "a&b": 1},
		`<ac:structured-macro ac:name="cut`:             {},
		`<ac:structured-macro ac:name=>`:                {},
		`<ac:structured-macro>`:                         {},
		`<![CDATA[<ac:structured-macro ac:name="toc"/>`: {},
		`<ac:structured-macro ac:name="toc"/><`:         {"toc": 1},
	} {
		got := map[string]int{}
		for _, u := range Macros(body) {
			got[u.Name] = u.Count
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
	var tally Tally
	tally.Add([]Uses{{"code", 2}, {"nobody-knows", 1}})
	tally.Add([]Uses{{"code", 1}})
	list := tally.List()
	if len(list) != 2 || list[0].Uses != 3 || list[0].Pages != 2 || !list[0].Known || list[1].Known {
		t.Errorf("%+v", list)
	}
}
