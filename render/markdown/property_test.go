package markdown

import (
	"strings"
	"testing"
)

// The layouts in which authors keep page properties, and what reports show of them.
func TestProperties(t *testing.T) {
	row := func(cells ...string) string {
		var b strings.Builder
		for _, c := range cells {
			name := "td"
			if text, ok := strings.CutPrefix(c, "#"); ok {
				name, c = "th", text
			}
			b.WriteString("<" + name + ">" + c + "</" + name + ">")
		}
		return "<tr>" + b.String() + "</tr>"
	}
	table := func(rows ...string) string { return "<table><tbody>" + strings.Join(rows, "") + "</tbody></table>" }
	headed := func(head string, rows ...string) string {
		return "<table><thead>" + head + "</thead><tbody>" + strings.Join(rows, "") + "</tbody></table>"
	}
	for name, c := range map[string]struct{ body, want string }{
		"a row each":           {body: table(row("#A", "1"), row("#B", "2")), want: "A=1 B=2"},
		"a row each, plain":    {body: table(row("A", "1"), row("B", "2"), row("C", "3")), want: "A=1 B=2 C=3"},
		"a row":                {body: table(row("#A", "1")), want: "A=1"},
		"two rows":             {body: table(row("#A", "#B"), row("1", "2")), want: "A=1 B=2"},
		"two rows of three":    {body: table(row("#A", "#B", "#C"), row("1", "2", "3")), want: "A=1 B=2 C=3"},
		"plain rows of three":  {body: table(row("A", "B", "C"), row("1", "2", "3")), want: "A=1 B=2 C=3"},
		"rows with two values": {body: table(row("#A", "1", "x"), row("#B", "2", "y")), want: "A=1 B=2"},
		"head":                 {body: headed(row("#A", "#B"), row("1", "2")), want: "A=1 B=2"},
		"head of plain cells":  {body: headed(row("A", "B"), row("1", "2")), want: "A=1 B=2"},
		"head above a row each": {body: headed(row("#Key", "#Value"), row("#A", "1"), row("#B", "2")),
			want: "A=1 B=2"},
		"head above several": {body: headed(row("#A", "#B", "#C"), row("1", "2", "3"), row("4", "5", "6")),
			want: "A=1 B=2 C=3"},
		"headings on the right": {body: table(row("1", "#A"), row("2", "#B")), want: "A=1 B=2"},
		"one, on the right":     {body: table(row("1", "#A")), want: "A=1"},
		"right, of three":       {body: table(row("1", "#A"), row("2", "#B"), row("3", "#C")), want: "A=1 B=2 C=3"},
		"a column of numbers":   {body: table(row("1", "#A", "x"), row("2", "#B", "y")), want: "A=x B=y"},
		"numbers of the former editor": {body: `<table><tbody><tr><td class="numberingColumn">1</td><td>A</td>` +
			`<td>x</td></tr><tr><td class="numberingColumn">2</td><td>B</td><td>y</td></tr></tbody></table>`,
			want: "A=x B=y"},
		"pairs beside pairs": {body: table(row("#A", "1", "#B", "2"), row("#C", "3", "#D", "4")), want: "A=1 C=3"},
		"keys without ink": {body: table(row("#\u200bA\ufeff", "1"), row("#B\u00a0\u00ad", "2")),
			want: "A=1 B=2"},
		"one column":             {body: table(row("#A"), row("1")), want: "A=1"},
		"one column, several":    {body: table(row("#A"), row("1"), row("#B"), row("2")), want: "A=1 B=2"},
		"one column with a head": {body: headed(row("#A"), row("1")), want: "A=1"},
		"tables": {body: table(row("#A", "#B"), row("1", "2")) + table(row("#C", "3")),
			want: "A=1 B=2 C=3"},
		"a table in a cell": {body: table(row("#A", "1"), row("#B", table(row("#X", "9"), row("#Y", "8")))),
			want: "A=1 B=X9Y8"},
		"in a layout": {body: "<div><p>x</p><div>" + table(row("#A", "#B"), row("1", "2")) + "</div></div>",
			want: "A=1 B=2"},
		"short rows":   {body: table(row("#A", "#B", "#C"), row("1")), want: "A=1"},
		"an empty row": {body: table("<tr></tr>", row("#A", "1")), want: "A=1"},
		"nothing":      {body: "<p>x</p>"},
	} {
		t.Run(name, func(t *testing.T) {
			body := `<ac:structured-macro ac:name="details"><ac:rich-text-body>` + c.body +
				`</ac:rich-text-body></ac:structured-macro>`
			keys, values := newResolver(testPage, newFake()).propertiesOf(body, "")
			var got []string
			for _, k := range keys {
				got = append(got, k+"="+contentOf(values[k]))
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("%s holds %q, want %q", c.body, s, c.want)
			}
		})
	}
}
