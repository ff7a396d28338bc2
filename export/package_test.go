package export

import (
	"archive/zip"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/bag"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/pack"
)

// packed makes a package beside the mirror and wants it to be whole.
func (w *world) packed(t testing.TB, name string, opt PackageOptions) string {
	t.Helper()
	return w.bag(t, name, "package", func(j *Job, dir string) error {
		opt.Dir = dir
		_, err := j.Package(t.Context(), opt)
		return err
	})
}

// bag makes a package beside the mirror by a command and wants it to be whole.
func (w *world) bag(t testing.TB, name, command string, made func(j *Job, dir string) error) string {
	t.Helper()
	dir := filepath.Join(filepath.Dir(w.Config.Output.Mirror), name)
	j := *w.Job
	j.Command = command
	if err := made(&j, dir); err != nil {
		t.Fatal(err)
	}
	wholePackage(t, dir)
	return dir
}

// wholePackage wants a package to be as it was made.
func wholePackage(t testing.TB, dir string) {
	t.Helper()
	if err := VerifyPackage(t.Context(), dir, func(_, what string) { t.Error(what) }); err != nil {
		t.Error(err)
	}
}

// The package of the demo tenant: what came from Confluence with its sums, and what is known of each file.
func TestGoldenPackage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.at(noon())
	w.Config.Package = config.Package{Organization: "Harbor Safety Agency", ContactName: "Records Office"}
	w.export(t, exit.Complete)
	dir := w.packed(t, "package", PackageOptions{Restricted: true})
	var list strings.Builder
	for _, line := range readLines(t, filepath.Join(dir, "manifest-sha256.txt")) {
		sum, name, _ := strings.Cut(line, "  ")
		if !names.IsPortable(name) {
			t.Errorf("a tool of an archive flags the name %s", name)
		}
		switch {
		case strings.HasPrefix(name, "data/site/") || strings.HasPrefix(name, "data/restricted/site/"):
			continue // golden files of their own say what is on the site
		case !strings.Contains(name, "/raw/") && !strings.HasPrefix(name, "data/attachments/"):
			sum = strings.Repeat("-", len(sum))
		}
		list.WriteString(sum + "  " + name + "\n")
	}
	golden(t, "package.txt", []byte(list.String()))
	var files []string
	for _, line := range readLines(t, filepath.Join(dir, "data", pack.ListFile)) {
		if !strings.HasPrefix(line, "site/") && !strings.HasPrefix(line, "raw/") || strings.Contains(line, "/1376257") {
			files = append(files, line)
		}
	}
	golden(t, "package-files.txt", []byte(strings.Join(files, "\n")+"\n"))
	golden(t, "package-names.txt", []byte(readFile(t, filepath.Join(dir, "data", pack.NamesFile))))
	golden(t, "package-info.txt", []byte(readFile(t, filepath.Join(dir, bag.InfoFile))))
	var p map[string]any
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join(dir, "data", pack.ProvenanceFile))), &p); err != nil {
		t.Fatal(err)
	}
	delete(p, "program")
	data, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "package-provenance.json", append(data, '\n'))
}

// A mirror that never noted when it changed is dated by the last sync that is known.
func TestPackageUndated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, size{pages: 3, spaces: 1}.tenant())
	w.at(evening)
	w.export(t, exit.Complete)
	m := w.mirror(t)
	c, err := m.Changed(t.Context())
	if err == nil {
		err = m.SetChanged(t.Context(), mirror.Changed{Print: c.Print})
	}
	if err := errors.Join(err, m.Close()); err != nil {
		t.Fatal(err)
	}
	dir := w.packed(t, "undated", PackageOptions{WACZ: true})
	want := evening.UTC().Format(time.DateOnly)
	info := "\n" + readFile(t, filepath.Join(dir, bag.InfoFile))
	if !strings.Contains(info, "\nBagging-Date: "+want+"\n") {
		t.Errorf("it is dated otherwise than %s: %s", want, info)
	}
	for name, text := range unpackWACZ(t, filepath.Join(dir, "data", pack.WACZFile)) {
		if strings.Contains(text, "0001-01-01") {
			t.Errorf("%s of the web archive is of no date", name)
		}
	}
}

