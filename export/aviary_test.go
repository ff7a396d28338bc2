package export

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/output"
)

// canary is the beginning of every word that stands only in restricted contents, and
// closedIDs that of their ids.
const (
	canary    = "zq"
	closedIDs = "77003"
)

// canaryHead is tenant.toml: of two spaces one has a homepage that few may see, and one
// account appears only there.
const canaryHead = aviaryHead + `[[spaces]]
id = "2"
key = "HALF"
name = "Half"
homepage = "HALF/home.xml"
` + secretIssue

// aviaryHead is its beginning, with the open space alone.
const aviaryHead = `[site]
name = "Aviary"
url = "https://aviary.atlassian-us-gov-mod.net"
cloud_id = "33333333-aaaa-4bbb-8ccc-222222222222"
[[users]]
id = "712020:1"
name = "Reader"
[[users]]
id = "712020:9"
name = "zqname Person"
[[spaces]]
id = "1"
key = "OPEN"
name = "Open"
homepage = "OPEN/home.xml"
`

// secretIssue is an issue that only restricted contents name.
const secretIssue = `[[issues]]
key = "SEC-1"
summary = "zqissue"
`

// secretBody is a body in which each part has its word.
const secretBody = `<p>zqbody <ac:link><ri:user ri:account-id="712020:9" /></ac:link> SEC-1</p>
<h2>zqheading</h2>
<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">zqparameter</ac:parameter><ac:rich-text-body><p>zqpanel</p></ac:rich-text-body></ac:structured-macro>
<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">SEC-1</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="excerpt"><ac:rich-text-body><p>zqexcerpt</p></ac:rich-text-body></ac:structured-macro>
<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>zqtask</ac:task-body></ac:task></ac:task-list>
<ac:structured-macro ac:name="details"><ac:rich-text-body><table><tbody><tr><th>zqkey</th><td>zqvalue</td></tr></tbody></table></ac:rich-text-body></ac:structured-macro>
<ac:structured-macro ac:name="zqmacro"><ac:parameter ac:name="zqname">zqarg</ac:parameter></ac:structured-macro>
<p><a href="https://example.gov/zqurl">zqlink</a></p><p><ac:link><ri:page ri:content-title="zqelsewhere" /></ac:link></p>
<ac:image><ri:attachment ri:filename="zqfile.png" /></ac:image>`

// openBody names the restricted contents in every way in which a page can.
const openBody = `<p>Open text.</p>
<p><ac:link><ri:page ri:content-title="zqtitle 1" /></ac:link> <ac:link><ri:page ri:space-key="HALF" ri:content-title="zqhome" /></ac:link></p>
<p><ac:link><ri:blog-post ri:content-title="zqblog" ri:posting-day="2025/01/01" /></ac:link></p>
<p><a href="https://aviary.atlassian-us-gov-mod.net/wiki/spaces/OPEN/pages/7700301/zqtitle+1">https://aviary.atlassian-us-gov-mod.net/wiki/spaces/OPEN/pages/7700301/zqtitle+1</a></p>
<p><a href="https://aviary.atlassian-us-gov-mod.net/wiki/spaces/OPEN/pages/7700301/zqtitle+1" data-card-appearance="inline">https://aviary.atlassian-us-gov-mod.net/wiki/spaces/OPEN/pages/7700301/zqtitle+1</a></p>
<p><a href="/wiki/pages/viewpage.action?pageId=7700301">there</a> <a href="https://aviary.atlassian-us-gov-mod.net/wiki/display/OPEN/zqtitle+1">here</a></p>
<p><a href="https://aviary.atlassian-us-gov-mod.net/wiki/download/attachments/7700301/zqfile.png">file</a></p>
<ac:image><ri:attachment ri:filename="zqfile.png"><ri:page ri:content-title="zqtitle 1" /></ri:attachment></ac:image>
<p><ac:link><ri:attachment ri:filename="zqfile.png"><ri:page ri:content-title="zqtitle 1" /></ri:attachment></ac:link></p>
<ac:structured-macro ac:name="view-file"><ac:parameter ac:name="name"><ri:attachment ri:filename="zqfile.png"><ri:page ri:content-title="zqtitle 1" /></ri:attachment></ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="zqtitle 1" /></ac:link></ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="excerpt-include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="zqtitle 1" /></ac:link></ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="children"><ac:parameter ac:name="all">true</ac:parameter><ac:parameter ac:name="excerptType">rich content</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="children"><ac:parameter ac:name="page"><ac:link><ri:page ri:content-title="zqtitle 1" /></ac:link></ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="pagetree" /><ac:structured-macro ac:name="recently-updated" /><ac:structured-macro ac:name="blog-posts" />
<ac:structured-macro ac:name="contentbylabel"><ac:parameter ac:name="cql">label = "shared"</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="detailssummary"><ac:parameter ac:name="cql">label = "shared"</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="tasks-report-macro"><ac:parameter ac:name="spaces">OPEN</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="space-attachments" /><ac:structured-macro ac:name="listlabels" /><ac:structured-macro ac:name="contributors"><ac:parameter ac:name="scope">descendants</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="excerpt-include"><ac:parameter ac:name=""><ac:link><ri:page ri:space-key="HALF" ri:content-title="zqhome" /></ac:link></ac:parameter></ac:structured-macro>`

