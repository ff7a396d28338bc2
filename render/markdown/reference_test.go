package markdown

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReferences(t *testing.T) {
	jira := func(parameter string) string {
		return `<ac:structured-macro ac:name="jira">` + parameter + `</ac:structured-macro>`
	}
	query := func(jql string) string { return jira(`<ac:parameter ac:name="jqlQuery">` + jql + `</ac:parameter>`) }
	app := func(key, value string) string {
		return `<ac:adf-extension><ac:adf-node type="extension">` +
			`<ac:adf-attribute key="extension-key">a/b/static/jira</ac:adf-attribute>` +
			`<ac:adf-attribute key="parameters"><ac:adf-parameter key="guest-params"><ac:adf-parameter key="` + key +
			`">` + value +
			`</ac:adf-parameter></ac:adf-parameter></ac:adf-attribute></ac:adf-node></ac:adf-extension>`
	}
	issues := func(keys ...string) References { return References{Issues: keys} }
	accounts := func(ids ...string) References { return References{Accounts: ids} }
	for name, c := range map[string]struct {
		body string
		want References
	}{
		"nothing": {body: `<p>ri:account-id="712020:a" OPS-1 <b>key</b></p>`},
		"mention": {
			body: `<p><ac:link><ri:user ri:account-id="712020:a" /></ac:link></p>`,
			want: accounts("712020:a"),
		},
		"single quotes": {
			body: `<ac:link><ri:user ri:account-id='712020:a'/></ac:link>`,
			want: accounts("712020:a"),
		},
		"no quotes":     {body: `<ri:user ri:account-id=712020:a />`, want: accounts("712020:a")},
		"blanks around": {body: "<ri:user\n\tri:account-id =\n \"712020:a\"\n>", want: accounts("712020:a")},
		"capitals":      {body: `<RI:User RI:Account-ID="712020:a"/>`, want: accounts("712020:a")},
		"entities":      {body: `<ri:user ri:account-id="712020&#58;a"/>`, want: accounts("712020:a")},
		"other attributes": {
			body: `<ri:user ri:userkey="k" ri:account-id="712020:a" ri:local-id="x>y"/>`,
			want: accounts("712020:a"),
		},
		"two mentions": {
			body: `<ri:user ri:account-id="b"/><p><ri:user ri:account-id="a"/></p>`,
			want: accounts("b", "a"),
		},
		"in a parameter": {
			body: `<ac:structured-macro ac:name="profile"><ac:parameter ac:name="user">` +
				`<ri:user ri:account-id="a"/></ac:parameter></ac:structured-macro>`,
			want: accounts("a"),
		},
		"in a placeholder": {
			body: `<ac:placeholder><ac:link><ri:user ri:account-id="a"/></ac:link></ac:placeholder>`,
			want: accounts("a"),
		},
		"in a fallback": {
			body: `<ac:adf-extension><ac:adf-node type="x"/><ac:adf-fallback><ri:user ri:account-id="a"/>` +
				`</ac:adf-fallback></ac:adf-extension>`,
			want: accounts("a"),
		},
		"in new content": {
			body: `<ac:adf-node type="panel"><ac:adf-content><p><ri:user ri:account-id="a"/>` +
				`</p></ac:adf-content></ac:adf-node>`,
			want: accounts("a"),
		},
		"shown as code": {
			body: `<ac:plain-text-body><![CDATA[<ri:user ri:account-id="a"/>]]></ac:plain-text-body>`,
			want: References{},
		},
		"beyond the depth": {
			body: strings.Repeat("<div>", 500) + `<ri:user ri:account-id="a"/>`,
			want: accounts("a"),
		},
		"issue": {body: jira(`<ac:parameter ac:name="key">OPS-1</ac:parameter>`), want: issues("OPS-1")},
		"issueKey": {
			body: jira(`<ac:parameter ac:name="issueKey"> OPS-1 </ac:parameter>`),
			want: issues("OPS-1"),
		},
		"Key":           {body: jira(`<ac:parameter ac:name="Key">OPS-1</ac:parameter>`), want: issues("OPS-1")},
		"key in quotes": {body: jira(`<ac:parameter ac:name='key'>OPS-1</ac:parameter>`), want: issues("OPS-1")},
		"key with ids": {
			body: jira(`<ac:parameter ac:local-id="1" ac:name="key" >OPS-1</ac:parameter >`),
			want: issues("OPS-1"),
		},
		"key in CDATA": {
			body: jira(`<ac:parameter ac:name="key"><![CDATA[OPS-1]]></ac:parameter>`),
			want: issues("OPS-1"),
		},
		"key in small": {body: jira(`<ac:parameter ac:name="key">ops-1</ac:parameter>`), want: issues("OPS-1")},
		"key of old": {
			body: `<ac:macro name="jira"><ac:parameter name="key">OPS-1</ac:parameter></ac:macro>`,
			want: issues("OPS-1"),
		},
		"no key": {body: jira(`<ac:parameter ac:name="key">OPS 1</ac:parameter>` +
			`<ac:parameter ac:name="title">OPS-1</ac:parameter>`)},
		"too long": {body: jira(`<ac:parameter ac:name="key">OPS-12345678901</ac:parameter>`)},
		"query in": {body: query(`key in (OPS-203)`), want: issues("OPS-203")},
		"query of some": {
			body: query(`issuekey in ("OPS-2", 'OPS-1',ops-3) order by created`),
			want: issues("OPS-2", "OPS-1", "OPS-3"),
		},
		"query equals":      {body: query(`key = OPS-1`), want: issues("OPS-1")},
		"query of issue":    {body: query(`issue in (OPS-1)`), want: issues("OPS-1")},
		"query of id":       {body: query(`ID = OPS-1 ORDER BY key`), want: issues("OPS-1")},
		"query by entities": {body: query("key&#32;in\n(&quot;OPS-1&quot;)"), want: issues("OPS-1")},
		"other queries":     {body: query(`project = OPS`) + query(`key in (OPS-1) and status = Open`) + query("")},
		"jql": {
			body: jira(`<ac:parameter ac:name="JQL">key in (OPS-1)</ac:parameter>`),
			want: issues("OPS-1"),
		},
		"in a macro": {
			body: `<ac:structured-macro ac:name="info"><ac:rich-text-body><ac:structured-macro ac:name="x">` +
				`<ac:rich-text-body>` + query("key=A1-1") +
				`</ac:rich-text-body></ac:structured-macro></ac:rich-text-body></ac:structured-macro>`,
			want: issues("A1-1"),
		},
		"app": {body: app("key", "OPS-1"), want: issues("OPS-1")},
		"app's query": {
			body: app("jql-query", "<ac:adf-parameter-value>key in (OPS-1)</ac:adf-parameter-value>"),
			want: issues("OPS-1"),
		},
		"card": {body: `<a href="https://x.gov/browse/OPS-1" data-card-appearance="inline">x</a>`,
			want: issues("OPS-1")},
		"other card": {body: `<ac:link><ri:url ri:value="/browse/OPS-1?focusedId=7"/></ac:link>`,
			want: issues("OPS-1")},
		"block card": {
			body: `<ac:adf-node type="block-card">` +
				`<ac:adf-attribute key="url">https://x.gov/browse/OPS-1</ac:adf-attribute></ac:adf-node>`,
			want: issues("OPS-1"),
		},
		"no card": {body: `<a href="https://x.gov/wiki/browse/OPS-1">x</a><a href="https://x.gov/browse/ops">x</a>`},
		"data source": {
			body: `<a href="https://x.gov/issues/?jql=x" data-datasource='{"parameters":{"jql":` +
				`"key in (OPS-2, OPS-1)"}}'>x</a>`,
			want: issues("OPS-2", "OPS-1"),
		},
		"tasks": {
			body: `<ac:task-list><ac:task><ac:task-id> 4 </ac:task-id><ac:task-body>` +
				`<ac:task-list><ac:task ac:local-id='x'><ac:task-id >&#53;</ac:task-id></ac:task></ac:task-list>` +
				`</ac:task-body></ac:task></ac:task-list>`,
			want: References{Tasks: []string{"4", "5"}},
		},
		"a torn tag": {
			body: `<p>a <ri:user ri:account-id="a" <b>b</b>`,
			want: References{Accounts: []string{"a"}, Partial: true},
		},
		"torn at the end": {
			body: `<p>a <ri:user ri:account-id="a"`,
			want: References{Accounts: []string{"a"}, Partial: true},
		},
		"a torn section": {
			body: `<ac:plain-text-body><![CDATA[x <ac:task><ac:task-id>7</ac:task-id><ri:user ri:account-id="a"/>`,
			want: References{Accounts: []string{"a"}, Tasks: []string{"7"}, Partial: true},
		},
		"a torn comment": {
			body: `<!-- <ri:user ri:account-id="a"/><ac:task-id>7</ac:task-id>`,
			want: References{Accounts: []string{"a"}, Tasks: []string{"7"}, Partial: true},
		},
		"parameters nested": {
			body: jira(`<ac:parameter ac:name="jql"><b><ac:parameter ac:name="key">OPS-1</ac:parameter>` +
				`</b></ac:parameter>`),
			want: issues("OPS-1"),
		},
		"no end of anything": {
			body: `<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">OPS-1`,
			want: issues("OPS-1"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, ReferencesOf(c.body)); diff != "" {
				t.Errorf("%s refers to something else (-want +got):\n%s", c.body, diff)
			}
		})
	}
}

// The work is in proportion to the body, however its parts repeat each other.
func TestReferencesAreLinear(t *testing.T) {
	const times = 20_000
	for name, c := range map[string]struct{ open, end string }{
		"parameters within parameters": {open: `<ac:parameter ac:name="jql"><b>key = A-1`, end: "</b></ac:parameter>"},
		"tasks within tasks":           {open: `<ac:task-id>1<b>`, end: "</b></ac:task-id>"},
		"torn tags":                    {open: `<ri:user ri:account-id="a" `},
		"sections without end":         {open: `<ac:plain-text-body><![CDATA[<![CDATA[`},
		"lists of keys": {open: `<ac:parameter ac:name="jql">key in (A-1, A-2, A-3, A-4, A-5)` +
			`</ac:parameter>`},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			refs := ReferencesOf(strings.Repeat(c.open, times) + strings.Repeat(c.end, times))
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("%d of them took %v", times, took)
			}
			if len(refs.Issues) > maxEntries {
				t.Errorf("%d issues of one body", len(refs.Issues))
			}
		})
	}
}
