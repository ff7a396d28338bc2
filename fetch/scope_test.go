package fetch

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"agc-export/fetch/faketenant"
)

// TestAbsent: what means that something optional is not to be had, and what must
// never be taken for that.
func TestAbsent(t *testing.T) {
	for _, tc := range []struct {
		status int
		body   string
		want   bool
	}{
		{401, `{"code":401,"message":"Unauthorized; scope does not match"}`, true},
		{403, `{"statusCode":403,"message":"no"}`, true},
		{404, `{"errors":[{"code":"NOT_FOUND","title":"Not Found"}]}`, true},
		{404, `{"errors":[{"code":"NOT_FOUND","title":"No classification level"}]}`, true},
		{404, `{"code":404,"message":"No such site"}`, true},
		{404, `{"errorMessages":["x"]}`, true},
		{410, `{"statusCode":410,"message":"removed"}`, true},
		{501, `{"errors":[{"code":"NOT_IMPLEMENTED","title":"x"}]}`, true},
		{401, `{"code":401,"message":"Unauthorized"}`, false},
		{403, `{"statusCode":403,"message":"Current user not permitted to use Confluence"}`, false},
		{403, `{"error":{"code":"forbidden","message":"Insufficient scope. Required: environment:proxy"}}`, false},
		{404, `{"error":{"code":"unknown_provider_config"}}`, false},
		{404, `<html>`, false}, {403, `<html>`, false}, {400, `{"statusCode":400}`, false},
		{429, `{"code":429}`, false},
		{500, ``, false}, {503, `<html>`, false},
	} {
		if got := IsAbsent(classify("tasks", tc.status, http.Header{}, []byte(tc.body))); got != tc.want {
			t.Errorf("%d %s: %v", tc.status, tc.body, got)
		}
	}
	if IsAbsent(nil) || IsAbsent(&Error{Origin: OriginNetwork, Code: CodeConnection}) {
		t.Error("no answer counts as absence")
	}
}

// TestScopeOf: an operation has one scope, whatever is added to its name, and the
// core comes first.
func TestScopeOf(t *testing.T) {
	for op, want := range map[string]string{
		"pages": "read:page:confluence", "pages+body": "read:page:confluence",
		"search:comments+body": "search:confluence",
		"download":             "readonly:content.attachment:confluence", "connection": "", "": "",
	} {
		if got := ScopeOf(op).Name; got != want {
			t.Errorf("%s: %s, want %s", op, got, want)
		}
	}
	seen := map[string]bool{}
	core := true
	for _, s := range Scopes() {
		if s.Core && !core {
			t.Errorf("%s comes late", s.Name)
		}
		core = s.Core
		for _, op := range s.Ops {
			if seen[op] {
				t.Errorf("%s is there twice", op)
			}
			seen[op] = true
		}
	}
	for _, op := range faketenant.Operations() {
		if ScopeOf(op.Name).Name == "" {
			t.Errorf("nothing is known of the scope for %s", op.Name)
		}
	}
}

// TestScopes compares the scopes with those of the published API.
func TestScopes(t *testing.T) {
	name := os.Getenv("AGC_OPERATIONS")
	if name == "" {
		t.Skip("NOT COMPARED with the published API: AGC_OPERATIONS does not name its description")
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Method, Path string
		Scopes       []string
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	published := map[string][]string{}
	for _, op := range all {
		published[op.Method+" "+op.Path] = op.Scopes
	}
	for _, op := range faketenant.Operations() {
		if want := published[op.Method+" "+op.Path]; !slices.Contains(want, ScopeOf(op.Name).Name) {
			t.Errorf("%s %s: %s, published %s", op.Method, op.Path, ScopeOf(op.Name).Name, strings.Join(want, " "))
		}
	}
}
