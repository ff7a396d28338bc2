package config

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exporttest"
)

// A text with other values is read as the defaults with these values, and nothing else of it changes.
func TestWritten(t *testing.T) {
	defaults := exporttest.Defaults()
	same, err := Load(Sources{Defaults: defaults})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, k := range Keys() {
		v := reflect.ValueOf(same).FieldByIndex(k.index)
		all[k.Name()] = fmt.Sprint(v.Interface())
		if v.Kind() == reflect.Slice {
			all[k.Name()] = strings.ReplaceAll(strings.Trim(all[k.Name()], "[]"), " ", ",")
		}
	}
	some := map[string]string{"nango.connection_id": `team "7"\x`, "confluence.subdomain": "acme",
		"export.spaces": "ENG,OPS*", "fetch.workers": "2", "site.people": "false"}
	for _, given := range []map[string]string{nil, all, some} {
		want, err := Load(Sources{Defaults: defaults, Flags: given})
		if err != nil {
			t.Fatal(err)
		}
		text, err := Written(defaults, given)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Load(Sources{Defaults: text})
		if err != nil {
			t.Fatalf("%v in:\n%s", err, text)
		}
		if d := cmp.Diff(want, got, cmp.AllowUnexported(Config{})); d != "" {
			t.Error(d)
		}
		old, changed := strings.Split(defaults, "\n"), 0
		for i, l := range strings.Split(text, "\n") {
			_, before, _ := strings.Cut(old[i], " # ")
			if _, after, _ := strings.Cut(l, " # "); after != before {
				t.Errorf("%q became %q", old[i], l)
			}
			if l != old[i] {
				changed++
			}
		}
		if len(given) < len(all) && changed != len(given) {
			t.Errorf("%d lines changed for %v", changed, given)
		}
	}
	if _, err := Written(defaults, map[string]string{"fetch.workers": "-1"}); err == nil {
		t.Error("a value out of range was written")
	}
}
