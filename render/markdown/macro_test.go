package markdown

import (
	"regexp"
	"strings"
	"testing"
)

// What a row says of a macro holds together.
func TestRows(t *testing.T) {
	for name, m := range macros {
		if m.run == nil {
			t.Errorf("%s does nothing", name)
		}
		if m.joins && !m.inline {
			t.Errorf("%s shows letters of a word, but stands for none", name)
		}
		if strings.Contains(name, "inline") && !m.inline {
			t.Errorf("%s says of itself that it is inline", name)
		}
		signed := m.piece == ""
		for _, sign := range pieceSigns[m.piece] {
			signed = signed || strings.Contains(name, sign)
		}
		if !signed {
			t.Errorf("Pieces looks at no body for %s alone", name)
		}
		if name != strings.ToLower(name) {
			t.Errorf("%s is found in lower case only", name)
		}
	}
}

// Whatever a macro is and whichever of its parameters holds it: what is no address, or one that
// runs something, becomes no link and no picture.
func TestParametersBecomeNoLinks(t *testing.T) {
	names := strings.Fields("url page name file link href src user space image location diagramUrl key title")
	bad := regexp.MustCompile(`\]\((?:javascript|no%20)|(?:href|src)="(?:javascript|no )`)
	for macro := range macros {
		var b strings.Builder
		for _, name := range append(names, "") {
			for _, value := range []string{"javascript:run()", "no address"} {
				for _, form := range []string{value, `<ri:url ri:value="` + value + `"/>`} {
					b.WriteString(`<ac:structured-macro ac:name="` + macro + `"><ac:parameter ac:name="` + name + `">` +
						form +
						`</ac:parameter></ac:structured-macro>`)
				}
			}
		}
		md, _ := Convert([]byte(b.String()), testPage, newFake())
		if found := bad.Find(md); found != nil {
			t.Errorf("%s makes %q of its parameters", macro, found)
		}
	}
}