// The same mirror and settings give the same bytes, whatever the clock, the folder and what ran since.
func TestPackageReproducible(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.at(noon())
	w.Config.Site.Fetched = true
	w.export(t, exit.Complete)
	first := fileTree(t, w.packed(t, "one", PackageOptions{Restricted: true, WACZ: true}))
	if len(first) < 600 {
		t.Fatalf("%d files", len(first))
	}
	w.packed(t, "between", PackageOptions{Spaces: []string{"OPS"}})
	w.at(noon().Add(50 * time.Hour))
	w.export(t, exit.Complete) // it finds nothing new
	w.Config.Output.Dir = filepath.Join(quickDir(t), "elsewhere")
	if _, err := w.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(quickDir(t), "moved")
	if err := os.CopyFS(other, os.DirFS(filepath.Dir(w.Config.Output.Mirror))); err != nil {
		t.Fatal(err)
	}
	w.Config.Output.Mirror, w.Config.Fetch.Workers = filepath.Join(other, "mirror"), 1
	w.at(noon().Add(500 * time.Hour))
	again := fileTree(t, w.packed(t, "two", PackageOptions{Restricted: true, WACZ: true}))
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("packed again (-first +again):\n%.3000s", diff)
	}
	log := readFile(t, filepath.Join(other, "audit.jsonl"))
	if n := strings.Count(log, `"event":"packaged"`); n != 3 {
		t.Errorf("the audit log tells of %d packages", n)
	}
	extract := first["data/"+pack.AuditFile]
	if !strings.Contains(extract, `"event":"stored"`) || strings.Contains(extract, "packaged") ||
		!strings.HasSuffix(strings.TrimSpace(extract), `"exit_code":0}`) {
		t.Errorf("the extract of the log: %.2000s", extract)
	}
}

// Nothing of what not every reader may see is packed, unless it is asked for: then it stands in a part of its own, and
// in the manifests by the ids of which its paths are made.
func TestPackageCanaries(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"restricted", "conditional"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, conditionalAviary())
			if name == "restricted" {
				w = newWorld(t, aviary(""))
			}
			w.Config.Export.Jira, w.Config.Fetch.FullSweep = true, 0
			if name == "restricted" {
				w.export(t, exit.Complete)
				found, _ := leaks(t, w.packed(t, "open", PackageOptions{}))
				for _, kind := range []string{"raw/contents", "raw/attachments", "attachments/", "audit.jsonl",
					"files.txt", "comments", "markdown/", "site/", "manifest-"} {
					if !slices.ContainsFunc(found, func(place string) bool { return strings.Contains(place, kind) }) {
						t.Errorf("while all is open nothing is found in %s", kind)
					}
				}
				w.serve(t, aviary("group:few"))
			}
			w.export(t, exit.Complete)
			shut := w.packed(t, "shut", PackageOptions{WACZ: true})
			for name, text := range unpackWACZ(t, filepath.Join(shut, "data", pack.WACZFile)) {
				if name == "archive/data.warc.gz" { // what it holds is looked at below, as files of the site
					wantRecords(t, text, filepath.Join(shut, "data", pack.SiteDir))
				} else if text = strings.ToLower(text); strings.Contains(text, canary) ||
					strings.Contains(text, closedIDs) {
					t.Errorf("in %s of the web archive", name)
				}
			}
			found, read := leaks(t, shut)
			found = outsideWACZ(found)
			for _, f := range found {
				t.Error(f)
			}
			if read < 50 {
				t.Errorf("%d files", read)
			}
			asked := w.packed(t, "asked", PackageOptions{Restricted: true, WACZ: true})
			found, _ = leaks(t, asked)
			found = outsideWACZ(found)
			own := 0
			for _, f := range found {
				switch {
				case strings.HasPrefix(f, "data/restricted/"):
					own++
				case strings.HasPrefix(f, "manifest-"):
				default:
					t.Error(f)
				}
			}
			if own < 20 {
				t.Errorf("%d places in the part of what is restricted", own)
			}
			open := fileTree(t, shut)
			for p, text := range fileTree(t, asked) { // the open part is the same
				if strings.HasPrefix(p, "data/") && !strings.HasPrefix(p, "data/restricted/") &&
					p != "data/"+pack.ProvenanceFile && open[p] != text {
					t.Errorf("%s is another beside what is restricted", p)
				}
			}
		})
	}
}

// outsideWACZ leaves out what was found in the bytes of a zip, which are noise.
func outsideWACZ(found []string) []string {
	return slices.DeleteFunc(found, func(f string) bool { return strings.Contains(f, pack.WACZFile+":") })
}

