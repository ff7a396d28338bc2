package names

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"

	"agc-export/export/exporttest"
)

// activeNames are names of files that some server would run or show as a page, and the
// names under which they are published; then names that stay as they are.
var activeNames = []struct{ name, want string }{
	{"plan.html", "plan.html.txt"}, {"PLAN.XHTML", "PLAN.XHTML.txt"}, {"drawing.svg", "drawing.svg.txt"},
	{"web.config", "web.config.txt"},
	{"evil.html.zz", "evil_html.zz.txt"}, {"evil.html.fr", "evil_html.fr.txt"}, {"x.xht.x", "x_xht.x.txt"},
	{"x.html.gz", "x_html.gz"},
	{"x.html.html", "x_html.html.txt"}, {"x.svg.png", "x_svg.png"}, {"x.html.", "x.html.txt"},
	{"x.html. .", "x.html.txt"}, {"x.html~", "x.html~.txt"},
	{"shell.php", "shell_php.txt"}, {"shell.php.jpg", "shell_php.jpg"}, {"x.php.txt", "x_php.txt"},
	{"x.PhP5.bak", "x_PhP5.bak.txt"}, {"x.php~", "x_php~.txt"},
	{"file.phtml.bak", "file_phtml.bak.txt"}, {"a.svgz", "a_svgz.txt"}, {"x.shtml.en", "x_shtml.en.txt"},
	{"x.shtml", "x_shtml.txt"},
	{".htaccess", "htaccess"}, {"x.htaccess", "x_htaccess.txt"}, {".user.ini", "user.ini"},
	{"x.asp;.jpg", "x_asp;.jpg"}, {"x.asp;a.jpg", "x_asp;a.jpg"},
	{"x.cgi.jpg", "x_cgi.jpg"}, {"x.jsp.", "x_jsp.txt"}, {"x.jspx . ", "x_jspx.txt"}, {"x.var", "x_var.txt"},
	{"x.html.var.en", "x_html_var.en.txt"},
	{"x.asis", "x_asis.txt"}, {"x.map.gif", "x_map.gif"}, {"x.ſhtml.de", "x_ſhtml.de.txt"}, {"x.ｈｔｍｌ", "x.ｈｔｍｌ.txt"},
	{"x．html．zz", "x_html．zz.txt"},
	{"x。php", "x_php.txt"}, {"x.php\u200b.jpg", "x_php.jpg"}, {"x.p\u00adhp.jpg", "x_php.jpg"},
	{"x.php\x00.jpg", "x_php.jpg"}, {"x.php .jpg", "x_php.jpg"}, {"x.php%00.jpg", "x_php%00.jpg"},
	{"x.html.ｐhp.png", "x_html_ｐhp.png"}, {"html.php", "html_php.txt"}, {"x..php..jpg", "x._php.jpg"},
	{"x.html::$DATA", "x.html__$DATA"},
	// Harmless ones keep their names.
	{"report.v1.2.pdf", "report.v1.2.pdf"}, {"data.tar.gz", "data.tar.gz"}, {"README", "README"},
	{"notes.2024", "notes.2024"}, {"data.agcx", "data.agcx"},
	{"sheet.csv", "sheet.csv"}, {"plan.html.txt", "plan.html.txt"}, {"x.svg.txt", "x.svg.txt"},
	{"bericht.de.pdf", "bericht.de.pdf"}, {"informe.es.docx", "informe.es.docx"},
	{"html notes.docx", "html notes.docx"}, {"php", "php"}, {"html", "html"},
	{"phpinfo output.txt", "phpinfo output.txt"}, {"报告。最终.pdf", "报告。最终.pdf"}, {"aspect.png", "aspect.png"},
	{"wide.aspect.png", "wide.aspect.png"}, {"chain.cer", "chain.cer"}, {"photo.JPG", "photo.JPG"},
	{"setup.ini", "setup.ini"}, {"site.kml", "site.kml"}, {"memo.htm-draft.docx", "memo.htm-draft.docx"},
}

func TestPublishedNames(t *testing.T) {
	for _, c := range activeNames {
		got := Published(FileName(c.name))
		if got != c.want {
			t.Errorf("%q is published as %q, want %q", c.name, got, c.want)
		}
		if again := Published(FileName(got)); again != got {
			t.Errorf("%q, published, is published as %q", got, again)
		}
	}
}

// Each ending for which this machine knows an active type is one of the parts that count,
// alone, in the middle and in capitals.
func TestActiveEndings(t *testing.T) {
	f, err := os.Open("/etc/mime.types")
	if err != nil {
		t.Skipf("no table of types: %v", err)
	}
	defer f.Close()
	ordinary := []string{"es"} // Spanish, to Apache too
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) < 2 || !exporttest.ActiveType.MatchString(words[0]) {
			continue
		}
		for _, ending := range words[1:] {
			n++
			if slices.Contains(ordinary, ending) {
				continue
			}
			for _, name := range []string{"x." + ending, "x." + strings.ToUpper(ending), "x." + ending + ".zz",
				"x." + ending + ".fr.bak", "x.a." + ending + ".gz"} {
				if got := Published(name); got == name {
					t.Errorf("%s: %s keeps its name", words[0], name)
				}
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d endings: the test looks at the wrong place", n)
	}
}

// Whatever parts a name has, in whatever order, Apache makes no page and no program of it.
func TestActiveAnywhere(t *testing.T) {
	parts := []string{"html", "HTM", "xht", "svg", "php", "phtml", "Cgi", "jsp", "shtml", "svgz", "var", "asp;", "en",
		"gz", "bak", "jpg", "txt", "zz", "x y", "", "html~", "ſhtml"}
	for _, a := range parts {
		for _, b := range parts {
			for _, c := range parts {
				name := Published(FileName("x." + a + "." + b + "." + c))
				if exporttest.ServedActive(name) {
					t.Fatalf("%s.%s.%s is published as %q", a, b, c, name)
				}
			}
		}
	}
}
