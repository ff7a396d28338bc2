package faketenant

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// published is an operation as Atlassian's description has it, in the JSON file
// that AGC_OPERATIONS names.
type published struct {
	Method string
	Path   string
	Params map[string]struct {
		Array            bool
		Enum             []string
		Default          any
		Minimum, Maximum int
		MaxItems         int
		Required         bool
	}
}

// TestOperations compares the table of operations with the published API.
func TestOperations(t *testing.T) {
	name := os.Getenv("AGC_OPERATIONS")
	if name == "" {
		t.Skip("NOT COMPARED with the published API: AGC_OPERATIONS does not name its description")
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var all []published
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]Param{}
	for _, p := range all {
		params := map[string]Param{}
		for name, q := range p.Params {
			param := Param{
				Array: q.Array, Enum: q.Enum, Min: q.Minimum, Max: q.Maximum, Items: q.MaxItems, Required: q.Required,
			}
			if q.Default != nil {
				param.Default = fmt.Sprint(q.Default)
			}
			params[name] = param
		}
		want[p.Method+" "+p.Path] = params
	}
	for _, op := range Operations() {
		key := op.Method + " " + op.Path
		have := map[string]Param{}
		for name, p := range op.Params {
			p.Missing = false
			have[name] = p
		}
		if want[key] == nil {
			t.Errorf("%s is not in the published API", key)
			continue
		}
		sortEnums(have)
		sortEnums(want[key])
		if d := cmp.Diff(want[key], have); d != "" {
			t.Errorf("%s (-published +here):\n%s", key, d)
		}
	}
}

func sortEnums(params map[string]Param) {
	for name, p := range params {
		p.Enum = slices.Sorted(slices.Values(p.Enum))
		params[name] = p
	}
}
