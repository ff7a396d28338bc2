package markdown

import (
	"fmt"
	"maps"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"
)

// wordless are the elements of which readers see no text, or another one.
var wordless = setOf(`ac:default-parameter ac:parameter ac:placeholder ac:property style script col ac:adf-attribute
	ac:adf-parameter ac:adf-parameter-value ac:adf-fragment-mark-detail ac:adf-fragment-mark ac:adf-mark
	ac:adf-fallback ac:task-id ac:task-uuid ac:task-status at:declarations wbr br hr img math svg ac:macro
	ac:structured-macro fab:adf fab:display-type fab:placeholder-url ac:emoticon ac:hipchat-emoticon details`)

// pairs are elements with those that belong right within them.
var pairs = strings.Fields(`ul>li ol>li ul>ul ol>ul ac:task-list>ac:task ac:task-list>ac:task-list ac:task>ac:task-body
	ac:task-body>p table>tbody table>tr tbody>tr tr>td td>ul dl>dd dl>dt li>p li>ul p>strong blockquote>p a>span
	ac:layout>ac:layout-section ac:layout-section>ac:layout-cell ac:link>ac:link-body`)

// nodes are types of nodes of the new editor.
var nodes = strings.Fields(`panel decision-list decision-item multi-bodied-extension expand nested-expand sync-block
	bodied-sync-block extension inline-extension bodied-extension task-list extension-frame nobody-knows`)

// maker makes bodies in which anything stands in anything, each text of them a word of its own.
type maker struct {
	*rand.Rand
	elements, macros []string
	lines            bool // elements stand on lines of their own
	words            int
}

func (m *maker) one(of []string) string { return of[m.Intn(len(of))] }

func (m *maker) in(tag, body string) string {
	name, _, _ := strings.Cut(tag, " ")
	return "<" + tag + ">" + body + "</" + name + ">"
}

// body makes some parts, the deepest within so many others.
func (m *maker) body(depth int) string {
	between, all := "", ""
	if m.lines {
		between = "\n"
	}
	for range 1 + m.Intn(3) {
		all += between + m.part(depth)
	}
	return all + between
}

func (m *maker) part(depth int) string {
	if depth == 0 || m.Intn(6) == 0 {
		m.words++
		return fmt.Sprintf("wq%dz", m.words)
	}
	switch depth--; m.Intn(6) {
	case 0:
		return m.in(m.one(m.elements), m.body(depth))
	case 1:
		return m.in(fmt.Sprintf(`ac:structured-macro ac:name="%s"`, m.one(m.macros)),
			m.in("ac:rich-text-body", m.body(depth)))
	case 2:
		held := m.body(depth)
		switch m.Intn(4) {
		case 0:
			held = m.in("ac:adf-content", held)
		case 1:
			held = m.in("ac:adf-content", m.in("ac:adf-extension-frame", held))
		case 2:
			held = m.in(fmt.Sprintf(`ac:adf-node type="%s"`, m.one(nodes)), m.in("ac:adf-content", held))
		}
		return m.in("ac:adf-extension", m.in(fmt.Sprintf(`ac:adf-node type="%s"`, m.one(nodes)), held))
	case 3:
		return m.in("ac:adf-extension", fmt.Sprintf(`<ac:adf-node type="%s"/>`, m.one(nodes))+
			m.in("ac:adf-fallback", m.body(depth)))
	}
	outer, inner, _ := strings.Cut(m.one(pairs), ">")
	return m.in(outer, m.in(inner, m.body(depth))+m.in(m.one([]string{inner, outer}), m.body(depth)))
}

// TestKept: wherever a word stands, in whatever stands in whatever, on one line or on many, the page has it. AGC_LONG
// tries twenty times as many.
func TestKept(t *testing.T) {
	m := maker{macros: append(slices.Sorted(maps.Keys(macros)), "nobody-knows")}
	for name := range elements {
		if !wordless[name] {
			m.elements = append(m.elements, name)
		}
	}
	slices.Sort(m.elements)
	tries := 5000
	if os.Getenv("AGC_LONG") != "" {
		tries *= 20
	}
	for seed := range tries {
		m.Rand, m.words = rand.New(rand.NewSource(int64(seed))), 0
		m.lines = m.Intn(2) == 0
		src := m.body(1 + m.Intn(3))
		md, _ := Convert([]byte(src), testPage, newFake())
		for i := range m.words {
			if !strings.Contains(string(md), fmt.Sprintf("wq%dz", i+1)) {
				t.Errorf("of\n%s\nthe word wq%dz is not in\n%s", src, i+1, md)
				break
			}
		}
		if t.Failed() && seed > 200 {
			return
		}
	}
}