// wantRecords wants the records of a web archive to be the files of a site, byte for byte.
func wantRecords(t *testing.T, records, site string) {
	t.Helper()
	n := 0
	for name, text := range fileTree(t, site) {
		n++
		if !strings.Contains(records, "\r\n\r\n"+text+"\r\n\r\n") {
			t.Errorf("%s is in no record", name)
		}
	}
	if all := strings.Count(records, "WARC/1.1\r\nWARC-Type: resource\r\n"); all != n {
		t.Errorf("%d records of %d files", all, n)
	}
}

// unpackWACZ returns the files of a web archive as they read.
func unpackWACZ(t *testing.T, name string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	all := map[string]string{}
	for _, f := range z.File {
		var r io.Reader
		if r, err = f.Open(); err == nil && strings.HasSuffix(f.Name, ".gz") {
			r, err = gzip.NewReader(r)
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(data)
	}
	if len(all["archive/data.warc.gz"]) < 10000 || len(all["pages/pages.jsonl"]) < 100 {
		t.Errorf("the web archive is small: %d files", len(all))
	}
	return all
}

// Some spaces, or a page with all below it.
func TestPackageScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.export(t, exit.Complete)
	space := fileTree(t, w.packed(t, "space", PackageOptions{Spaces: []string{"OPS"}}))
	page := fileTree(t, w.packed(t, "page", PackageOptions{Page: "1376257"}))
	for p := range space {
		if strings.HasPrefix(p, "data/markdown/ENG/") || strings.HasPrefix(p, "data/raw/contents/1376257/") {
			t.Errorf("in the package of OPS: %s", p)
		}
	}
	var pages []string
	for p := range page {
		if strings.HasPrefix(p, "data/site/pages/") {
			pages = append(pages, p)
		}
		if rest, ok := strings.CutPrefix(p, "data/raw/contents/"); ok {
			id, _, _ := strings.Cut(rest, "/")
			if page["data/site/pages/"+id+".html"] == "" {
				t.Errorf("%s, and no page", p)
			}
		}
	}
	slices.Sort(pages)
	golden(t, "package-page.txt", []byte(strings.Join(pages, "\n")+"\n"))
	for name, opt := range map[string]PackageOptions{"space": {Spaces: []string{"NONE"}}, "page": {Page: "1"}} {
		opt.Dir = filepath.Join(quickDir(t), "none")
		if _, err := w.Package(t.Context(), opt); exit.Code(err) != exit.Usage {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(filepath.Dir(opt.Dir)); err != nil || len(left) > 0 {
			t.Errorf("%s: left %v, %v", name, left, err)
		}
	}
}

// What is changed, missing or extra in a package is found, wherever it stands; coreutils agree that one is whole.
func TestPackageVerify(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aviary(""))
	w.export(t, exit.Complete)
	made := w.packed(t, "made", PackageOptions{})
	dir := filepath.Join(quickDir(t), "moved here")
	if err := os.CopyFS(dir, os.DirFS(made)); err != nil {
		t.Fatal(err)
	}
	wholePackage(t, dir)
	for _, name := range []string{"sha256", "sha512"} {
		for _, list := range []string{"manifest-", "tagmanifest-"} {
			cmd := exec.Command(name+"sum", "--check", "--strict", "--quiet", list+name+".txt")
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", cmd, err, out)
			}
		}
	}
	for _, name := range []string{"bagit.txt", bag.InfoFile, "manifest-sha512.txt", "tagmanifest-sha256.txt",
		"data/site/index.html", "data/" + pack.ProvenanceFile, "data/" + pack.ListFile} {
		path := filepath.Join(dir, name)
		data := []byte(readFile(t, path))
		data[len(data)/2] ^= 1
		for what, harm := range map[string]func() error{
			"a byte": func() error { return os.WriteFile(path, data, 0o600) },
			"all":    func() error { return os.Remove(path) }} {
			if err := harm(); err != nil {
				t.Fatal(err)
			}
			if err := VerifyPackage(t.Context(), dir, func(_, _ string) {}); exit.Code(err) == exit.Complete {
				t.Errorf("%s of %s is another, and nobody sees it", what, name)
			}
			data[len(data)/2] ^= 1
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			data[len(data)/2] ^= 1
		}
	}
	wholePackage(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "data", "extra"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := VerifyPackage(t.Context(), dir, func(_, _ string) {}); exit.Code(err) != exit.Corrupt {
		t.Errorf("a file that nobody packed: %v", err)
	}
}
