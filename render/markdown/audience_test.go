package markdown

import (
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"testing"
)

// Which names say that some readers only see the macro's body.
func TestAudienceNames(t *testing.T) {
	for _, name := range strings.Fields(`show-if hide-if showif hide_if visibility-show-if visibility-hide-if show-to
		hide-from hidefrom show-for-group hide-for visible-to hidden-from display-if content-visibility visibility
		user-visibility restricted restricted-content content-restriction secure secure-content securemacro secret
		secret-text confidential private-note protected-content permission-based redacted redaction encrypt
		encrypted-text cryptography password password-protected authenticated-only logged-in loggedin group-only
		role-based only-for-group members-only conditional-content conditionaltext limited-access access-control
		audience`) {
		if !forSome(name) {
			t.Errorf("%s shows to all", name)
		}
	}
	for _, name := range strings.Fields(`scroll-only scroll-ignore scroll-restricted sv-conditional-content
		sv-translation toc info expand hide-toc hidetitle show-title showcase show-labels security-level hidden-data
		display-iframe group userlister content-by-user accessibility`) {
		if forSome(name) {
			t.Errorf("%s shows to some only", name)
		}
	}
	for name := range macros {
		if forSome(name) != conditions[name] {
			t.Errorf("%s has a row of its own and shows to some only: %v", name, forSome(name))
		}
	}
}

// Whatever the pattern takes its stems let through.
func TestAudienceStems(t *testing.T) {
	pattern, err := syntax.Parse(audiences.String(), syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		if name := matchOf(pattern, dice); !audiences.MatchString(name) || !speaksOfReaders(name) {
			t.Fatalf("%q is not looked at", name)
		}
	}
}

// matchOf returns a text that a pattern of literals, classes, choices and options takes.
func matchOf(re *syntax.Regexp, dice *rand.Rand) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		i := 2 * dice.IntN(len(re.Rune)/2)
		return string(re.Rune[i] + dice.Int32N(min(re.Rune[i+1]-re.Rune[i], 100)+1))
	case syntax.OpAlternate:
		return matchOf(re.Sub[dice.IntN(len(re.Sub))], dice)
	case syntax.OpQuest:
		if dice.IntN(2) == 0 {
			return ""
		}
	}
	all := ""
	for _, sub := range re.Sub {
		all += matchOf(sub, dice)
	}
	return all
}

// withholdBody has a word of each kind that only some readers see, all with the canary.
const withholdBody = `<h2>Open</h2><p>Before</p><ac:structured-macro ac:name="show-if">` +
	`<ac:parameter ac:name="group">zqgroup</ac:parameter><ac:rich-text-body><h2>zqheading</h2>` +
	`<p title="zqtitle">zqwords &amp; <b>zqbold</b><br/></p><ac:structured-macro ac:name="excerpt">` +
	`<ac:rich-text-body><p>zqexcerpt</p></ac:rich-text-body></ac:structured-macro>` +
	`<ac:structured-macro ac:name="code"><ac:plain-text-body>` +
	`<![CDATA[zqcode </ac:structured-macro>]]></ac:plain-text-body></ac:structured-macro>` +
	`<!-- zqcomment --></ac:rich-text-body></ac:structured-macro><p>After</p>`

// However a body is broken behind the start of such a part, nothing of the part is left.
func TestWithholdBroken(t *testing.T) {
	const canary = "zq"
	page := testPage
	page.Guarded = true
	check := func(what, body string) {
		t.Helper()
		md, losses := Convert([]byte(body), page, newFake())
		if strings.Contains(string(md), canary) || !strings.Contains(string(md), leftOut) || len(losses) == 0 {
			t.Errorf("%s: %v\nin: %s\nout: %s", what, losses, body, md)
		}
		w := Withhold(body)
		if w == nil || strings.Contains(w.Body, canary) || len(w.Body) != len(body) {
			t.Errorf("%s: withheld %+v", what, w)
		} else if again := Withhold(w.Body); again != nil && again.Body != w.Body {
			t.Errorf("%s: a second time takes more out: %s", what, again.Body)
		}
	}
	check("whole", withholdBody)
	from := strings.Index(withholdBody, "zqgroup")
	to := strings.LastIndex(withholdBody, "<p>After")
	for i := from; i < to; i++ {
		check("cut short", withholdBody[:i])
		for _, tag := range []string{"</ac:structured-macro>", "</ac:rich-text-body>", "</p>", "<table><td>",
			"<ac:structured-macro ac:name=\"info\">", "<ac:parameter ac:name=\"x\">", "<"} {
			if strings.HasPrefix(withholdBody[i:], "<") {
				check("with "+tag, withholdBody[:i]+tag+withholdBody[i:])
			}
		}
	}
}

// What stands in such a part is no piece of the page and no place in it.
func TestWithholdPieces(t *testing.T) {
	if Withhold("<p>Open.</p>") != nil {
		t.Error("something is left out of an open page")
	}
	body := withholdBody + `<ac:structured-macro ac:name="excerpt"><ac:parameter ac:name="name">open</ac:parameter>` +
		`<ac:rich-text-body><p>Open excerpt</p></ac:rich-text-body></ac:structured-macro>`
	w := Withhold(body)
	var all string
	for _, kind := range []string{PieceExcerpt, PieceProperties, PieceTask, PieceDecision} {
		for _, p := range Pieces(w.Body, kind) {
			all += p.Source
		}
	}
	if strings.Contains(all, "zq") || !strings.Contains(all, "Open excerpt") {
		t.Errorf("pieces: %s", all)
	}
	page := testPage
	page.Guarded = true
	places := Anchors([]byte(body), page, newFake())
	if _, ok := places.Lookup("zqheading"); ok {
		t.Error("a heading that is left out is a place of the page")
	}
	if _, ok := places.Lookup("Open"); !ok {
		t.Error("an open heading is no place of the page")
	}
}
