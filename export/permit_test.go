package export

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
	"agc-export/export/permit"
	"agc-export/fetch/faketenant"
)

// permitting is a tenant of two spaces and who may use them; more is what else somebody may do in B.
func permitting(more ...string) fstest.MapFS {
	var b strings.Builder
	b.WriteString("[site]\nname = \"S\"\nurl = \"https://s.atlassian-us-gov-mod.net\"\ncloud_id = \"c\"\n")
	b.WriteString("[[users]]\nid = \"u\"\nname = \"Ursula\"\n[[users]]\nid = \"zqv\"\nname = \"=1+1 Vera\"\n")
	for i, key := range []string{"A", "B", "NONE"} {
		fmt.Fprintf(&b, "[[spaces]]\nid = \"%d\"\nkey = %q\nname = \"The %s, \\\"quoted\\\"\"\n", i+1, key, key)
		permissions := []string{"group:zqstaff read space", "user:zqv create page", "user:u read space"}
		switch key {
		case "B":
			permissions = append([]string{"role:zqrole read space", "group:other read space"}, more...)
		case "NONE":
			permissions = nil
		}
		for n, p := range permissions {
			f := strings.Fields(p)
			fmt.Fprintf(&b, "[[spaces.permissions]]\nid = \"%d\"\nprincipal = %q\noperation = %q\ntarget = %q\n",
				100*i+n+1, f[0], f[1], f[2])
		}
	}
	return fstest.MapFS{"tenant.toml": {Data: []byte(b.String())},
		"A/1.xml": {Data: []byte("+++\nid = \"101\"\ntitle = \"One\"\nauthor = \"u\"\n" +
			"editors = [\"group:zqstaff\"]\n+++\n")}}
}

// TestSpaceAccess: who may use which space is written down beside the mirror where the settings ask for it,
// in full sweeps and of spaces that are new, for its owner alone, and changes nothing that is published.
func TestSpaceAccess(t *testing.T) {
	w := newWorld(t, permitting())
	w.export(t, exit.Complete)
	path := filepath.Join(filepath.Dir(w.Config.Output.Mirror), permit.File)
	if _, err := os.Stat(path); err == nil || w.fake.Load().Counts()["space-permissions"] > 0 {
		t.Error("it is asked for although the settings do not")
	}
	before := tree(t, w.Config.Output.Dir)
	w.Config.Export.SpaceAccess = true
	want := func(rows string) {
		t.Helper()
		if diff := cmp.Diff("space,space_name,subject,id,name,operation,target\n"+rows, readFile(t, path)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("its mode: %v, %v", info.Mode(), err)
		}
	}
	const a, b, none = `A,"The A, ""quoted""",group,zqstaff,zqstaff,read,space
A,"The A, ""quoted""",user,u,Ursula,read,space
A,"The A, ""quoted""",user,zqv,'=1+1 Vera,create,page
`, `B,"The B, ""quoted""",group,other,,read,space
B,"The B, ""quoted""",role,zqrole,,read,space
`, `NONE,"The NONE, ""quoted""",,,,,
`
	w.export(t, exit.Complete)
	want(a + b + none)
	w.export(t, exit.Complete)
	if n := w.fake.Load().Counts()["space-permissions"]; n != 3 {
		t.Errorf("two nights ask %d times", n)
	}
	if diff := cmp.Diff(before, tree(t, w.Config.Output.Dir)); diff != "" {
		t.Errorf("the output is another:\n%s", diff)
	}
	w.Config.Fetch.FullSweep = 0
	w.serve(t, permitting("user:u delete page"),
		faketenant.Fault{Path: "/spaces/1/permissions", Times: -1, Status: 500})
	w.export(t, exit.Incomplete)
	want(a + b + `B,"The B, ""quoted""",user,u,Ursula,delete,page` + "\n" + none)
	w.serve(t, permitting(), faketenant.Fault{Op: "space-permissions", Times: -1, Status: 403, Body: page403})
	if report := w.export(t, exit.Complete); !strings.Contains(strings.Join(report.Missing, "\n"),
		"who may use which space") {
		t.Errorf("nobody tells: %q", report.Missing)
	}
	want(a + b + `B,"The B, ""quoted""",user,u,Ursula,delete,page` + "\n" + none)
	if err := os.WriteFile(path, []byte("no list"), 0o644); err != nil {
		t.Fatal(err)
	}
	w.Config.Export.ExcludeSpaces, w.Config.Fetch.FullSweep = []string{"NONE"}, 7
	var many []string
	for i := range 300 {
		many = append(many, fmt.Sprintf("group:g%03d read space", i))
	}
	w.serve(t, permitting(many...))
	w.export(t, exit.Complete)
	if n := strings.Count(readFile(t, path), "\n"); n != 1+3+2+300 {
		t.Errorf("%d lines", n)
	}
	each(t, w.Config.Output.Dir, func(name, text string) {
		if strings.Contains(text, "zqrole") || strings.Contains(text, "zqstaff") ||
			strings.HasSuffix(name, permit.File) {
			t.Errorf("%s tells of it", name)
		}
	})
}
