//go:build unix

package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// hugoVersion is the Hugo that builds are compared with, built with this Go through the module proxy.
const hugoVersion = "github.com/gohugoio/hugo@v0.164.0"

// hugoFiles are a plain site: on each page the list of what lies below it, its contents, its text, and what
// comes before and after it. No feeds, no map of the site, no labels.
var hugoFiles = map[string]string{
	"hugo.toml": "baseURL = \"https://example.org/\"\ntitle = \"Made up\"\n" +
		"disableKinds = [\"taxonomy\", \"term\", \"rss\", \"sitemap\", \"404\"]\n" +
		"[markup.goldmark.renderer]\nunsafe = true\n[security]\nenableInlineShortcodes = false\n",
	"layouts/_default/baseof.html": `<!doctype html><html><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body>{{ with .Parent }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}<h1>{{ .Title }}</h1>
{{ .TableOfContents }}{{ .Content }}
<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</body></html>
`,
	"layouts/_default/single.html": `{{ define "main" }}{{ end }}`,
	"layouts/_default/list.html":   `{{ define "main" }}{{ end }}`,
}

// A clean build beside Hugo's of the Markdown that it wrote: user + system, wall and peak of both in turn,
// medians of AGC_ROUNDS (5), AGC_PAGES (10,000) pages. AGC_HUGO is the Hugo to run, or 1 to build one. No part
// of any suite: it compares, and fails only where one of the two does not build.
func TestAgainstHugo(t *testing.T) {
	if os.Getenv("AGC_HUGO") == "" {
		t.Skip("AGC_HUGO names no Hugo to compare with")
	}
	hugo, own := hugoProgram(t), filepath.Join(t.TempDir(), "agc-export")
	goTool(t, nil, "build", "-o", own, ".")
	s := newScaled(t, variable(t, "AGC_PAGES", 10_000))
	s.run(t, "sync")
	build := exec.Command(own, "build", "--quiet")
	site := exec.Command(hugo, "--quiet", "--source", filepath.Join(s.dir, "hugo"))
	build.Dir = s.dir
	var ours, theirs []cost
	for round := range variable(t, "AGC_ROUNDS", 5) {
		remove(t, s.dir, "out", "mirror/traces-*", "hugo/public", "hugo/resources")
		ours = append(ours, costOf(t, again(build)))
		if round == 0 {
			s.hugo(t)
		}
		theirs = append(theirs, costOf(t, again(site)))
		t.Logf("round %d: %s | %s", round+1, ours[round], theirs[round])
	}
	a, b := median(ours), median(theirs)
	t.Logf("%d pages, medians of %d\nprogram | user + sys | wall | peak\n"+
		"agc-export build | %s\nhugo | %s\nratio | %.2f | %.2f | %.2f\n%s\n%s",
		s.size.Pages, len(ours), a, b, ratio(a.cpu(), b.cpu()), ratio(a.wall, b.wall),
		float64(a.peak)/float64(b.peak), build, site)
}

// String is a line of a table.
func (c cost) String() string {
	return fmt.Sprintf("%.2f + %.2f s | %.2f s | %d MB", c.user.Seconds(), c.system.Seconds(), c.wall.Seconds(),
		c.peak>>20)
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }

// median takes the median of each value alone.
func median(all []cost) (m cost) {
	middle := func(value func(cost) int64) int64 {
		values := make([]int64, len(all))
		for i, c := range all {
			values[i] = value(c)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	m.user = time.Duration(middle(func(c cost) int64 { return int64(c.user) }))
	m.system = time.Duration(middle(func(c cost) int64 { return int64(c.system) }))
	m.wall = time.Duration(middle(func(c cost) int64 { return int64(c.wall) }))
	m.peak = middle(func(c cost) int64 { return c.peak })
	return m
}

// again is a command that was not started.
func again(c *exec.Cmd) *exec.Cmd {
	return &exec.Cmd{Path: c.Path, Args: c.Args, Dir: c.Dir, Env: c.Env}
}

// hugoProgram is the Hugo of AGC_HUGO.
func hugoProgram(t *testing.T) string {
	t.Helper()
	if at := os.Getenv("AGC_HUGO"); at != "1" {
		return at
	}
	dir := t.TempDir()
	goTool(t, []string{"GOBIN=" + dir}, "install", hugoVersion)
	return filepath.Join(dir, "hugo")
}

// goTool runs the go command.
func goTool(t *testing.T, vars []string, args ...string) {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), vars...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// remove removes what names in a folder stand for.
func remove(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		all, err := filepath.Glob(filepath.Join(dir, name))
		for _, p := range all {
			err = cmp.Or(err, os.RemoveAll(p))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// hugo lays the Markdown that the program wrote out as a site of Hugo's: index.md is called _index.md there,
// since there are pages below it. What looks like a shortcode is broken up.
func (s *scaled) hugo(t *testing.T) {
	t.Helper()
	from, err := os.OpenRoot(filepath.Join(s.dir, "out", "current", "markdown"))
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	if err := os.MkdirAll(filepath.Join(s.dir, "hugo", "content"), 0o755); err != nil {
		t.Fatal(err)
	}
	to, err := os.OpenRoot(filepath.Join(s.dir, "hugo"))
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	err = fs.WalkDir(from.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := from.ReadFile(p)
		if err != nil {
			return err
		}
		if name := filepath.Base(p); strings.HasSuffix(name, ".md") {
			data = []byte(strings.NewReplacer("{{<", "{ {<", "{{%", "{ {%").Replace(string(data)))
			if name == "index.md" {
				p = filepath.Join(filepath.Dir(p), "_index.md")
			}
		}
		p = filepath.Join("content", p)
		return cmp.Or(to.MkdirAll(filepath.Dir(p), 0o755), to.WriteFile(p, data, 0o644))
	})
	for name, text := range hugoFiles {
		err = cmp.Or(err, to.MkdirAll(filepath.Dir(name), 0o755), to.WriteFile(name, []byte(text), 0o644))
	}
	if err != nil {
		t.Fatal(err)
	}
}
