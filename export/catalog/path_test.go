package catalog

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"agc-export/export/exporttest"
	"agc-export/export/names"
)

// nameSeeds are names that some file system, shell or browser takes amiss.
var nameSeeds = []string{
	"a.png\nA.PNG\na.PNG\nÄ.png\nA\u0308.png", "../x\n..\\x\n/etc/passwd\nC:\\x\n\\\\host\\x\nx/../../y",
	"CON\ncon.txt\nCOM1\nLPT¹.md\nnul.\nAUX .x\nnul.tar.gz\nnul.AUX .x\nconin$\nCOM0",
	"a. .\na. \na.\n a\n.a\n...\n-rf\n~root\n.-~x\n. .htaccess",
	"a\x00b\na\x1bb\na\u202eb\na\u200bb\na\ufeffb\na\u00adb\na\u2028b\x7f", "\xff\xfe\n\xc3\x28\n\xed\xa0\x80",
	strings.Repeat("é", 200) + "\n" + strings.Repeat("é", 200) + "x\n" + strings.Repeat("长", 120) + ".tar.gz",
	strings.Repeat("a", 300) + ".html\n" + strings.Repeat("a", 300) + ".html",
	"x.svg\nx.svg.txt\nx.SVG\nx.ſvg\nx.ſhtm\nweb.config\n.htaccess\nindex.html\nindex.php",
	"x.php\nx_php.txt\nx.PHP\nx_php-1.txt\nx.php.jpg\nx_php.jpg\nx．php\nx.html.zz\nx_html.zz\nx_html.zz.txt\n" +
		"a.svgz\na_svgz.txt\nx.asp;.jpg\nnul.php\nx.html.fr\nx.htm.",
	"index\nindex\nblog\nBlog\nattachments\nATTACHMENTS\npage\nfile\n",
	"ß\nSS\nss\nﬁ\nfi\nI\nı\ni\nİ\ni\u0307\nİ\nK\nK",
	"e\u200d\u0301\né\ne\u0301\n\u0301\n\u0301\u0301",
	"2\n2-1\n2-2\na\na-1\na-1-1\na", "%2e%2e%2f\n&lt;\n<script>\n\"'`$(x)|;&\n{{x}}\n${x}",
	"🚀\n\U000e0041\n\ufffe\n\U0010ffff\n\ue000",
}

// FuzzNames: whatever pages, files and spaces are called, in one tree, each gets a path of
// its own that every file system takes as it is, and that stays below its folder.
func FuzzNames(f *testing.F) {
	for _, s := range nameSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		titles := strings.Split(text, "\n")
		if len(titles) > 40 {
			titles = titles[:40]
		}
		set := pathSet{}
		for _, p := range namedPaths(titles) {
			set.add(t, p)
		}
	})
}

// namedPaths places pages, blog posts and files that are so titled: pages as children of one
// another and beside each other, in a space whose key is the first title.
func namedPaths(titles []string) (all []string) {
	spaces := newSpaceNames(false)
	c := &Catalog{ByMD: map[string]*Node{}}
	for half := range 2 {
		s := &Space{Dir: spaces.Take(names.FileName(titles[0]), names.SafeID(fmt.Sprint(half)))}
		s.Key = titles[0]
		var last *Node
		for i, title := range titles {
			n := &Node{Space: s}
			n.Content = Content{ID: fmt.Sprint(i + 1), Title: title, CreatedAt: title}
			switch {
			case i%3 == 2:
				s.Blog = append(s.Blog, n)
			case last != nil && i%3 == 1:
				last.Children = append(last.Children, n)
			default:
				s.roots = append(s.roots, n)
			}
			if i%3 != 2 && len(titles) > 9 {
				last = n // ever deeper
			} else if i%3 == 0 {
				last = n
			}
		}
		c.assignPaths(s)
		taken := names.Set{}
		for i, title := range titles {
			all = append(all, "attachments/"+names.SafeID(fmt.Sprint(half))+"/"+
				taken.Take(names.Published(names.FileName(title)), names.SafeID(fmt.Sprint(i+1))))
		}
	}
	for p := range c.ByMD {
		all = append(all, p)
	}
	for _, title := range titles {
		all = append(all, "pages/"+names.SafeID(title)+".html")
	}
	return all
}

// pathSet is a set of paths as a file system sees it that folds case and normalises, with
// the folders that they need.
type pathSet map[string]string

// add wants a path to be safe and apart from all others; one that is there already by the
// same letters is an id that came twice.
func (s pathSet) add(t *testing.T, p string) {
	t.Helper()
	if !filepath.IsLocal(p) || path.Clean(p) != p || len(p) > 400 {
		t.Errorf("the path %q", p)
	}
	parts := strings.Split(p, "/")
	for i, part := range parts {
		if why := unsafePart(part); why != "" {
			t.Errorf("%q in %q %s", part, p, why)
		}
		whole := strings.Join(parts[:i+1], "/")
		if i == len(parts)-1 {
			whole += "\x00" // a file, and no folder
		}
		key := strings.TrimSuffix(folded(whole), "\x00")
		if other, ok := s[key]; ok && other != whole {
			t.Errorf("%q and %q are one where case or form does not count", other, whole)
		}
		s[key] = whole
	}
	if strings.HasPrefix(p, "attachments/") && (exporttest.ServedActive(path.Base(p))) {
		t.Errorf("%q keeps an active part", p)
	}
}

// folded is equal for names that NTFS, APFS or HFS+ takes for one.
func folded(s string) string {
	return norm.NFKD.String(cases.Fold().String(norm.NFKD.String(strings.ToLower(strings.ToUpper(s)))))
}

// unsafePart says what is wrong with one name in a path.
func unsafePart(part string) string {
	switch {
	case part == "" || part == "." || part == "..":
		return "is no name"
	case len(part) > 255:
		return "is too long"
	case !utf8.ValidString(part):
		return "is not UTF-8"
	case !norm.NFC.IsNormalString(part):
		return "is not normal (NFC)"
	case strings.ContainsAny(part, `<>:"/\|?*`):
		return "holds what Windows forbids"
	case strings.ContainsFunc(part, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) ||
			unicode.Is(unicode.Zp, r) || r == utf8.RuneError
	}):
		return "holds what is not to be seen"
	case strings.HasSuffix(part, ".") || strings.HasSuffix(part, " "):
		return "ends in a dot or space, which Windows drops"
	case strings.ContainsAny(part[:1], " -~."):
		return "begins as an option, a hidden file or a home does"
	case exporttest.ReservedName(part):
		return "is a device of Windows"
	}
	return ""
}

// What is so named can be made: all paths at once, on this file system, by os.Root.
func TestNamesCanBeMade(t *testing.T) {
	for i, seed := range nameSeeds {
		root, err := os.OpenRoot(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		made := map[string]bool{}
		for _, p := range namedPaths(strings.Split(seed, "\n")) {
			if made[p] {
				continue
			}
			made[p] = true
			if err := root.MkdirAll(path.Dir(p), 0o755); err != nil {
				t.Errorf("seed %d: %v", i, err)
			}
			f, err := root.OpenFile(p, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
			if err != nil {
				t.Errorf("seed %d: %v", i, err)
				continue
			}
			f.Close()
		}
		root.Close()
	}
}
