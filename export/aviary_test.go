package export

import (
	"embed"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"
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
description = "See ` + canaryAddress + `"
homepage = "HALF/home.xml"
` + secretIssue

// canaryAddress is that of a restricted page: what open ones say beside their texts names it.
const canaryAddress = "https://aviary.atlassian-us-gov-mod.net/wiki/spaces/OPEN/pages/7700301/zqtitle+1"

// besidePage is an open page of which all names it that stands beside its text.
const besidePage = `+++
id = "5006"
version = 3
message = "Copied from ` + canaryAddress + `"
[[history]]
version = 2
message = "As ` + canaryAddress + ` has it"
[[comments]]
id = "5102"
kind = "inline"
selection = "On ` + canaryAddress + ` too"
body = "<p>Not ` + canaryAddress + `?</p>"
[[attachments]]
name = "plan.txt"
comment = "From ` + canaryAddress + `"
+++
<p>Beside.</p>`

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
[[spaces.states]]
name = "zqstate"
[[spaces.states]]
name = "Verified"
[[spaces.permissions]]
id = "1"
principal = "group:zqstaff"
operation = "read"
target = "space"
`

// secretIssue is an issue that only restricted contents name.
const secretIssue = `[[issues]]
key = "SEC-1"
summary = "zqissue"
`

//go:embed testdata/aviary.txtar testdata/conditional.txtar testdata/older.txtar
var archives embed.FS

// aviaryBodies are the bodies of its pages: testdata/aviary.txtar says what each is for.
var aviaryBodies = archived("testdata/aviary.txtar")

// archived returns the files of one of the archives by name, without their last line end.
func archived(name string) map[string]string {
	data, err := archives.ReadFile(name)
	if err != nil {
		panic("it is embedded: " + err.Error())
	}
	files := map[string]string{}
	for _, f := range txtar.Parse(data).Files {
		files[f.Name] = strings.TrimSuffix(string(f.Data), "\n")
	}
	return files
}

// secretHead is the front matter of a restricted content.
func secretHead(id, title, more string) string {
	return fmt.Sprintf(`+++
id = %q
title = %q
author = "712020:9"
editor = "712020:9"
message = "zqmessage"
labels = ["zqlabel", "shared"]
state = "zqstate"
owner = "712020:9"
cover = "https://zqcover.example/"
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
	secret := aviaryBodies["secret"]
	add("OPEN/home", "+++\nid = \"5001\"\ntitle = \"Open home\"\n+++\n", aviaryBodies["open"])
	add("OPEN/home/open", "+++\nid = \"5002\"\ntitle = \"Open page\"\nlabels = [\"shared\"]\n+++\n", "<p>Open.</p>")
	add("OPEN/home/one", secretHead("7700301", "zqtitle 1", own), secret)
	add("OPEN/home/one/below", secretHead("7700302", "zqtitle 2", ""), secret)
	add("OPEN/home/one/below/deep", secretHead("7700303", "zqtitle 3", ""), secret)
	add("OPEN/home/old", secretHead("7700304", "zqtitle 4", "status = \"archived\"\n"+own), secret)
	add("OPEN/blog", secretHead("7700305", "zqblog", "type = \"blogpost\"\n"+own), secret)
	add("OPEN/home/link", "+++\nid = \"7700307\"\ntitle = \"zqlink\"\ntype = \"embed\"\nembed_url = "+
		"\"https://zqaddress.example/zqpath\"\n"+own+"\n+++\n", "")
	add("HALF/home", secretHead("7700306", "zqhome", own), secret)
	add("HALF/open", "+++\nid = \"5003\"\ntitle = \"Beside\"\n+++\n", "<p>Beside it.</p>")
	return files
}

// leading is a tenant with open contents that name a restricted page beside their texts: a page, and Smart Links that
// lead there, one straight, one by the address of a mail filter, which is its cover's too.
func leading(files fstest.MapFS) fstest.MapFS {
	files["OPEN/home/beside.xml"] = &fstest.MapFile{Data: []byte(besidePage)}
	files["OPEN/home/beside.files/plan.txt"] = &fstest.MapFile{Data: []byte("plan")}
	around := "https://filter.example/?url=" + url.QueryEscape(canaryAddress)
	site, _, _ := strings.Cut(canaryAddress, "/spaces/")
	straight := site + "/download/attachments/7700301/zq.png"
	for id, of := range map[string][2]string{"5004": {around, around}, "5005": {canaryAddress, straight}} {
		files["OPEN/home/lead"+id+".xml"] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"+++\nid = %q\ntype = \"embed\"\nembed_url = %q\ncover = %q\n+++\n", id, of[0], of[1])}
	}
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
		text, name := inPlain(t, p, data), hashes.ReplaceAllString(name, "")
		for _, text := range []string{strings.ToLower(name), strings.ToLower(text)} {
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
