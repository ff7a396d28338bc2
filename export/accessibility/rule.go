// Package accessibility finds what only authors can mend of what keeps people with disabilities from a page: Section
// 508 asks for it by the success criteria of WCAG. It reads the storage format in the mirror, as they wrote it, and
// tells kinds, numbers and places, never text of a page.
//
// What lies where: rule.go the rules; find.go holds a page against them; report.go asks a mirror and writes tables;
// page.go the page for a browser.
package accessibility

// Rule is something that a page shall not have.
type Rule struct {
	Name      string // in tables
	Criteria  string // the success criteria of WCAG 2.1 that it breaks, by number
	Words     string // what is wrong
	Place     string // what its places are counted among
	Mend      string // how authors mend it in Confluence's editor
	Judgement bool   // a person has to judge whether it is wrong
}

// rules are all, in the order in which they are told. A new one has a line here, a case in find.go and a pair in
// testdata.
var rules = []Rule{
	{Name: "picture-text", Criteria: "1.1.1", Words: "Picture without a text", Place: "picture",
		Mend: "Select the picture, choose Alt text, and say in a few words what it shows."},
	{Name: "picture-file-name", Criteria: "1.1.1", Words: "Picture whose text is the name of a file", Place: "picture",
		Mend: "Select the picture, choose Alt text, and say what it shows in the place of the file's name."},
	{Name: "heading-skipped", Criteria: "1.3.1", Words: "Heading that skips a level", Place: "heading",
		Mend: "Put the cursor into the heading and choose the level right below that of the heading over it."},
	{Name: "heading-empty", Criteria: "1.3.1, 2.4.6", Words: "Heading without words", Place: "heading",
		Mend: "Make the empty line a paragraph (Normal text), or delete it."},
	{Name: "table-heads", Criteria: "1.3.1", Words: "Table without heads", Place: "table",
		Mend: "Put the cursor into the table and turn Header row or Header column on in Table options."},
	{Name: "link-empty", Criteria: "2.4.4, 4.1.2", Words: "Link without words", Place: "link",
		Mend: "Give the link a text in Edit link, or remove it."},
	{Name: "link-vague", Criteria: "2.4.4", Words: "Link that does not say where it leads", Place: "link",
		Judgement: true,
		Mend:      "Choose Edit link and name in its text what one finds there, such as the page's title."},
}

// vague are texts of links that tell nothing without what stands around them, in lower case, without marks at the ends.
var vague = map[string]bool{
	"here": true, "click here": true, "click": true, "see here": true, "this": true, "this link": true,
	"this page": true, "link": true, "more": true, "read more": true, "see more": true, "learn more": true,
	"more info": true, "more information": true, "details": true, "go": true, "see": true, "page": true,
	"follow this link": true, "click this link": true, "right here": true, "over here": true, "download here": true,
	"hier": true, "hier klicken": true, "klicken sie hier": true, "siehe hier": true, "mehr": true, "mehr lesen": true,
	"weiterlesen": true, "mehr erfahren": true, "dieser link": true, "diese seite": true,
	"aquí": true, "haga clic aquí": true, "leer más": true, "más": true, "más información": true,
	"ici": true, "cliquez ici": true, "en savoir plus": true, "lire la suite": true,
}