// secretHead is the front matter of a restricted content.
func secretHead(id, title, more string) string {
	return fmt.Sprintf(`+++
id = %q
title = %q
author = "712020:9"
editor = "712020:9"
message = "zqmessage"
labels = ["zqlabel", "shared"]
%s
[[comments]]
id = "1%s"
author = "712020:9"
body = "<p>zqcomment</p>"
[[attachments]]
name = "zqfile.png"
comment = "zqnote"
+++
`, id, title, more, id)
}

// aviary is the tenant; readers is who alone may see the restricted contents, "" for
// everybody.
func aviary(readers string) fstest.MapFS {
	own := ""
	if readers != "" {
		own = fmt.Sprintf("readers = [%q]", readers)
	}
	files := fstest.MapFS{"tenant.toml": {Data: []byte(canaryHead)}}
	add := func(name, head, body string) {
		files[name+".xml"] = &fstest.MapFile{Data: []byte(head + body)}
		if strings.Contains(head, "zqfile.png") {
			files[name+".files/zqfile.png"] = &fstest.MapFile{Data: []byte("zqbytes")}
		}
	}
	add("OPEN/home", "+++\nid = \"5001\"\ntitle = \"Open home\"\n+++\n", openBody)
	add("OPEN/home/open", "+++\nid = \"5002\"\ntitle = \"Open page\"\nlabels = [\"shared\"]\n+++\n", "<p>Open.</p>")
	add("OPEN/home/one", secretHead("7700301", "zqtitle 1", own), secretBody)
	add("OPEN/home/one/below", secretHead("7700302", "zqtitle 2", ""), secretBody)
	add("OPEN/home/one/below/deep", secretHead("7700303", "zqtitle 3", ""), secretBody)
	add("OPEN/home/old", secretHead("7700304", "zqtitle 4", "status = \"archived\"\n"+own), secretBody)
	add("OPEN/blog", secretHead("7700305", "zqblog", "type = \"blogpost\"\n"+own), secretBody)
	add("HALF/home", secretHead("7700306", "zqhome", own), secretBody)
	add("HALF/open", "+++\nid = \"5003\"\ntitle = \"Beside\"\n+++\n", "<p>Beside it.</p>")
	return files
}

// leaks lists the places below a folder in which something restricted stands, by its
// words or ids, in bytes or names. Of words that the open pages write themselves, only
// those in other files count.
func leaks(t testing.TB, dir string) (found []string, read int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(p)
		read++
		name, _ := filepath.Rel(dir, p)
		if strings.Contains(name, output.SiteDir+"/search/") {
			return nil // packed, so that two letters prove nothing: TestSearchHoldsNothingRestricted unpacks it
		}
		for _, text := range []string{strings.ToLower(name), strings.ToLower(string(data))} {
			for _, word := range []string{canary, closedIDs} {
				if at := strings.Index(text, word); at >= 0 {
					found = append(found, fmt.Sprintf("%s: …%q…", name, text[max(0, at-40):min(len(text), at+40)]))
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, read
}
